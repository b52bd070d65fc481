"""The made-up shop: the same bytes every time, the platforms' headers, every planted truth in the files."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from collections import Counter
from itertools import combinations
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sample_data import make

FOLDER = Path(make.__file__).resolve().parent
FILES = (
    "shopify_orders.csv",
    "square_items.csv",
    "survey.csv",
    "survey_nps.csv",
    "customers.csv",
    "visits.csv",
    "referrals.csv",
    "spend.csv",
    "truth/truth_customers.csv",
    "truth/pairs.json",
    "truth/further.json",
    "truth/figures.json",
)
ORDER_CELLS = (
    "Email",
    "Financial Status",
    "Paid at",
    "Created at",
    "Subtotal",
    "Total",
    "Cancelled at",
    "Refunded Amount",
)


def read(name: str) -> pd.DataFrame:
    """A committed CSV as text cells."""
    return pd.read_csv(FOLDER / name, dtype=str, keep_default_na=False)


def dollars(cells: pd.Series) -> pd.Series:
    """-$1,240.50 -> -124050 cents."""
    return cells.str.replace(r"[$,.]", "", regex=True).astype(int)


def cents(cells: pd.Series) -> pd.Series:
    """13.50 -> 1350."""
    return cells.str.replace(".", "", regex=False).astype(int)


@pytest.fixture(scope="module")
def figures() -> Any:
    return json.loads((FOLDER / "truth/figures.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def orders() -> pd.DataFrame:
    """One row an online order, read from the file: key, day, net cents, skus, status."""
    rows = read("shopify_orders.csv")
    first = rows[rows["Financial Status"] != ""].set_index("Name")
    skus = rows.groupby("Name")["Lineitem sku"].agg(frozenset)
    paid = first["Financial Status"].isin(["paid", "partially_refunded", "refunded"])
    paid &= first["Cancelled at"] == ""
    kept = (cents(first["Subtotal"]) - cents(first["Refunded Amount"])).clip(lower=0)
    days = pd.to_datetime(first["Created at"].str[:10])
    return pd.DataFrame(
        {
            "channel": "shopify",
            "key": first["Email"],
            "day": days,
            "net": kept.where(paid, 0),
            "skus": skus,
            "status": first["Financial Status"],
        }
    )


@pytest.fixture(scope="module")
def sales() -> pd.DataFrame:
    """One row a stall transaction, read from the file; `sold`: it has a Payment row."""
    rows = read("square_items.csv")
    rows["net"] = dollars(rows["Net Sales"])
    rows["sold"] = rows["Event Type"] == "Payment"
    by = rows.groupby("Transaction ID")
    days = pd.to_datetime(by["Date"].min())
    return pd.DataFrame(
        {
            "channel": "square",
            "key": by["Customer ID"].first(),
            "day": days,
            "net": by["net"].sum(),
            "skus": by["SKU"].agg(frozenset),
            "sold": by["sold"].any(),
        }
    )


@pytest.fixture(scope="module")
def purchases(orders: pd.DataFrame, sales: pd.DataFrame) -> pd.DataFrame:
    counted = pd.concat([orders, sales[sales["sold"]]])
    return counted[counted["net"] > 0]


def test_two_runs_write_the_committed_bytes(tmp_path: Path) -> None:
    script = [sys.executable, str(FOLDER / "make.py"), "--out", str(tmp_path / "one")]
    subprocess.run(script, check=True, capture_output=True, cwd=tmp_path)
    make.main(["--out", str(tmp_path / "two")])
    for name in FILES:
        committed = (FOLDER / name).read_bytes()
        assert (tmp_path / "one" / name).read_bytes() == committed, name
        assert (tmp_path / "two" / name).read_bytes() == committed, name
    written = (path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*.*"))
    assert sorted(path.as_posix() for path in written) == sorted(FILES)


def test_another_seed_is_another_shop() -> None:
    assert make.make_shop(1).orders[0] != make.make_shop(2).orders[0]


def test_files_are_small() -> None:
    assert sum((FOLDER / name).stat().st_size for name in FILES) < 4_000_000


@pytest.mark.parametrize(
    ("name", "columns", "digest"),
    [
        ("shopify_orders.csv", 79, "af2597a9517bf6dd6949e1b09a23c389784b4d8f80217bca47e4f94d1cde3293"),
        ("square_items.csv", 35, "7df0287662a7c352f027823584f84a8b173f9070897c44967b000e3f74c0e03d"),
    ],
)
def test_headers_are_the_platforms_own(name: str, columns: int, digest: str) -> None:
    """The digests are of the header lines as real exports carry them (Shopify 2023 on, Square July 2026)."""
    header = (FOLDER / name).read_text(encoding="utf-8").split("\n", 1)[0]
    assert len(header.split(",")) == columns
    assert hashlib.sha256(header.encode()).hexdigest() == digest


def test_survey_headers() -> None:
    for name in ("survey.csv", "survey_nps.csv"):
        assert (FOLDER / name).read_text(encoding="utf-8").startswith("date,email,score,comment\n")


def test_shopify_rows_keep_the_platforms_habits() -> None:
    rows = read("shopify_orders.csv")
    later = rows[rows["Name"].duplicated()]
    assert rows["Name"].nunique() == len(rows) - len(later) == 4511
    assert (later[list(ORDER_CELLS)] == "").all().all()
    assert rows["Name"].str.fullmatch(r"#\d{4}").all()
    first = rows[~rows["Name"].duplicated()]
    assert first["Created at"].str.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+0000").all()
    assert first["Created at"].between("2024-01", "2026-07").all()


def test_shopify_money_adds_up() -> None:
    rows = read("shopify_orders.csv")
    first = rows[~rows["Name"].duplicated()].set_index("Name")
    worth = cents(rows["Lineitem price"]) * rows["Lineitem quantity"].astype(int)
    goods = worth.groupby(rows["Name"]).sum()
    subtotal = cents(first["Subtotal"])
    assert (goods.loc[first.index] - cents(first["Discount Amount"]) == subtotal).all()
    assert (subtotal + cents(first["Shipping"]) + cents(first["Taxes"]) == cents(first["Total"])).all()
    refunded = cents(first["Refunded Amount"])
    assert (refunded <= cents(first["Total"])).all()
    assert ((refunded > 0) == first["Financial Status"].isin(["refunded", "partially_refunded"])).all()
    assert ((first["Discount Code"] != "") == (first["Discount Amount"] != "0.00")).all()


def test_square_rows_keep_the_platforms_habits() -> None:
    rows = read("square_items.csv")
    refund = rows["Event Type"] == "Refund"
    for column in ("Gross Sales", "Discounts", "Net Sales", "Tax", "Commission"):
        assert rows[column].str.fullmatch(r"-?\$\d{1,3}(,\d{3})*\.\d\d").all(), column
    assert (dollars(rows["Gross Sales"]) + dollars(rows["Discounts"]) == dollars(rows["Net Sales"])).all()
    assert rows.loc[refund, "Net Sales"].str.startswith("-$").all()
    assert not rows.loc[~refund, "Net Sales"].str.startswith("-").any()
    assert set(pd.to_datetime(rows["Date"]).dt.day_of_week) == {5, 6}


def test_nobody_real_can_be_reached() -> None:
    mails = set(read("shopify_orders.csv")["Email"])
    mails |= set(read("survey.csv")["email"]) | set(read("survey_nps.csv")["email"])
    mails |= set(read("customers.csv")["E-mail"]) | set(read("visits.csv")["E-mail"])
    mails |= set(read("referrals.csv")["Recommended by"]) | set(read("referrals.csv")["New customer"])
    assert all(re.fullmatch(r"[a-z.]+(\d\d)?@example\.(com|org|net)", mail) for mail in mails - {""})
    phones = set(read("shopify_orders.csv")["Billing Phone"]) - {""}
    assert len(phones) > 300
    assert all(re.fullmatch(r"\+1\d{3}55501\d\d", phone) for phone in phones)


@pytest.mark.parametrize("channel", ["shopify", "square", "both"])
def test_figures_are_those_of_the_files(
    figures: Any,
    purchases: pd.DataFrame,
    sales: pd.DataFrame,
    channel: str,
) -> None:
    own = purchases if channel == "both" else purchases[purchases["channel"] == channel]
    given_back = 0 if channel == "shopify" else sales.loc[~sales["sold"], "net"].sum()
    counts = own.loc[own["key"] != "", "key"].value_counts()
    expected = figures[channel]
    assert len(own) == expected["purchases"]
    assert f"{(own['net'].sum() + given_back) / 100:.2f}" == expected["net_revenue"]
    assert (own["key"] == "").sum() == expected["anonymous_purchases"]
    assert len(counts) == expected["customers"]
    assert (counts >= 2).sum() == expected["repeat_customers"]
    assert (counts >= 2).mean() == pytest.approx(expected["repurchase_rate"], abs=1e-6)


def test_trouble_is_there_in_the_planted_number(figures: Any, orders: pd.DataFrame) -> None:
    statuses = orders["status"].value_counts().to_dict()
    assert statuses == figures["shopify"]["status_counts"]
    assert statuses["partially_refunded"] == make.PARTLY_REFUNDED + make.GOODS_REFUNDED == 60
    assert statuses["refunded"] == make.REFUNDED_LATER + make.ONLY_ORDER_REFUNDED + make.CANCELLED // 2 == 75
    assert statuses["pending"] == make.PENDING + make.ONLY_ORDER_PENDING == 30
    assert statuses["voided"] == make.VOIDED
    assert (read("shopify_orders.csv")["Cancelled at"] != "").sum() == make.CANCELLED
    assert ((orders["key"] == "") & (orders["net"] > 0)).sum() == make.ANONYMOUS_ONLINE
    gone = (orders["status"] == "partially_refunded") & (orders["net"] == 0)
    assert gone.sum() == make.GOODS_REFUNDED


def test_stall_refunds_and_unknown_buyers(figures: Any, sales: pd.DataFrame) -> None:
    rows = read("square_items.csv")
    refund = rows[rows["Event Type"] == "Refund"]
    sold = set(rows.loc[rows["Event Type"] == "Payment", "Transaction ID"])
    same = refund["Transaction ID"].isin(sold)
    assert (same.sum(), (~same).sum()) == (make.STALL_REFUNDS_SAME, make.STALL_REFUNDS_APART) == (20, 20)
    assert (sales["sold"] & (sales["net"] == 0)).sum() == make.STALL_REFUNDS_SAME // 2
    share = (rows["Customer ID"] == "").mean()
    assert share == pytest.approx(make.STALL_ANONYMOUS_SHARE, abs=0.005)
    assert share == pytest.approx(figures["square"]["share_without_customer_id"], abs=1e-6)


def test_planted_pairs_stand_out(purchases: pd.DataFrame) -> None:
    one = Counter(sku for skus in purchases["skus"] for sku in skus)
    two = Counter(pair for skus in purchases["skus"] for pair in combinations(sorted(skus), 2))
    lift = {pair: n * len(purchases) / (one[pair[0]] * one[pair[1]]) for pair, n in two.items()}
    truth = json.loads((FOLDER / "truth/pairs.json").read_text(encoding="utf-8"))
    assert truth["baskets"] == len(purchases)
    wanted = {tuple(sorted((pair.given, pair.adds))) for pair in make.PAIRS}
    assert {(row["a"], row["b"]) for row in truth["planted"]} == wanted
    for row in truth["planted"]:
        pair = (row["a"], row["b"])
        assert two[pair] == row["together"]
        assert (one[row["a"]], one[row["b"]]) == (row["baskets_a"], row["baskets_b"])
        assert lift[pair] == pytest.approx(row["lift"], abs=1e-6)
        assert lift[pair] > 2 * make.MIN_PAIR_LIFT
    planted = {(row["a"], row["b"]) for row in truth["planted"]}
    others = [lift[pair] for pair, n in two.items() if pair not in planted and n >= 10]
    assert len(others) == truth["others_met_10_times"]
    assert max(others) < make.MIN_PAIR_LIFT
    assert sum(value > 1.5 for value in others) == truth["others_over_1_5"] <= 0.05 * len(others)


def coming_back(purchases: pd.DataFrame, spring: str) -> tuple[int, int, int]:
    """Customers of the spring, those fully observed, and of these those back within 90 days."""
    first_day, last_day = (pd.Timestamp(day) for day in make.SPRINGS[spring])
    known = purchases[purchases["key"] != ""].sort_values("day")
    days = known.groupby("key")["day"].agg(list)
    cohort = [found for found in days if first_day <= found[0] <= last_day]
    full = [found for found in cohort if (pd.Timestamp(make.AS_OF) - found[0]).days >= 90]
    return len(cohort), len(full), sum(len(found) > 1 and (found[1] - found[0]).days <= 90 for found in full)


def test_newer_customers_come_back_sooner(figures: Any, purchases: pd.DataFrame) -> None:
    shares = {}
    for spring in make.SPRINGS:
        expected = figures["came_back"][spring]["all"]
        customers, full, back = coming_back(purchases, spring)
        assert (customers, full, back) == tuple(
            expected[name] for name in ("customers", "fully_observed", "returned_within_90_days")
        )
        shares[spring] = back / full
    assert shares["spring_2025"] == pytest.approx(0.31, abs=0.01)
    assert shares["spring_2026"] == pytest.approx(0.38, abs=0.01)
    assert figures["came_back"]["spring_2026"]["all"]["kaplan_meier_90_days"] == pytest.approx(0.38, abs=0.01)


def test_nobody_buys_twice_on_one_day(purchases: pd.DataFrame) -> None:
    known = purchases[purchases["key"] != ""]
    assert not known.duplicated(["key", "day"]).any()


def test_types_differ(figures: Any, purchases: pd.DataFrame) -> None:
    truth = read("truth/truth_customers.csv").set_index("key")["type"]
    known = purchases[purchases["key"] != ""]
    each = known.groupby("key").agg(orders=("net", "size"), spend=("net", "sum"), last=("day", "max"))
    each["silent"] = (pd.Timestamp(make.AS_OF) - each["last"]).dt.days
    by: Any = (
        each.join(truth).groupby("type").agg({"orders": "mean", "spend": "mean", "silent": ["median", "min"]})
    )
    for kind in make.TYPES:
        expected = figures["types"][kind]
        assert by.loc[kind, ("orders", "mean")] == pytest.approx(expected["mean_orders"], abs=1e-3)
        assert by.loc[kind, ("spend", "mean")] / 100 == pytest.approx(expected["mean_spend"], abs=0.01)
        assert by.loc[kind, ("silent", "median")] == expected["median_days_silent"]
    orders, spend, silent = by["orders", "mean"], by["spend", "mean"], by["silent", "median"]
    assert orders["regular"] > 2 * orders["big_spender"] > 4 * orders["occasional"]
    assert orders["gift_once"] == orders["tried_once"] == 1
    assert spend["big_spender"] > 1.5 * spend["regular"] > 3 * spend["lapsed_regular"]
    assert spend["gift_once"] > 1.5 * spend["tried_once"]
    assert silent["regular"] < 30 < silent["slipping_regular"] < 100 < silent["lapsed_regular"]
    assert by.loc["lapsed_regular", ("silent", "min")] >= make.LAPSED_SILENT_DAYS


def test_seasons_and_mild_growth(purchases: pd.DataFrame) -> None:
    count: Any = purchases.groupby(["channel", purchases["day"].dt.to_period("M")]).size()
    for year in (2024, 2025):
        online = count["shopify"][f"{year}-02" : f"{year}-12"]
        stall = count["square"][f"{year}-01" : f"{year}-12"]
        assert str(online.idxmax()) == f"{year}-12"
        assert stall.idxmax().month in (6, 7, 8)
        assert stall.max() > 2 * stall.min()
    goods = purchases.groupby(purchases["day"].dt.year)["net"].sum()
    assert 1.05 < goods[2025] / goods[2024] < 1.25


def test_the_two_doubles_are_named(orders: pd.DataFrame) -> None:
    truth = read("truth/truth_customers.csv")
    mail, card = truth[truth["same_person_as"] != ""].to_dict("records")
    rows = read("shopify_orders.csv")
    known = rows[rows["Email"].isin([mail["key"], mail["same_person_as"]])]
    assert known["Billing Name"].nunique() == known["Billing Phone"].nunique() == 1
    assert known["Email"].value_counts().to_dict() == {mail["key"]: 22, mail["same_person_as"]: 6}
    assert mail["same_person_as"] == "mei.marsh@example.net"
    items = read("square_items.csv")
    guest = items[items["Customer Reference ID"] != ""]
    assert set(guest["Customer Reference ID"]) == {card["key"]} == {make.GUEST_CARD}
    assert set(guest["Customer ID"]) == {""}
    assert guest["Transaction ID"].nunique() == make.GUEST_VISITS
    online = rows[rows["Email"] == card["same_person_as"]]
    assert set(online["Billing Name"]) == set(guest["Customer Name"]) == {"Leif Lark"}


def test_surveys(figures: Any) -> None:
    csat, nps = (read(name)["score"].astype(int) for name in ("survey.csv", "survey_nps.csv"))
    assert set(csat) == {1, 2, 3, 4, 5}
    assert nps.between(0, 10).all()
    assert (len(csat), (csat >= 4).sum()) == (make.CSAT_ANSWERS, make.CSAT_SATISFIED) == (400, 364)
    assert figures["csat"]["share"] == 364 / 400
    assert ((nps >= 9).sum(), (nps <= 6).sum(), len(nps)) == (140, 35, 250)
    assert figures["nps"]["nps"] == 100 * (140 - 35) / 250
    truth = read("truth/truth_customers.csv").set_index("key")["type"]
    lapsed = csat[read("survey.csv")["email"].map(truth) == "lapsed_regular"]
    assert ((lapsed >= 4).sum(), len(lapsed)) == (26, 40)


def test_further_files_hold_what_was_planted(purchases: pd.DataFrame) -> None:
    """Worked out once more from the files alone."""
    truth = json.loads((FOLDER / "truth/further.json").read_text(encoding="utf-8"))
    members, visits, told, spent = (
        read(f"{name}.csv") for name in ("customers", "visits", "referrals", "spend")
    )
    assert (len(members), (members["Birthday"] != "").sum()) == (make.MEMBERS, make.BIRTHDAYS) == (360, 240)
    assert (
        members["Birthday"].str.startswith("--").sum()
        == make.BIRTHDAYS_WITHOUT_YEAR
        == truth["birthdays_without_year"]
    )
    assert (members["Agrees to e-mail"] == "yes").sum() == truth["agree_to_letters"]
    letters = read("shopify_orders.csv").set_index("Email")["Accepts Marketing"]
    assert all(
        (letters[mail] == said) if isinstance(letters[mail], str) else (letters[mail] == said).all()
        for mail, said in zip(members["E-mail"], members["Agrees to e-mail"], strict=True)
    )
    assert visits["What they did"].value_counts().to_dict() == make.VISITS == truth["visits"]
    assert (visits["E-mail"] == "").mean() == pytest.approx(make.VISITS_UNKNOWN_IN_TEN / 10, abs=0.02)
    known = purchases[purchases["key"] != ""]
    firsts: Any = known.groupby("key")["day"].min()
    told["first"] = told["New customer"].map(firsts)
    counted = told[told["first"].notna() & (told["first"] >= pd.to_datetime(told["Date"]))]
    assert set(counted["Recommended by"]) <= set(firsts.index)
    assert (counted["Recommended by"].nunique(), counted["New customer"].nunique()) == (
        make.REFERRERS,
        make.BROUGHT,
    )
    assert len(told) == make.BROUGHT + make.BROUGHT_NOBODY + make.TOLD_TOO_LATE == truth["recommendations"]
    assert truth["referral_rate"] == pytest.approx(make.REFERRERS / len(firsts), abs=1e-6)
    assert truth["referred_share"] == pytest.approx(make.BROUGHT / len(firsts), abs=1e-6)
    total = cents(spent["Spend"]).sum()
    assert (f"{total / 100:.2f}", len(firsts)) == (truth["spend"], truth["new_customers"])
    assert truth["cac"] == f"{total / 100 / len(firsts):.2f}"
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    for said in (
        "360 online customers",
        "240 birthdays",
        f"${total / 100:,.2f}",
        f"${truth['cac']}",
        "45 customers",
        "60 new ones",
    ):
        assert said in text, said


def test_readme_states_the_exact_figures(figures: Any) -> None:
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    for channel in ("shopify", "square", "both"):
        own = figures[channel]
        for name in ("purchases", "anonymous_purchases", "customers", "repeat_customers"):
            assert f"| {own[name]:,} |" in text, (channel, name)
        assert f"${float(own['net_revenue']):,.2f}" in text
        assert f"{own['repurchase_rate']:.1%}".replace("%", " %") in text
    for kind, own in figures["types"].items():
        line = next(row for row in text.splitlines() if row.startswith(f"| `{kind}`"))
        cells = [
            own["customers"],
            f"{own['mean_orders']:.1f}",
            f"${own['mean_order_value']:.2f}",
            f"${own['mean_spend']:.2f}",
            f"{own['median_days_silent']:g}",
        ]
        assert line.endswith("| " + " | ".join(map(str, cells)) + " |"), kind
    for row in json.loads((FOLDER / "truth/pairs.json").read_text(encoding="utf-8"))["planted"]:
        assert f"| {row['together']} | {row['support']:.2%}".replace("%", " %") in text
        assert f"| {row['lift']:.2f} |" in text
    for spring, ways in figures["came_back"].items():
        own = ways["all"]
        cells = [
            f"{spring.replace('_', ' ')} (March to May)",
            own["customers"],
            own["fully_observed"],
            own["returned_within_90_days"],
            f"{own['share_of_fully_observed'] * 100:.1f} %",
            f"{own['kaplan_meier_90_days'] * 100:.1f} %",
        ]
        assert "| " + " | ".join(map(str, cells)) + " |" in text
