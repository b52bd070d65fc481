"""Lists for customers: again and new, for first-timers and those slipping away, varied, with what is never shown."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.customers.status import ACTIVE, LAPSED, NEW, OVERDUE
from loyalty.models.recommendations.candidates import RECENT
from loyalty.models.recommendations.interactions import Interactions, encode_interactions
from loyalty.models.recommendations.lists import NEWEST, diversify, make_suggestions
from loyalty.models.recommendations.reasons import COLUMNS, SENTENCES, reason_sentence
from loyalty.models.recommendations.recommender import Recommender, fit_recommender
from loyalty.words import words_for
from tests.models.recommendations.builders import frame, noisy, shop


def listed(recommender: Recommender, customer: str, k: int = 5, **options: object) -> pd.DataFrame:
    row = np.flatnonzero(recommender.data.customers == customer)
    return make_suggestions(recommender, row, k, **options)  # type: ignore[arg-type]


def sentence(row: pd.Series) -> str:
    return words_for("en").message(reason_sentence({str(name): value for name, value in row.items()}))


def steady(*more: str) -> Interactions:
    """Ann buys tea every ten days and milk twice; others buy jam and bread."""
    own = [f"ann {day} tea" for day in range(0, 100, 10)] + ["ann 30 milk", "ann 60 milk", "ann 45 salt"]
    others = [f"o{n} {n % 95} jam bread" for n in range(20)] + [f"o{n} {72 + n} jam" for n in range(20)]
    return shop(*own, *others, *more)


def test_again_is_what_she_had_with_her_rhythm() -> None:
    data = steady()
    suggested = listed(fit_recommender(data), "ann", modes=["again"])
    assert suggested["product"].tolist() == ["tea", "milk", "salt"]
    assert suggested["place"].tolist() == [1, 2, 3]
    assert [sentence(row) for _, row in suggested.iterrows()] == [
        "Usually every 10 days, last yesterday",  # on day 90; the last sale of all was on day 72 + 19
        "Bought 2 times, last 31 days ago",
        "Bought 46 days ago",
    ]
    assert suggested.loc[0, ["times", "gap_days", "ago_days"]].tolist() == [10, 10, 1]


def test_new_is_what_she_never_had() -> None:
    suggested = listed(fit_recommender(steady()), "ann", modes=["discover"])
    assert suggested["product"].tolist() == ["jam", "bread"]
    assert suggested["method"].unique().tolist() == [RECENT]
    assert sentence(suggested.iloc[0]) == "Popular this month, and new to them"


def test_both_modes_stand_one_after_the_other_with_all_columns() -> None:
    suggested = listed(fit_recommender(steady()), "ann", k=2)
    assert list(suggested.columns) == COLUMNS
    assert suggested["mode"].tolist() == ["again", "again", "discover", "discover"]
    assert suggested["place"].tolist() == [1, 2, 1, 2]


def test_what_is_excluded_or_no_longer_sold_is_never_shown() -> None:
    data = steady("o1 0 gone", "ann 0 gone", "- 160 jam", "- 160 tea", "- 150 bread")
    suggested = make_suggestions(fit_recommender(data, without=["jam"]), np.arange(len(data.customers)))
    assert {"jam", "gone"}.isdisjoint(suggested["product"])  # gone was last sold 160 days ago
    assert {"tea", "bread"} <= set(suggested["product"])


def test_one_of_a_category_as_far_as_that_goes() -> None:
    items, scores = np.array([[0, 1, 2, 3, -1]]), np.array([[0.9, 0.8, 0.7, 0.6, -np.inf]])
    categories = np.array(["Tea", "Tea", "Cups", "Tea"], dtype=object)
    kept, values = diversify(items, scores, categories, 3)
    assert kept.tolist() == [[0, 1, 2]]  # tea, cups, and the better of the two teas that are left
    assert diversify(items, scores, categories, 2)[0].tolist() == [[0, 2]]
    assert values.tolist() == [[0.9, 0.8, 0.7]]
    unknown = np.array(["", "", "", ""], dtype=object)
    assert diversify(items, scores, unknown, 2)[0].tolist() == [[0, 1]]


def test_a_product_that_is_new_itself_gets_the_last_place() -> None:
    data = steady(
        *(f"o{n} {90 + n} fresh" for n in range(4)),
        *(f"- {day} p{n % 3}" for n in range(21) for day in (1, 80)),
    )
    suggested = listed(fit_recommender(data), "ann", k=3, modes=["discover"])
    assert suggested["product"].iloc[-1] == "fresh"
    assert suggested["method"].iloc[-1] == NEWEST
    assert suggested["score"].is_monotonic_decreasing
    assert sentence(suggested.iloc[-1]) == "New in the shop"


def test_a_new_product_is_not_added_to_another_one() -> None:
    data = steady(*(f"- {80 + n % 9} hit" for n in range(40)), *(f"o{n} {90 + n} fresh" for n in range(4)))
    suggested = listed(fit_recommender(data), "ann", k=2, modes=["discover"])
    assert suggested["product"].tolist() == ["hit", "jam"]
    assert sentence(suggested.iloc[0]) == "New in the shop"


def test_lapsed_customers_hear_what_is_new_since() -> None:
    data = steady("old 1 tea", "old 5 bread", *(f"o{n} {90 + n} fresh" for n in range(4)))
    suggested = listed(fit_recommender(data, statuses={"old": LAPSED}), "old", modes=["discover"])
    assert suggested["status"].unique().tolist() == [LAPSED]
    fresh = suggested[suggested["product"] == "fresh"].iloc[0]
    assert sentence(fresh) == "New since they were last here"


def test_what_came_while_they_were_away_gets_the_last_place_of_their_list() -> None:
    """latest was first sold 60 days ago: no longer new in the shop, but new to whoever left before."""
    hits = [f"- {day} p{n}" for n in range(6) for day in (1, 40, 80, 90)]
    data = steady("old 1 tea", "old 5 bread", *hits, *(f"- {40 + n} latest" for n in range(3)))
    recommender = fit_recommender(data, statuses={"old": OVERDUE})
    away, here = (listed(recommender, name, k=3, modes=["discover"]) for name in ("old", "ann"))
    assert (away["status"].iloc[0], here["status"].iloc[0]) == (OVERDUE, ACTIVE)
    assert away["product"].iloc[-1] == "latest"
    assert (away["method"].iloc[-1], sentence(away.iloc[-1])) == (NEWEST, "New since they were last here")
    assert away["score"].is_monotonic_decreasing
    assert "latest" not in set(here["product"])


def test_new_customers_see_what_brings_people_back() -> None:
    """30 began with hook and all came back, 30 with dud and none did; both sell alike of late."""
    came = [
        f"h{n:02d} {day} {what}" for n in range(30) for day, what in ((n % 9, "hook"), (40 + n % 9, "misc"))
    ]
    stayed = [f"d{n:02d} {n % 9} dud" for n in range(30)]
    late = [f"- {140 + n % 9} {what}" for n in range(9) for what in ("hook", "dud")]
    data = shop(*came, *stayed, *late, "new 140 misc", "- 150 misc")
    recommender = fit_recommender(data, statuses={"new": NEW})
    suggested = listed(recommender, "new", modes=["discover"])
    assert suggested["status"].unique().tolist() == [NEW]
    assert suggested["product"].tolist() == ["hook", "dud"]
    assert sentence(suggested.iloc[0]) == "Of 100 who began with it, 100 came back within 90 days"


def test_planted_pairs_are_said_as_the_reason() -> None:
    data = steady("ann 91 dripper", *(f"o{n} {n} dripper filters" for n in range(15)))
    suggested = listed(
        fit_recommender(data, ["item_based"]),
        "ann",
        modes=["discover"],
        arms=np.array(["item_based"], dtype=object),
    )
    filters = suggested[suggested["product"] == "filters"].iloc[0]
    assert filters["because"] == "dripper"
    assert sentence(filters) == "People who buy dripper often take this"


def test_names_are_the_reason_where_names_decided() -> None:
    rows = frame(
        "ann 0 green_tea_sencha",
        *(f"o{n} {n} green_tea_matcha" for n in range(3)),
        *(f"o{n} {n} wool_scarf" for n in range(9)),
    )
    data = encode_interactions(rows)
    recommender = fit_recommender(data, ["content_based"], content=True)
    suggested = listed(recommender, "ann", modes=["discover"])
    assert suggested["product"].iloc[0] == "green_tea_matcha"
    assert sentence(suggested.iloc[0]) == "Much like green_tea_sencha, which they have bought"


def test_without_dates_the_reasons_need_none() -> None:
    data = shop("ann 0 tea", "ann 1 tea milk", "bob 0 jam", "bob 1 jam", dated=False)
    suggested = listed(fit_recommender(data), "ann")
    assert [sentence(row) for _, row in suggested.iterrows()] == [
        "Bought before, in 2 of their orders",
        "Bought before, in 1 of their orders",
        "Sells well, and new to them",
    ]


@pytest.mark.parametrize("baskets", [("ann 0 tea",), ("ann 0 tea", "bob 0 tea"), ("ann 0 tea", "- 3 jam")])
def test_a_shop_with_next_to_nothing(baskets: tuple[str, ...]) -> None:
    data = shop(*baskets)
    suggested = make_suggestions(fit_recommender(data, ["ease", "tifu_knn"]), np.arange(len(data.customers)))
    assert (
        suggested.groupby("customer_id")["product"].nunique() == suggested.groupby("customer_id").size()
    ).all()
    assert suggested.loc[suggested["mode"] == "again", "product"].tolist() == ["tea"] * len(data.customers)


@settings(deadline=None, derandomize=True, max_examples=12)
@given(
    st.integers(0, 1000), st.sampled_from(["ease_season", "user_based", "tifu_knn", "hybrid_season", RECENT])
)
def test_every_list_keeps_its_promises(seed: int, method: str) -> None:
    rows = noisy(15, 12, 4, seed)
    rows["category"] = "k" + (rows["product"].str[1:].astype(int) % 4).astype(str)
    hidden = rows["product"].iloc[seed % len(rows)]
    data = encode_interactions(rows)
    recommender = fit_recommender(data, [method], without=[hidden])
    suggested = make_suggestions(recommender, np.arange(len(data.customers)), 4)
    had = set(zip(rows["customer_id"], rows["product"], strict=True))
    own = [pair in had for pair in zip(suggested["customer_id"], suggested["product"], strict=True)]
    assert (suggested["mode"] == "again").tolist() == own
    assert hidden not in set(suggested["product"])
    assert not suggested.duplicated(["customer_id", "product"]).any()
    for _, one in suggested.groupby(["customer_id", "mode"]):
        assert one["place"].tolist() == list(range(1, len(one) + 1))
        assert one["score"].is_monotonic_decreasing
    for _, row in suggested.iterrows():
        assert "{" not in sentence(row)
        assert row["reason"] in SENTENCES


@settings(deadline=None, derandomize=True, max_examples=8)
@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_never_matters(shuffle: object) -> None:
    rows = noisy(12, 10, 3)
    order = list(range(len(rows)))
    shuffle.shuffle(order)  # type: ignore[attr-defined]
    one, other = (fit_recommender(encode_interactions(r), ["ease_season"]) for r in (rows, rows.iloc[order]))
    everyone = np.arange(12)
    pd.testing.assert_frame_equal(
        make_suggestions(one, everyone), make_suggestions(other, everyone), rtol=1e-4
    )
