"""What is bought next: products that customers buy for the first time within some days of a first purchase of another.

A "basket" is here a day on which a customer buys something for the first time, if enough days of data follow.
It holds A if A is new on it, and B if the customer first buys B on one of the days after. As everybody buys a
product for the first time once, counts are of different customers, not of the habits of a few.

What is to be expected by chance is counted among the days on which the customer does not have B yet, within
each month and channel, and then added up (Mantel & Haenszel 1959): a product that was new in a month, or that
one channel alone sells, would follow everything of that month or channel otherwise.
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
from loyalty.models.cross_sell.pairs import MAX_PAIRS, MIN_COUNT
from loyalty.models.cross_sell.rules import MAX_Q, MIN_CUSTOMERS, Rule, RuleSet, rank_rules
from loyalty.models.cross_sell.significance import lift_low, shrunk_lift
from loyalty.words import N_, Message

DAYS = 60
EPOCH = dt.date(1970, 1, 1)
BLOCK = 20_000  # rows whose products are multiplied at once
NOTHING = N_(
    "No product was followed by another within {days} days for {count} or more customers yet, so there is "
    "nothing to suggest."
)


@dataclass(frozen=True)
class FirstPurchases:
    """Days with a first purchase x products: what is new on the day itself, on the days after it, and what is had.

    `now`, `later`, `had`: sparse, 0 and 1, shape (days, products); `had` includes the day itself. `names` of
    the products; `day`: of each row, as days since 1970; `stratum`: a number for each row's month and channel.
    """

    names: Texts
    now: csr_matrix
    later: csr_matrix
    had: csr_matrix
    day: Ints
    stratum: Ints

    def since(self, day: dt.date) -> FirstPurchases:
        """The rows from `day` on."""
        kept = self.day >= (day - EPOCH).days
        now, later, had = self.now[kept], self.later[kept], self.had[kept]
        return FirstPurchases(self.names, now, later, had, self.day[kept], self.stratum[kept])

    def expected(self, left: Ints, right: Ints) -> Floats:
        """Rows that hold product `left` and are followed by `right` by chance, shape (pairs,).

        In each stratum: rows with `left` that do not have `right` yet x share of all that do not have it yet
        which are followed by it.
        """
        if not len(left):
            return np.zeros(0)
        member = csr_matrix((np.ones(len(self.day)), (self.stratum, np.arange(len(self.day)))))
        a, b, had = ((member @ table).toarray() for table in (self.now, self.later, self.had))
        rate = b / np.maximum(np.asarray(member.sum(axis=1)) - had, 1)
        total = sum(
            (a_s[left] * rate_s[right] for a_s, rate_s in zip(a, rate, strict=True)), np.zeros(len(left))
        )
        for start in range(0, len(self.day), BLOCK):
            block = self.had[start : start + BLOCK].tocoo()
            risk = rate[self.stratum[start + block.row], block.col]
            weighted = csr_matrix((risk, (block.row, block.col)), shape=block.shape)
            total -= np.asarray((self.now[start : start + BLOCK].T @ weighted).tocsr()[left, right]).ravel()
        return np.maximum(total, 0.0)

    def outcome(self, rule: Rule) -> tuple[float, int]:
        """Expected by chance, and seen: rows with the rule's antecedent that are followed by its consequent."""
        column = {name: at for at, name in enumerate(self.names)}
        if not len(self.day) or rule.antecedent[0] not in column or rule.consequent not in column:
            return 0.0, 0
        pair = [column[rule.antecedent[0]], column[rule.consequent]]
        own = FirstPurchases(
            self.names[pair],
            self.now[:, pair],
            self.later[:, pair],
            self.had[:, pair],
            self.day,
            self.stratum,
        )
        both = own.now[:, [0]].multiply(own.later[:, [1]])
        return float(own.expected(np.array([0]), np.array([1]))[0]), int(both.sum())


def mine_sequences(
    baskets: pd.DataFrame,
    days: int = DAYS,
    min_count: int | None = None,
    min_confidence: float = 0.0,
    all_rules: bool = False,
) -> RuleSet:
    """Rules "bought A, then B within `days` days", one product on each side, from dated BASKETS of customer-days.

    Support and confidence are shares of the days described above; lift is count ÷ expected by chance. Kept
    are rules with a lift above 1, five customers, and a Poisson tail that survives a false-discovery rate of
    5 %; `all_rules`: all. `min_count` None: 5, or more where that leaves over 300 pairs.
    """
    seen = index_first_purchases(baskets, days)
    both = (seen.now.T @ seen.later).tocoo()
    apart = both.row != both.col
    least = usual_count(both.data[apart]) if min_count is None else max(min_count, 1)
    kept = apart & (both.data >= least)
    rules = _judged(seen, both.row[kept], both.col[kept], both.data[kept].astype(np.int64))
    note = None if len(rules) else Message(NOTHING, {"count": least, "days": days})
    if not all_rules:
        rules = rules[(rules["lift"] > 1) & (rules["q_value"] <= MAX_Q) & (rules["count"] >= MIN_CUSTOMERS)]
    rules = rules[rules["confidence"] >= min_confidence]
    return RuleSet(len(seen.day), least / max(len(seen.day), 1), note, rank_rules(rules))


def usual_count(counts: Ints, most: int = MAX_PAIRS) -> int:
    """The least count at which no more than `most` pairs are left, never below 5."""
    ordered = np.sort(counts)[::-1]
    return max(MIN_COUNT, int(ordered[most]) + 1) if len(ordered) > most else MIN_COUNT


def _judged(seen: FirstPurchases, left: Ints, right: Ints, count: Ints) -> pd.DataFrame:
    """Pairs with the columns of a rule."""
    a, n = np.asarray(seen.now.sum(axis=0)).ravel()[left], max(len(seen.day), 1)
    expected = np.maximum(seen.expected(left, right), 1e-9)
    return pd.DataFrame(
        {
            "antecedent": pd.Series([(str(name),) for name in seen.names[left]], dtype=object),
            "consequent": pd.Series([str(name) for name in seen.names[right]], dtype=object),
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
    """See `FirstPurchases`; days that are not followed by `days` days of data are left out."""
    firsts = _firsts(baskets)
    if not len(firsts):
        empty, none = csr_matrix((0, 0)), np.zeros(0, dtype=np.int64)
        return FirstPurchases(np.zeros(0, dtype=object), empty, empty, empty, none, none)
    product, names = pd.factorize(firsts["product"])
    customer, _ = pd.factorize(firsts["customer_id"])
    day, start, last = firsts["day"].to_numpy(), int(firsts["day"].min()), int(_days(baskets["at"]).max())
    width = last - start + days + 2
    key = customer * width + day - start
    inside = day + days <= last
    rows, first = np.unique(key[inside], return_index=True)
    own, after = np.searchsorted(rows, key), np.searchsorted(rows, (customer + 1) * width)
    since = np.searchsorted(rows, key - np.minimum(day - start, days))
    shape = (len(rows), len(names))
    return FirstPurchases(
        np.asarray(names, dtype=object),
        _ones(own[inside], own[inside] + 1, product[inside], shape),
        _ones(since, own, product, shape),
        _ones(own, after, product, shape),
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
    known = baskets.dropna(subset=["customer_id", "product"])
    known = known.assign(day=_days(known["at"])).sort_values("day", kind="stable")
    firsts = known.drop_duplicates(["customer_id", "product"])
    month = firsts["at"].dt.year * 12 + firsts["at"].dt.month
    channel = firsts["channel"].astype(str) if "channel" in firsts.columns else pd.Series("", firsts.index)
    stratum, _ = pd.factorize(pd.MultiIndex.from_arrays([month, channel]))
    return firsts.assign(stratum=stratum)[["customer_id", "product", "day", "stratum"]]


def _days(at: pd.Series) -> Ints:
    """Times as days since 1970."""
    return np.asarray(at.to_numpy().astype("datetime64[D]").astype(np.int64))
