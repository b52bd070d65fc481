"""kpis, cohorts, clv, segments, rules, rewards: the keys that others rely on, with values worked by hand."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from tests.intake.builders import save

#: The year of `conftest.year`: customers with 1, 2, 3, 4 orders: 8, 8, 7, 7.
ORDERS = 8 * 1 + 8 * 2 + 7 * 3 + 7 * 4


@pytest.fixture
def shop(cli: Cli, year: Path) -> Cli:
    """A command line on a shop that holds the year."""
    assert cli("import", year)[0] == 0
    return cli


def test_kpis(shop: Cli) -> None:
    code, answer = shop("kpis", "--as-of", "2025-12-31")
    assert code == 0
    assert (answer["customers"], answer["orders"], answer["revenue"], answer["aov"]) == (
        30,
        ORDERS,
        ORDERS * 10.0,
        10.0,
    )
    assert answer["repurchase_rate"] == pytest.approx(22 / 30)
    assert answer["median_gap_days"] == 61
    assert answer["anonymous_share"] == 0
    assert answer["purchase_frequency"] == pytest.approx(ORDERS / 30)
    assert set(answer["repurchase_within"]) == {"30", "60", "90", "180", "365"}
    within = answer["repurchase_within"]["90"]
    assert within.keys() >= {"rate", "low", "high", "at_risk"}
    assert within["rate"] == pytest.approx(22 / 30)
    assert answer.keys() >= {"returning_rate", "referral_rate", "csat", "nps", "cac", "as_of", "currency"}
    assert answer["csat"] is None


def test_kpis_of_a_period_and_by_month(shop: Cli) -> None:
    """In March: second orders of n = 0 (day 62 of the year is 3 March) to 28 with n % 4 >= 1, on days n + 61."""
    code, answer = shop("kpis", "--from", "2025-03-01", "--to", "2025-03-31", "--by", "month")
    assert code == 0
    buyers = [n for n in range(30) if n % 4 >= 1 and 59 <= n + 61 <= 89]
    assert (answer["orders"], answer["customers"], answer["returning_rate"]) == (
        len(buyers),
        len(buyers),
        1.0,
    )
    assert answer["months"][0]["month"] == "2025-01-01T00:00:00"
    assert sum(month["orders"] for month in answer["months"]) == ORDERS
    assert answer["months"][0]["new_customers"] == 30


def test_kpis_of_new_customers(shop: Cli, tmp_path: Path) -> None:
    """All 30 are new in January. c00 brought c05 and c06, c01 brought c07; who had bought before the day counts for nobody.

    January cost 90.00, so each of the 30 cost 3.00; ads of 60.00 brought the 6 who say so.
    """
    assert shop("kpis")[1]["referral_rate"] is None
    referrals = "date,referrer,friend\n2025-01-01,c00,c05\n2025-01-07,c00,c06\n2025-01-02,c01,c07\n2025-01-30,c02,c08\n"
    spend = "month,channel,spend\n2025-01,Ads,60\n2025-01,Flyers,30\n2026-01,Ads,500\n"
    came = "customer number,city,source\n" + "".join(f"c{n:02d},Bath,ads\n" for n in range(6))
    stars = "date,customer,stars,product\n2025-02-01,c01,4,Tea\n2025-02-02,c02,5,Tea\n"
    files = {"referrals": referrals, "spent": spend, "came": came, "stars": stars}
    assert shop("import", *[save(tmp_path, f"{name}.csv", text) for name, text in files.items()])[0] == 0
    code, answer = shop("kpis", "--as-of", "2025-12-31", "--by", "channel")
    assert code == 0
    assert (answer["referral_rate"], answer["referred_share"]) == (2 / 30, 3 / 30)
    assert (answer["cac"], answer["csat"], answer["review_stars"], answer["reviews"]) == (
        90 / 30,
        None,
        4.5,
        2,
    )
    assert answer["acquisition"] == [
        {"channel": "Ads", "spend": 60.0, "new_customers": 6, "cac": 10.0},
        {"channel": "Flyers", "spend": 30.0, "new_customers": 0, "cac": None},
    ]
    code, answer = shop("kpis", "--as-of", "2025-12-31", "--by", "month", "--from", "2025-02-01")
    assert (answer["cac"], answer["referred_share"], answer["referral_rate"]) == (None, None, 2 / 30)
    assert [(m["spend"], m["cac"]) for m in answer["months"][:2]] == [(90.0, 3.0), (None, None)]


def test_later_orders_are_not_seen(shop: Cli) -> None:
    assert shop("kpis", "--as-of", "2025-01-10")[1]["orders"] == 10
    assert shop("clv", "--as-of", "2025-01-10")[1]["as_of"] == "2025-01-10"


def test_cohorts(shop: Cli) -> None:
    code, answer = shop("cohorts")
    assert code == 0
    (cohort,) = answer["cohorts"]
    assert (cohort["cohort"], cohort["size"], cohort["retained"][0]) == ("2025-01", 30, 1.0)
    second = sum(n % 4 >= 1 and 59 <= n + 61 <= 89 for n in range(30))
    assert cohort["retained"][2] == pytest.approx(second / 30, abs=1e-6)


def test_clv(shop: Cli) -> None:
    code, answer = shop("clv", "--margin", "0.5", "--lifespan", "2")
    assert code == 0
    assert answer["formula_clv"] == pytest.approx(10.0 * ORDERS / 30 * 2 * 0.5)
    assert answer["historic_clv"] == pytest.approx(ORDERS * 10.0 / 30 * 0.5)
    assert len(answer["customers"]) == 30


def test_segments(shop: Cli, tmp_path: Path) -> None:
    out = tmp_path / "members.csv"
    code, answer = shop("segments", "--method", "rfm", "--out", out)
    assert code == 0
    assert answer.keys() >= {"k", "silhouette", "stability", "segments"}
    assert sum(segment["customers"] for segment in answer["segments"]) == 30
    assert sum(segment["share_of_revenue"] for segment in answer["segments"]) == pytest.approx(1)
    assert answer["segments"][0].keys() >= {
        "name",
        "customers",
        "share_of_revenue",
        "recency_days",
        "frequency",
        "monetary",
    }
    with out.open(encoding="utf-8-sig", newline="") as source:
        assert len(list(csv.DictReader(source))) == 30


def test_rules_of_the_shop_and_of_a_file(shop: Cli, tmp_path: Path) -> None:
    code, answer = shop("rules", "--all", "--min-support", "0.1", "--min-confidence", "0.5")
    assert (code, answer["baskets"]) == (0, ORDERS)
    honey = sum(n % 4 + 1 for n in range(30) if n % 3)
    rule = next(r for r in answer["rules"] if r["antecedent"] == ["Tea"] and r["consequent"] == "Honey")
    assert rule.keys() >= {
        "antecedent",
        "consequent",
        "support",
        "confidence",
        "lift",
        "count",
        "lift_low",
        "q_value",
    }
    assert (rule["count"], rule["support"], rule["confidence"]) == (
        honey,
        pytest.approx(honey / ORDERS),
        pytest.approx(honey / ORDERS),
    )


def test_rules_of_a_plain_file_of_baskets(cli: Cli, tmp_path: Path) -> None:
    """Four baskets: bread in 3, butter in 2, both in 2: bread -> butter has confidence 2/3 and lift 4/3."""
    path = save(
        tmp_path, "b.csv", "basket_no,what\n1,bread\n1,butter\n2,bread\n2,butter\n2,butter\n3,bread\n4,tea\n"
    )
    code, answer = cli(
        "rules",
        "--baskets",
        path,
        "--map",
        "order_id=basket_no,product=what",
        "--all",
        "--min-support",
        "0.1",
        "--min-confidence",
        "0.1",
    )
    assert (code, answer["baskets"]) == (0, 4)
    rule = next(r for r in answer["rules"] if r["antecedent"] == ["bread"] and r["consequent"] == "butter")
    assert (rule["count"], rule["support"], rule["confidence"], rule["lift"]) == (
        2,
        0.5,
        pytest.approx(2 / 3),
        pytest.approx(4 / 3),
    )
    assert not (tmp_path / "shop").exists()
    code, answer = cli("rules", "--baskets", path, "--map", "order_id=nope,product=what")
    assert (code, answer["error"]) == (1, "The file has no column “nope”. Its columns are: basket_no, what.")
    assert cli("rules", "--baskets", tmp_path / "gone.csv")[0] == 1


def test_rewards(shop: Cli, tmp_path: Path) -> None:
    code, answer = shop("rewards", "show")
    assert (code, answer["saved"]) == (0, False)
    programme = save(tmp_path, "programme.json", json.dumps(answer["programme"]))
    assert shop("rewards", "set", programme) == (0, {"version": 1})
    code, again = shop("rewards", "show")
    assert (code, again["saved"], again["programme"]) == (0, True, answer["programme"])
    code, answer = shop("rewards", "balance", "c03")
    assert (code, answer["customer_id"]) == (0, "c03")
    code, answer = shop("rewards", "balance", "nobody")
    assert (code, answer["error"]) == (1, "There is no customer “nobody” with a purchase.")
    code, answer = shop("rewards", "tune")
    assert code == 0
    assert answer.keys() >= {"settings", "best"}
    assert all(setting.keys() >= {"cost", "expected_gain", "low", "high"} for setting in answer["settings"])


def test_rewards_coupons(shop: Cli, tmp_path: Path) -> None:
    keys = [segment["key"] for segment in shop("segments")[1]["segments"]]
    for suffix in ("csv", "xlsx", "woocommerce"):
        out = tmp_path / f"coupons.{suffix}"
        options = [option for key in keys for option in ("--segment", key)]
        code, answer = shop("rewards", "coupons", "--out", out, "--format", suffix, *options)
        assert code == 0
        assert answer.keys() >= {"list_id", "coupons"}
        assert out.stat().st_size > 0
    assert shop("rewards", "coupons", "--out", tmp_path / "x.csv", "--segment", "nope")[0] == 2
    assert shop("rewards", "set", tmp_path / "gone.json")[0] == 1
    code, answer = shop("rewards", "set", save(tmp_path, "bad.json", "{]"))
    assert (code, list(answer)) == (1, ["error"])


@pytest.mark.parametrize(
    "command",
    [["kpis"], ["cohorts"], ["clv"], ["segments"], ["rules"], ["rewards", "show"], ["rewards", "tune"]],
)
def test_an_empty_shop_reports_missing_sales(command: list[str], cli: Cli) -> None:
    assert cli(*command) == (
        1,
        {"error": "There are no sales in this shop yet. Bring in a sales export first."},
    )
