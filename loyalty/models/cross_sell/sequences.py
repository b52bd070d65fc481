"""Sequence rules: products that customers first buy within some days of their first purchase of another.

A "basket" here is a day on which a customer buys something for the first time, if enough days of data follow. It
holds A if A is new on that day, and B if the customer first buys B on one of the days after. As a customer buys a
product for the first time only once, counts are of different customers.

The count expected by chance is taken from the days on which the customer does not own B yet, within each month
and channel, and summed (Mantel & Haenszel 1959): otherwise a product that was new in a month, or sold in one
channel only, would seem to follow everything of that month or channel.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix
from scipy.special import pdtrc

from loyalty.columns import Floats, Ints, Texts
from loyalty.measure.significance import q_values
from loyalty.models.cross_sell.pairs import count_for_most_pairs
from loyalty.models.cross_sell.rules import MAX_Q, MIN_CUSTOMERS, Rule, RuleSet, rank_rules
from loyalty.models.cross_sell.significance import lift_low, shrunk_lift
from loyalty.words import N_, Message

DAYS = 60
EPOCH = dt.date(1970, 1, 1)
BLOCK = 20_000  # rows whose products are multiplied at once
NO_SEQUENCES = N_(
    "No product was followed by another within {days} days for {count} or more customers yet, so there is "
    "nothing to suggest."
)


@dataclass(frozen=True)
class FirstPurchases:
    """Days with a first purchase × products: what is new on the day, new on the days after it, and owned.

    `now`, `later`, `owned`: sparse, 0 and 1, shape (days, products); `owned` includes the day itself. `names` of
    the products; `day`: of each row, as days since 1970; `stratum`: a number for each row's month and channel.
    """

    names: Texts
    now: csr_matrix
    later: csr_matrix
    owned: csr_matrix
    day: Ints
    stratum: Ints

    def since(self, day: dt.date) -> FirstPurchases:
        """The rows from `day` on."""
        rows = self.day >= (day - EPOCH).days
        now, later, owned = self.now[rows], self.later[rows], self.owned[rows]
        return FirstPurchases(self.names, now, later, owned, self.day[rows], self.stratum[rows])

    def expected(self, left: Ints, right: Ints) -> Floats:
        """Expected number of rows with product `left` that are followed by `right`, shape (pairs,).

        In each stratum: rows with `left` whose customer does not own `right` yet × the share of all such rows
        that are followed by it.
        """
        if not len(left):
            return np.zeros(0)
        member = csr_matrix((np.ones(len(self.day)), (self.stratum, np.arange(len(self.day)))))
        a, b, owned = ((member @ table).toarray() for table in (self.now, self.later, self.owned))
        rate = b / np.maximum(np.asarray(member.sum(axis=1)) - owned, 1)
        total = sum(
            (a_s[left] * rate_s[right] for a_s, rate_s in zip(a, rate, strict=True)), np.zeros(len(left))
        )
        for start in range(0, len(self.day), BLOCK):
            block = self.owned[start : start + BLOCK].tocoo()
            risk = rate[self.stratum[start + block.row], block.col]
            weighted = csr_matrix((risk, (block.row, block.col)), shape=block.shape)
            total -= np.asarray((self.now[start : start + BLOCK].T @ weighted).tocsr()[left, right]).ravel()
        return np.maximum(total, 0.0)

    def outcome(self, rule: Rule) -> tuple[float, int]:
        """Rows with the rule's antecedent that are followed by its consequent: expected by chance, and actual."""
        column = {name: at for at, name in enumerate(self.names)}
        if not len(self.day) or rule.antecedent[0] not in column or rule.consequent not in column:
            return 0.0, 0
        pair = [column[rule.antecedent[0]], column[rule.consequent]]
        pair_table = FirstPurchases(
            self.names[pair],
            self.now[:, pair],
            self.later[:, pair],
            self.owned[:, pair],
            self.day,
            self.stratum,
        )
        both = pair_table.now[:, [0]].multiply(pair_table.later[:, [1]])
        return float(pair_table.expected(np.array([0]), np.array([1]))[0]), int(both.sum())


def mine_sequences(
    baskets: pd.DataFrame,
    days: int = DAYS,
    min_count: int | None = None,
    min_confidence: float = 0.0,
    all_rules: bool = False,
) -> RuleSet:
    """Mine rules "bought A, then B within `days` days", one product on each side.

    Support and confidence are shares of the days described above; lift is count ÷ expected by chance. Kept are
    rules with a lift above 1, five customers, and a Poisson tail that passes a false-discovery rate of 5 %.

    Args:
        baskets: dated BASKETS of customer-days.
        days: the window.
        min_count: least customers behind a rule; None: 5, or more where that leaves over 300 pairs.
        min_confidence: in [0, 1].
        all_rules: without the filters for chance.
    """
    firsts = index_first_purchases(baskets, days)
    both = (firsts.now.T @ firsts.later).tocoo()
    different = both.row != both.col
    least = count_for_most_pairs(both.data[different]) if min_count is None else max(min_count, 1)
    shown = different & (both.data >= least)
    rules = _pair_rules(firsts, both.row[shown], both.col[shown], both.data[shown].astype(np.int64))
    note = None if len(rules) else Message(NO_SEQUENCES, {"count": least, "days": days})
    if not all_rules:
        rules = rules[(rules["lift"] > 1) & (rules["q_value"] <= MAX_Q) & (rules["count"] >= MIN_CUSTOMERS)]
    rules = rules[rules["confidence"] >= min_confidence]
    return RuleSet(len(firsts.day), least / max(len(firsts.day), 1), note, rank_rules(rules))


def _pair_rules(firsts: FirstPurchases, left: Ints, right: Ints, count: Ints) -> pd.DataFrame:
    """Pairs of products as rules, with the columns of `Rule`."""
    a, n = np.asarray(firsts.now.sum(axis=0)).ravel()[left], max(len(firsts.day), 1)
    expected = np.maximum(firsts.expected(left, right), 1e-9)
    return pd.DataFrame(
        {
            "antecedent": pd.Series([(str(name),) for name in firsts.names[left]], dtype=object),
            "consequent": pd.Series([str(name) for name in firsts.names[right]], dtype=object),
            "support": count / n,
            "confidence": count / a,
            "lift": count / expected,
            "count": count,
            "lift_low": lift_low(count, a, expected * n / a, n),
            "q_value": q_values(pdtrc(count - 1.0, expected)),
            "shrunk_lift": shrunk_lift(count, expected),
            "customers": pd.array(count, dtype="Int64"),
        }
    )


def index_first_purchases(baskets: pd.DataFrame, days: int = DAYS) -> FirstPurchases:
    """Build `FirstPurchases`; days that are not followed by `days` days of data are left out."""
    firsts = _firsts(baskets)
    if not len(firsts):
        no_matrix, no_rows = csr_matrix((0, 0)), np.zeros(0, dtype=np.int64)
        return FirstPurchases(np.zeros(0, dtype=object), no_matrix, no_matrix, no_matrix, no_rows, no_rows)
    product, names = pd.factorize(firsts["product"])
    customer, _ = pd.factorize(firsts["customer_id"])
    day, start, last = firsts["day"].to_numpy(), int(firsts["day"].min()), int(_days(baskets["at"]).max())
    width = last - start + days + 2
    key = customer * width + day - start
    inside = day + days <= last
    rows, first = np.unique(key[inside], return_index=True)
    day_row, end_row = np.searchsorted(rows, key), np.searchsorted(rows, (customer + 1) * width)
    start_row = np.searchsorted(rows, key - np.minimum(day - start, days))
    shape = (len(rows), len(names))
    return FirstPurchases(
        np.asarray(names, dtype=object),
        _ones(day_row[inside], day_row[inside] + 1, product[inside], shape),
        _ones(start_row, day_row, product, shape),
        _ones(day_row, end_row, product, shape),
        day[inside][first],
        firsts["stratum"].to_numpy()[inside][first],
    )


def _ones(since: Ints, until: Ints, columns: Ints, shape: tuple[int, int]) -> csr_matrix:
    """A sparse table of 0 and 1: in each of `columns`, the rows from `since` to before `until`."""
    times = until - since
    rows = np.repeat(since - (np.cumsum(times) - times), times) + np.arange(int(times.sum()))
    return csr_matrix((np.ones(len(rows)), (rows, np.repeat(columns, times))), shape)


def _firsts(baskets: pd.DataFrame) -> pd.DataFrame:
    """Each customer's first purchase of each product: customer_id, product, day (since 1970), stratum."""
    purchases = baskets.dropna(subset=["customer_id", "product"])
    purchases = purchases.assign(day=_days(purchases["at"])).sort_values("day", kind="stable")
    firsts = purchases.drop_duplicates(["customer_id", "product"])
    month = firsts["at"].dt.year * 12 + firsts["at"].dt.month
    channel = firsts["channel"].astype(str) if "channel" in firsts.columns else pd.Series("", firsts.index)
    stratum, _ = pd.factorize(pd.MultiIndex.from_arrays([month, channel]))
    return firsts.assign(stratum=stratum)[["customer_id", "product", "day", "stratum"]]


def _days(at: pd.Series) -> Ints:
    """Times as days since 1970."""
    return np.asarray(at.to_numpy().astype("datetime64[D]").astype(np.int64))
