"""The status of a customer: exactly one of new, active, due, overdue, lapsed or bought once.

Decided by the days since the last order, by the customer's own gaps between orders and the shop's, and by P(still a
customer). That chance comes from one model everywhere, MBG/NBD (Batislam, Denizel & Filiztekin 2007), as BG/NBD
assumes that no customer leaves before a second order. `docs/definitions.md` has the rules in plain language.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from loyalty.columns import Flags, Floats, Ints, Texts
from loyalty.purchase_model import expectations
from loyalty.purchase_model.fit import Fit, fit, rows_of
from loyalty.purchase_model.histories import WEEK, Histories, PurchaseDays, day_number, histories
from loyalty.purchase_model.minimum_data import missing_data
from loyalty.purchase_model.model import MBG_NBD
from loyalty.words import N_, Message

NEW, ACTIVE, DUE, OVERDUE, LAPSED, ONCE = "new", "active", "due", "overdue", "lapsed", "once"
#: What each status is called, in the order of a customer's life.
STATUSES: Mapping[str, str] = {
    NEW: N_("New"),
    ACTIVE: N_("Active"),
    DUE: N_("Due"),
    OVERDUE: N_("Overdue"),
    LAPSED: N_("Lapsed"),
    ONCE: N_("Bought once"),
}
COLUMNS = ["customer_id", "status", "days_since", "due_days", "usual_gap_days", "p_alive"]

DUE_SHARE = 0.5  # of repeat orders that come sooner than the window in which the next one is expected
LATE_SHARE = 0.8  # of repeat orders that come sooner than the usual gap
SHRINKAGE = 3.0  # gaps of the shop's that a customer's own mean is weighed against
LESS_LIKELY = 0.9  # of the chance of an order that there was right after the last one
STILL_A_CUSTOMER = 0.5
WITHOUT_GAPS_DAYS = 90.0  # the usual gap where no customer has bought on two days yet
LAPSED_GAPS = 3.0  # usual gaps without an order; counts only where no model can be fitted

BY_GAPS_ALONE = N_(
    "Too few orders to estimate who is still a customer, so this goes by the days since the last order alone."
)


@dataclass(frozen=True)
class CustomerStatuses:
    """`customers`: one row each, by id, with COLUMNS: `status` (a key of STATUSES); `days_since` the last order (int64);
    `due_days` and `usual_gap_days`: days within which half and four fifths of such a customer's repeat orders come
    (float64); `p_alive`: P(still a customer), NaN where no model can be fitted.

    `usual_gap_days`: the same of a customer who bought once, which is the shop's; `fit`: the model, None without one;
    `note`: why there is none.
    """

    as_of: dt.date
    customers: pd.DataFrame
    usual_gap_days: int
    fit: Fit | None
    note: Message | None

    def ids(self, *keys: str) -> frozenset[str]:
        """The customers with one of these statuses."""
        return frozenset(self.customers.loc[self.customers["status"].isin(keys), "customer_id"])

    @property
    def counts(self) -> dict[str, int]:
        """How many customers have each status; all of STATUSES are there."""
        counts = self.customers["status"].value_counts()
        return {key: int(counts.get(key, 0)) for key in STATUSES}


def customer_statuses(
    days: PurchaseDays,
    as_of: dt.date,
    customer_ids: pd.Series | None = None,
    history: Histories | None = None,
) -> CustomerStatuses:
    """The statuses at the end of `as_of`, from purchase days alone; later ones are left out.

    `customer_ids`: who is a customer (others may have nothing but a free sample, or nothing left after refunds); by
    default everyone with a purchase day. `history`: `histories(days, as_of)`, where it is computed already.
    """
    history = history if history is not None else histories(days, as_of)
    rows = rows_of(history)
    model_fit = fit(history, MBG_NBD) if missing_data(history) is None else None
    typical, due_ratio, late_ratio = _gaps(days, history, as_of)
    due_days, usual_gap_days = typical.by_customer * due_ratio, typical.by_customer * late_ratio
    days_since = np.round((history.T - history.t_x) * WEEK).astype(np.int64)
    p_alive = (
        expectations.p_alive(model_fit, rows)[rows.customer_row]
        if model_fit is not None
        else np.full(len(history), np.nan)
    )
    frame = pd.DataFrame(
        {
            "customer_id": history.customer_id,
            "status": _statuses(history, days_since, due_days, usual_gap_days, model_fit, p_alive),
            "days_since": days_since,
            "due_days": due_days,
            "usual_gap_days": usual_gap_days,
            "p_alive": p_alive,
        },
        columns=COLUMNS,
    )
    if customer_ids is not None:
        frame = frame[frame["customer_id"].isin(set(customer_ids))].reset_index(drop=True)
    shop_gap = int(np.ceil(typical.of_the_shop * late_ratio))
    note = Message(BY_GAPS_ALONE) if model_fit is None else None
    return CustomerStatuses(as_of, frame, shop_gap, model_fit, note)


def came_back_by_status(days: PurchaseDays, as_of: dt.date, within_days: int = 90) -> pd.DataFrame:
    """How many customers of each status bought again: status, customers, came_back (counts, int64).

    The statuses are those at the end of the day `within_days` before `as_of`; `came_back`: bought again by `as_of`.
    """
    cutoff = as_of - dt.timedelta(days=within_days)
    before = customer_statuses(days, cutoff).customers
    later = (days.day > day_number(cutoff)) & (days.day <= day_number(as_of))
    bought = before["customer_id"].isin(set(days.names[np.unique(days.customer[later])]))
    counts = before.assign(bought=bought).groupby("status")["bought"].agg(["size", "sum"])
    counts = counts.reindex(list(STATUSES), fill_value=0).astype("int64")
    return counts.rename(columns={"size": "customers", "sum": "came_back"}).reset_index(names="status")


@dataclass(frozen=True)
class _TypicalGaps:
    """Typical days between purchase days, of each customer, shape (n,), and of the shop."""

    by_customer: Floats
    of_the_shop: float


def _gaps(days: PurchaseDays, history: Histories, as_of: dt.date) -> tuple[_TypicalGaps, float, float]:
    """Typical gaps, and the multiples of them within which DUE_SHARE and LATE_SHARE of repeat orders come.

    A customer's own mean gap is shrunk to the shop's, the more the fewer gaps there are: with n gaps,
    (sum + SHRINKAGE x shop) / (n + SHRINKAGE). Every customer has the same weight, so that a few frequent buyers
    do not determine the quantiles.
    """
    before = days.day <= day_number(as_of)
    position = pd.Index(history.customer_id).get_indexer(pd.Index(days.names[days.customer[before]]))
    same = position[1:] == position[:-1]
    gap, customer = np.diff(days.day[before])[same].astype(np.float64), position[1:][same]
    number = np.bincount(customer, minlength=len(history)).astype(np.float64)
    total = np.bincount(customer, weights=gap, minlength=len(history))
    if not len(gap):
        default = _TypicalGaps(np.full(len(history), WITHOUT_GAPS_DAYS), WITHOUT_GAPS_DAYS)
        return default, DUE_SHARE / LATE_SHARE, 1.0
    repeats = number > 0
    shop = float(np.median(total[repeats] / number[repeats]))
    typical = (total + SHRINKAGE * shop) / (number + SHRINKAGE)
    due_ratio, late_ratio = _weighted_quantiles(
        gap / typical[customer], 1 / number[customer], (DUE_SHARE, LATE_SHARE)
    )
    return _TypicalGaps(typical, shop), due_ratio, late_ratio


def _weighted_quantiles(values: Floats, weights: Floats, shares: tuple[float, ...]) -> list[float]:
    """The least values up to which each share of the weight lies."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    places = np.searchsorted(reached, np.array(shares) * reached[-1])
    return [float(values[order][min(place, len(values) - 1)]) for place in places]


def _statuses(
    history: Histories,
    days_since: Ints,
    due_days: Floats,
    usual_gap_days: Floats,
    model_fit: Fit | None,
    p_alive: Floats,
) -> Texts:
    """The status of each customer, shape (n,)."""
    late = days_since > usual_gap_days
    if model_fit is None:
        lapsed, less_likely = days_since > LAPSED_GAPS * usual_gap_days, late
    else:
        lapsed, less_likely = (
            p_alive < STILL_A_CUSTOMER,
            _less_likely(history, usual_gap_days, model_fit, p_alive),
        )
    once = history.x == 0
    conditions = [once & ~late, once, lapsed, late & less_likely, days_since >= due_days]
    return np.select(conditions, [NEW, ONCE, LAPSED, OVERDUE, DUE], ACTIVE).astype(object)


def _less_likely(history: Histories, usual_gap_days: Floats, model_fit: Fit, p_alive: Floats) -> Flags:
    """Whether an order within the next usual gap has become clearly less likely than it was right after the last order."""
    model, theta, weeks = model_fit.model, model_fit.theta, usual_gap_days / WEEK
    x, t_x = history.x, history.t_x
    now = p_alive * (1 - model.p_none(theta, x, history.T, weeks))
    then = model.p_alive(theta, x, t_x, t_x) * (1 - model.p_none(theta, x, t_x, weeks))
    return np.asarray(now < LESS_LIKELY * then)
