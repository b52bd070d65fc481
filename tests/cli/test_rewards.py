"""rewards: the programme's versions, the ledger, balances, points used, opening balances, files, and the tuner's keys."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Cli
from tests.intake.builders import GENERIC, generic_row, save, text_of

YEAR = "2025-12-31"


@pytest.fixture
def shop(cli: Cli, year: Path) -> Cli:
    """The year of sales: customer n buys n % 4 + 1 times for 10.00 each."""
    assert cli("import", year, "--kind", "orders", "--currency", "USD", "--date-order", "YMD")[0] == 0
    return cli


def rules(tmp_path: Path, **parts: object) -> Path:
    programme = {
        "name": "Club",
        "points_per_unit": "1",
        "point_value": "0.05",
        "tiers": [{"key": "base", "name": "Base", "threshold": "0"}],
        **parts,
    }
    return save(tmp_path, "rules.json", json.dumps(programme))


def test_the_ledger_posts_once_and_shows_outstanding_points(shop: Cli, tmp_path: Path) -> None:
    assert shop("rewards", "set", rules(tmp_path))[0] == 0
    code, answer = shop("rewards", "ledger", "--out", tmp_path / "ledger.csv")
    orders = sum(n % 4 + 1 for n in range(30))
    assert (code, answer["issued"], answer["outstanding"]) == (0, 10 * orders, 10 * orders)
    assert answer["liability"] == pytest.approx(10 * orders * 0.05 * 0.6)
    assert answer["posted"] == {"posting": 1, "entries": orders, "points": 10 * orders}
    assert sum(cohort["issued"] for cohort in answer["cohorts"]) == 10 * orders
    assert shop("rewards", "ledger")[1]["posted"]["entries"] == 0
    rows = list(csv.DictReader(io.StringIO((tmp_path / "ledger.csv").read_text("utf-8-sig"))))
    assert sum(int(row["points"]) for row in rows) == 10 * orders


def test_a_balance_with_its_entries_and_redeemed_points(shop: Cli, tmp_path: Path) -> None:
    shop("rewards", "set", rules(tmp_path))
    code, answer = shop("rewards", "balance", "c03")
    assert (code, answer["points"], answer["worth"]) == (0, 40, 2.0)
    assert [entry["points"] for entry in answer["entries"]] == [10, 10, 10, 10]
    assert answer["entries"][-1]["balance"] == 40
    assert shop("rewards", "redeem", "c03", "--points", "25")[1]["value"] == 1.25
    assert shop("rewards", "balance", "c03")[1]["points"] == 15
    code, refused = shop("rewards", "redeem", "c03", "--points", "16")
    assert (code, refused["error"]) == (1, "There are 15 points on this account, so 16 cannot be used.")
    assert shop("rewards", "ledger")[1]["used"] == 25
    assert shop("rewards", "undo", "1") == (0, {"move_id": 1})
    assert shop("rewards", "balance", "c03")[1]["points"] == 40
    assert shop("rewards", "undo", "1")[0] == 1
    answer = shop("rewards", "ledger")[1]
    assert answer["posted"]["points"] == 25  # the books say so by an entry of their own


def test_points_are_redeemed_in_steps(shop: Cli, tmp_path: Path) -> None:
    shop("rewards", "set", rules(tmp_path, steps=[{"points": 20, "value": "2"}]))
    assert shop("rewards", "balance", "c03")[1]["worth"] == 4.0
    assert shop("rewards", "redeem", "c03", "--points", "30")[0] == 1
    assert shop("rewards", "redeem", "c03", "--points", "20")[1]["value"] == 2.0


def test_versions_apply_from_their_day(shop: Cli, tmp_path: Path) -> None:
    shop("rewards", "set", rules(tmp_path))
    shop("rewards", "set", rules(tmp_path, points_per_unit="3", starts_on="2025-05-01"))
    answer = shop("rewards", "versions")[1]
    assert [(v["number"], v["starts"]) for v in answer["versions"]] == [(1, None), (2, "2025-05-01")]
    # c03 buys on 4 January, 6 March, 6 May and 6 July
    assert [e["points"] for e in shop("rewards", "balance", "c03")[1]["entries"]] == [10, 10, 30, 30]


def test_opening_balances_are_imported_once(shop: Cli, tmp_path: Path) -> None:
    shop("rewards", "set", rules(tmp_path))
    table = "customer,points,expires\nc01,500,2025-06-30\nc02,70,\nnobody,5,\nc03,1.5,\n"
    path = save(tmp_path, "points.csv", table)
    answer = shop("rewards", "opening", path, "--dry-run")[1]
    assert (answer["rows"], answer["entered"], len(answer["rejected"])) == (4, 2, 2)
    assert shop("rewards", "balance", "c02")[1]["points"] == 30
    answer = shop("rewards", "opening", path)[1]
    assert (answer["entered"], answer["points"], answer["known"]) == (2, 570, 0)
    assert [row["line"] for row in answer["rejected"]] == [4, 5]
    assert shop("rewards", "opening", path)[1]["entered"] == 0
    assert shop("rewards", "balance", "c02")[1]["points"] == 100
    assert shop("rewards", "balance", "c01", "--as-of", "2025-06-30")[1]["points"] == 520
    assert shop("rewards", "balance", "c01", "--as-of", "2025-07-01")[1]["points"] == 20
    assert shop("rewards", "opening", save(tmp_path, "no.csv", "a,b\n1,2\n"))[0] == 1


@pytest.mark.parametrize("layout", ["generic", "xlsx", "shopify", "square", "klaviyo", "mailchimp", "sms"])
def test_balances_as_files(shop: Cli, tmp_path: Path, layout: str) -> None:
    out = tmp_path / f"balances.{layout}"
    code, answer = shop("rewards", "files", "--out", out, "--format", layout)
    assert (code, answer["accounts"]) == (0, 30)
    assert out.stat().st_size > 0


def test_the_tuner_names_the_best_of_its_settings(shop: Cli, tmp_path: Path) -> None:
    tiers = [
        {"key": "a", "name": "A", "threshold": "0"},
        {"key": "b", "name": "B", "threshold": "30", "multiplier": "2"},
    ]
    shop("rewards", "set", rules(tmp_path, tiers=tiers))
    code, answer = shop("rewards", "tune", "--margin", "0.6", "--as-of", YEAR)
    assert (code, len(answer["settings"]), answer["margin_assumed"]) == (0, 42, False)
    assert answer["best"]["expected_gain"] == max(s["expected_gain"] for s in answer["settings"])
    assert all(s["low"] <= s["expected_gain"] <= s["high"] and s["cost"] > 0 for s in answer["settings"])
    tight = shop("rewards", "tune", "--budget", "10", "--as-of", YEAR)[1]
    assert tight["best"] is None or tight["best"]["cost"] <= 10
    assert {row["if"] for row in tight["sensitivity"]} >= {"as assumed", "all points used"}
    assert set(tight["responses"]) == {"step", "back", "coupon"}
    assert tight["promises"] == []


def test_gifts_and_standing_discounts_as_files(shop: Cli, tmp_path: Path) -> None:
    code, answer = shop("rewards", "gifts", "--out", tmp_path / "none.csv")
    assert (code, answer["coupons"], answer["list_id"]) == (0, 0, 0)  # a programme without gifts
    gifts = [{"occasion": "anniversary", "kind": "fixed", "value": "5", "days_before": 2, "valid_days": 20}]
    discounts = [
        {
            "name": "Old friends",
            "audience": "long_standing",
            "kind": "percent",
            "value": "5",
            "after_days": 183,
        }
    ]
    shop("rewards", "set", rules(tmp_path, gifts=gifts, discounts=discounts))
    out = tmp_path / "gifts.csv"
    code, answer = shop("rewards", "gifts", "--days", "10", "--out", out)
    # it is 2 January 2026; customer n first came on 1 January 2025 and n days
    assert (code, answer["coupons"], answer["silent"]) == (0, 12, 0)
    rows = list(csv.DictReader(io.StringIO(out.read_text("utf-8-sig"))))
    assert {row["Segment"] for row in rows} == {"Gift: anniversary of the first order"}
    assert shop("rewards", "gifts", "--days", "10", "--out", out)[1]["coupons"] == 0
    assert shop("rewards", "gifts")[0] == 2
    discount_list = tmp_path / "held.csv"
    code, answer = shop("rewards", "discounts", "--out", discount_list)
    assert code == 0
    # as of the last day of the data, 30 July 2025: who came on 28 January or before
    assert answer["discounts"] == [{"name": "Old friends", "customers": 28}]
    assert (
        len(list(csv.DictReader(io.StringIO(discount_list.read_text("utf-8-sig")))))
        == len(answer["customers"])
        == 28
    )
    # 183 days after the first order came the fourth one of customers 3, 7, … 27, of 10.00 each
    (benefit,) = shop("rewards", "tune")[1]["promises"]
    assert (benefit["name"], benefit["times"], benefit["cost"]) == ("Old friends", 7, pytest.approx(3.5))
    for days in ("0", "-3", "99999999"):
        assert shop("rewards", "gifts", f"--days={days}", "--out", out)[0] == 2


@pytest.mark.parametrize(
    "orders",
    [{"Customer": "a"}, {"Customer": ""}, {"Customer": "a", "Refunded": "4.00"}],
    ids=["one", "unknown", "refunded"],
)
def test_a_full_programme_on_hardly_any_orders(cli: Cli, tmp_path: Path, orders: dict[str, str]) -> None:
    row = {**generic_row(1, "", "Tea", "1", "4.00"), **orders}
    assert cli("import", save(tmp_path, "few.csv", text_of(GENERIC, [row])))[0] == 0
    assert cli("rewards", "ready", "online_shop", "--out", tmp_path / "p.json")[0] == 0
    assert cli("rewards", "set", tmp_path / "p.json")[0] == 0
    code, answer = cli("rewards", "tune")
    assert (code, {row["name"] for row in answer["promises"]} <= {"sign_up", "bonus", "Welcome"}) == (0, True)
    assert cli("rewards", "gifts", "--out", tmp_path / "g.csv")[1]["coupons"] == 0
    code, answer = cli("rewards", "discounts")
    assert (code, answer["discounts"]) == (0, [{"name": "Welcome", "customers": len(answer["customers"])}])


def test_ready_made_programmes_can_be_set(shop: Cli, tmp_path: Path) -> None:
    keys = [row["key"] for row in shop("rewards", "ready")[1]["ready"]]
    assert keys == ["cafe", "crafts", "tutoring", "online_shop"]
    for key in keys:
        assert shop("rewards", "ready", key, "--out", tmp_path / "p.json")[0] == 0
        assert shop("rewards", "set", tmp_path / "p.json")[0] == 0
        assert shop("rewards", "tune")[0] == 0
    assert shop("rewards", "ready", "zoo")[0] == 2


def test_output_without_json(shop: Cli, plain: Callable[..., Any], tmp_path: Path) -> None:
    shop("rewards", "set", rules(tmp_path))
    code, output, _ = plain("rewards", "balance", "c03")
    assert code == 0
    assert "40 points on account, which take off $2.00; 0 more are pending." in output
    code, output, _ = plain("rewards", "tune", "--language", "zh_CN")
    assert code == 0
    assert "你" in output
