"""Who comes back, by cohort and group: Kaplan-Meier in bulk against one at a time, planted truths, luck left unnamed."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.measure.group_repurchase import compare_groups_with_rest
from loyalty.measure.repurchase import repurchase_by_cohort, repurchase_by_group
from loyalty.measure.retention import bought_again_within, kaplan_meier, waiting_days, within_days
from loyalty.measure.significance import q_values, share_difference_p_values
from tests.measure.test_retention import shop

AS_OF = dt.date(2025, 6, 30)


def made_up(
    seed: int, n: int = 400, groups: int = 8, lucky: float = 0.3
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Customers of two years, three in ten back within 90 days; those of group 0 `lucky` in one."""
    chance = np.random.default_rng(seed)
    first = pd.Timestamp(AS_OF) - pd.to_timedelta(chance.integers(0, 700, n), unit="D")
    group = chance.integers(0, groups, n)
    back = chance.random(n) < np.where(group == 0, lucky, 0.3)
    second = pd.Series(first + pd.to_timedelta(np.where(back, chance.integers(1, 90, n), 9_999), unit="D"))
    customers = pd.DataFrame(
        {
            "customer_id": [f"c{i}" for i in range(n)],
            "first_at": first,
            "second_at": second.where(second <= pd.Timestamp(AS_OF)),
        }
    )
    return customers, pd.DataFrame({"customer_id": customers["customer_id"], "group": group.astype(str)})


def test_cohorts_are_the_parts_of_the_whole() -> None:
    customers, _ = made_up(1)
    for unit, longest in (("month", 31), ("quarter", 92)):
        result = repurchase_by_cohort(customers, AS_OF, unit)  # type: ignore[arg-type]
        assert sum(cohort.customers for cohort in result) == len(customers)
        for cohort in result:
            since = cohort.start.date()
            inside = customers["first_at"].between(
                cohort.start, cohort.start + pd.Timedelta(days=longest - 1)
            )
            same = customers[
                inside
                & (
                    customers["first_at"].dt.to_period("M" if unit == "month" else "Q").dt.start_time
                    == cohort.start
                )
            ]
            assert cohort.within == bought_again_within(same, AS_OF)
            assert since.day == 1
    assert [c.start for c in repurchase_by_cohort(customers, AS_OF)] == sorted(
        c.start for c in repurchase_by_cohort(customers, AS_OF)
    )
    assert repurchase_by_cohort(shop(), AS_OF) == []


def test_a_cohort_by_hand() -> None:
    """January: one of two came back after 10 days; April: nobody of one, and 90 days are just over on 30 June."""
    result = repurchase_by_cohort(
        shop(("2025-01-05", "2025-01-15"), ("2025-01-20", None), ("2025-04-01", None)), AS_OF, "month"
    )
    assert [(c.start.month, c.customers, c.within[90].rate, c.within[180].rate) for c in result] == [
        (1, 2, 0.5, None),
        (4, 1, 0.0, None),
    ]


def test_groups_are_kaplan_meier_of_their_members_and_of_the_rest() -> None:
    customers, groups = made_up(2)
    for group in repurchase_by_group(customers, groups, AS_OF, 60):
        inside = customers["customer_id"].isin(groups.loc[groups["group"] == group.name, "customer_id"])
        assert group.within[60] == bought_again_within(customers[inside], AS_OF, (60,))[60]
        assert group.rest == pytest.approx(bought_again_within(customers[~inside], AS_OF, (60,))[60].rate)
        assert group.customers == inside.sum()


@settings(deadline=None, derandomize=True, max_examples=150)
@given(
    st.lists(st.tuples(st.integers(0, 40), st.booleans(), st.integers(0, 2)), min_size=1, max_size=40),
    st.integers(0, 30),
)
def test_many_at_once_are_one_at_a_time(cases: list[tuple[int, bool, int]], horizon: int) -> None:
    days, seen, group = (np.array(column) for column in zip(*cases, strict=True))
    result = compare_groups_with_rest(days, seen, np.arange(len(days)), group, horizon)
    for g in range(group.max() + 1):
        for mask, rate, size in (
            (group == g, result.rate[g], result.size[g]),
            (group != g, result.rest_rate[g], result.rest_size[g]),
        ):
            alone = within_days(days[mask], seen[mask], (horizon,))[horizon]
            assert np.isnan(rate) == (alone.rate is None)
            if alone.rate is not None:
                assert rate == pytest.approx(alone.rate)
                assert 0 <= size <= mask.sum() + 1e-9


def test_the_effective_size_is_the_whole_without_censoring_and_less_with() -> None:
    """Ten watched to the end, four of them back: (1 - S) S / (S² sum d / n (n - d)) = 10 by the binomial variance."""
    days, seen = np.array([5, 5, 8, 9, *[99] * 6]), np.array([True] * 4 + [False] * 6)
    everyone = np.zeros(10, dtype=np.int64)
    result = compare_groups_with_rest(days, seen, np.arange(10), everyone, 30)
    assert (result.rate[0], result.size[0]) == (pytest.approx(0.4), pytest.approx(10))
    cut = np.where(seen, days, 7)
    assert compare_groups_with_rest(cut, seen, np.arange(10), everyone, 7).size[0] < 10
    curve = kaplan_meier(days, seen)
    assert curve["survival"].iloc[-1] == pytest.approx(0.6)


def test_small_groups_are_pooled_and_nobody_is_lost() -> None:
    customers, groups = made_up(3, n=200, groups=4)
    groups.loc[:9, "group"] = [f"rare{i % 3}" for i in range(10)]
    result = repurchase_by_group(customers, groups, AS_OF, least=20)
    assert result[-1].name is None
    assert result[-1].customers == 10
    assert sum(group.customers for group in result) == 200
    assert [g.customers for g in result[:-1]] == sorted((g.customers for g in result[:-1]), reverse=True)


def test_a_customer_of_two_groups_counts_in_both_and_once_in_the_others() -> None:
    customers, groups = made_up(4, n=60, groups=1)
    more = groups.head(30).assign(group="second")
    rare = groups.head(3).assign(group="rare")
    result = {
        g.name: g.customers
        for g in repurchase_by_group(customers, pd.concat([groups, more, rare, rare]), AS_OF)
    }
    assert result == {"0": 60, "second": 30}  # who has a rare product has a frequent one too


def test_a_planted_difference_is_named() -> None:
    """Half the customers of one group in eight come back, three in ten of all others."""
    named = [
        {g.name: g.verdict for g in repurchase_by_group(*made_up(s, 1_600, lucky=0.5), AS_OF)}
        for s in range(5)
    ]
    assert [one["0"] for one in named] == ["more"] * 5


def test_where_nobody_differs_one_p_value_in_twenty_is_below_a_twentieth() -> None:
    """100 shops of 8 groups: 800 p-values, 40 expected, standard deviation sqrt(800 × .05 × .95) = 6.2."""
    low, shops = 0, 0
    for seed in range(100):
        customers, groups = made_up(seed)
        member = np.arange(len(customers))
        both = compare_groups_with_rest(
            *waiting_days(customers, AS_OF), member, groups["group"].astype(int).to_numpy(), 90
        )
        p = share_difference_p_values(both.rate, both.size, both.rest_rate, both.rest_size)
        low += int((p < 0.05).sum())
        shops += bool((q_values(p) <= 0.05).any())
    assert 40 - 3 * 6.2 < low < 40 + 3 * 6.2
    assert shops <= 12  # shops where anything would be named: 5 expected of 100


def test_the_order_of_rows_is_nothing() -> None:
    customers, groups = made_up(5)
    chance = np.random.default_rng(0)
    shuffled = repurchase_by_group(
        customers.iloc[chance.permutation(len(customers))],
        groups.iloc[chance.permutation(len(groups))],
        AS_OF,
    )
    for one, other in zip(repurchase_by_group(customers, groups, AS_OF), shuffled, strict=True):
        assert (one.name, one.customers, one.within, one.verdict) == (
            other.name,
            other.customers,
            other.within,
            other.verdict,
        )
        assert one.q_value == pytest.approx(other.q_value)


def test_one_more_who_never_returns_lowers_the_share_as_computed() -> None:
    """All watched for 90 days and more: the share is k of n, and k of n + 1 with one more."""
    pairs = [("2024-01-01", "2024-02-01")] * 7 + [("2024-01-01", None)] * 13
    one_more = [*pairs, ("2024-01-01", None)]
    rates = [repurchase_by_cohort(shop(*people), AS_OF)[0].within[90].rate for people in (pairs, one_more)]
    assert rates == [pytest.approx(7 / 20), pytest.approx(7 / 21)]


@pytest.mark.parametrize("n", [0, 1, 30])
def test_small_shops_have_shares_or_none_never_nan(n: int) -> None:
    customers, groups = made_up(6, n=max(n, 1))
    customers, groups = customers.head(n), groups.head(n)
    result = repurchase_by_group(customers, groups, AS_OF)
    assert sum(group.customers for group in result) == n
    for group in result:
        for value in (group.rest, group.q_value, *(w.rate for w in group.within.values())):
            assert value is None or 0 <= value <= 1
        assert group.verdict == ""
