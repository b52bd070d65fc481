"""campaign: an experiment from a plain file; a list from plan to result."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from loyalty.cli import campaign_audiences
from loyalty.services.audiences import WORTH_CONTACTING, PreparedAudience
from loyalty.services.figures import facts
from loyalty.words import Message
from tests.campaigns.builders import listed, sales
from tests.cli.conftest import Cli
from tests.intake.builders import save


def experiment_file(folder: Path) -> Path:
    """Hillstrom's counts of visits, a tenth of the size: 389 of 2,131 sent, 226 of 2,131 not."""
    rows = ["segment,visit,spend\n"]
    for name, visits in (("Mens E-Mail", 389), ("No E-Mail", 226)):
        rows += [f"{name},{int(n < visits)},{12.5 if n < visits // 10 else 0}\n" for n in range(2131)]
    return save(folder, "test.csv", "".join(rows))


def test_an_experiment_from_a_file(cli: Cli, tmp_path: Path) -> None:
    path = experiment_file(tmp_path)
    code, answer = cli(
        "campaign",
        "measure",
        "--file",
        path,
        "--group",
        "segment",
        "--control",
        "No E-Mail",
        "--outcomes",
        "visit,spend",
    )
    assert code == 0
    visit = answer["outcomes"]["visit"]
    assert {"treated", "control", "lift", "low", "high", "p_value", "total"} <= set(visit)
    assert visit["lift"] == pytest.approx((389 - 226) / 2131)
    assert visit["total"] == pytest.approx(389 - 226)
    assert visit["low"] < visit["lift"] < visit["high"]
    assert answer["groups"]["Mens E-Mail"]["outcomes"]["visit"] == {
        k: v for k, v in visit.items() if k != "by_group"
    }
    assert answer["outcomes"]["spend"]["lift"] == pytest.approx(12.5 * (38 - 22) / 2131)


def test_a_wrong_file_is_reported(
    cli: Cli, plain: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    path = experiment_file(tmp_path)
    common = ("campaign", "measure", "--file", path, "--group", "segment", "--outcomes", "visit")
    assert cli(*common)[0] == 2
    code, answer = cli(*common, "--control", "nobody")
    assert (code, "There are: Mens E-Mail, No E-Mail" in answer["error"]) == (1, True)
    code, output, _ = plain(*common, "--control", "No E-Mail")
    assert code == 0
    assert "Mens E-Mail" in output
    assert "18.25%" in output


def test_an_earlier_audience_key_is_computed_under_today_s(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in (("sales.csv", sales()), ("people.csv", listed())):
        assert cli("import", save(tmp_path, name, text), "--currency", "USD")[0] == 0

    def worth_contacting(session, con, as_of, wanted):
        ids = facts(con, as_of).customers["customer_id"][:7]
        audience = PreparedAudience(WORTH_CONTACTING, Message("Test"), Message("Test"), frozenset(ids))
        return [audience] if wanted(WORTH_CONTACTING) else []

    monkeypatch.setattr(campaign_audiences, "_predicted", worth_contacting)
    code, answer = cli("campaign", "audiences", "--key", "predicted-away")
    assert (code, [(each["key"], each["customers"]) for each in answer["audiences"]]) == (
        0,
        [("worth_contacting", 7)],
    )
    assert cli("campaign", "plan", "--audience", "predicted-away", "--medium", "counter")[1]["people"] == 7


def test_from_plan_to_result(cli: Cli, tmp_path: Path) -> None:
    for name, text in (("sales.csv", sales()), ("people.csv", listed())):
        assert cli("import", save(tmp_path, name, text), "--currency", "USD")[0] == 0
    code, answer = cli("campaign", "plan", "--audience", "everyone")
    assert code == 0
    assert not answer["seen"]
    assert answer["needed"] > answer["reachable"]
    assert answer["way_out"]
    assert cli("campaign", "plan", "--offer", "ten")[0] == 1
    code, answer = cli("campaign", "audiences")
    assert code == 0
    sizes = {each["key"]: each["customers"] for each in answer["audiences"]}
    assert {"everyone", "suggested"} <= set(sizes)
    code, campaign = cli(
        "campaign", "create", "--offer", "10%", "--offer", "5", "--hold-back", "0.2", "--name", "January"
    )
    assert (code, campaign["campaign_id"]) == (0, 1)
    out = tmp_path / "list.csv"
    code, answer = cli("campaign", "export", "1", "--format", "klaviyo-coupons", "--out", out)
    assert code == 0
    with out.open(encoding="utf-8", newline="") as file:
        assert len({row["Coupon"] for row in csv.DictReader(file)}) == answer["people"]
    assert cli("campaign", "export", "1", "--format", "sms-cn", "--out", out)[0] == 2  # an e-mail list
    assert cli("campaign", "sent", "1", "--as-of", "2026-01-05")[0] == 0
    assert cli("campaign", "list")[1]["campaigns"][0]["sent_on"] == "2026-01-05"
    code, answer = cli("campaign", "measure", "1", "--as-of", "2026-02-20")
    assert code == 0
    assert (answer["look"], answer["sent"] + answer["held"]) == (4, campaign["people"])
    assert "outcomes" in answer
    assert cli("campaign", "learn", "1", "--as-of", "2026-02-20")[0] == 0
    assert cli("campaign", "learn", "1", "--undo")[0] == 0
    assert cli("campaign", "cancel", "1")[0] == 0
    assert cli("campaign", "measure")[0] == 2
    assert cli("campaign", "measure", "9")[0] == 1
