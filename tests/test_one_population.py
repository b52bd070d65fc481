"""A name has one population: on lists, in actions, audiences, predictions, suggestions, stories and files, by count and ids."""

from __future__ import annotations

import csv
import datetime as dt
import json
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from loyalty.cli.campaign_audiences import audience_inputs
from loyalty.cli.run import run
from loyalty.cli.session import Session
from loyalty.customers.status import STATUSES
from loyalty.models.next_actions import PAIR
from loyalty.services import recommendations
from loyalty.services.audiences import audiences
from loyalty.services.figures import facts
from loyalty.shop.shop import Shop
from loyalty.words import words_for
from tests.intake.builders import GENERIC, bring, generic_row, save, text_of

STAMP = dt.datetime(2026, 7, 1, 9, 0, 0)
Ask = Callable[..., dict[str, Any]]


def gift_shop(folder: Path) -> Path:
    """A year of a gift shop: many who bought once, some who come monthly, some who came back after long; ids like `12346`,
    no contacts, whole refunds."""
    rng, rows, number = np.random.default_rng(12), [], 0
    for person in range(160):
        kind = person % 4
        gap = (0, 28, 90, 150)[kind]
        days = [int(rng.integers(0, 360))]
        while gap and days[-1] < 364 and len(days) < 9 and rng.random() > 0.15:
            days.append(days[-1] + max(1, int(rng.gamma(4.0, gap / 4.0))))
        for day in [day for day in days if day < 365]:
            number += 1
            row = generic_row(1, "", f"Gift {person % 7}", "1", "12.50")
            at = (dt.date(2025, 7, 1) + dt.timedelta(days=day)).isoformat()
            rows.append({**row, "Invoice No": f"I{number}", "Customer": str(12346 + person), "Date": at})
    with Shop.open(folder / "shop") as shop:
        bring(shop, save(folder, "gifts.csv", text_of(GENERIC, rows)))
    return folder / "shop"


@pytest.fixture(scope="module", params=["sample", "gifts"])
def shop_folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "gifts":
        return gift_shop(folder)
    return Path(shutil.copytree(request.getfixturevalue("sample_shop_folder"), folder / "shop"))


@pytest.fixture
def ask(shop_folder: Path, capsys: pytest.CaptureFixture[str]) -> Ask:
    """The JSON document of a command on the shop."""

    def call(*arguments: object) -> dict[str, Any]:
        assert run(["--shop", str(shop_folder), *map(str, arguments), "--json"], STAMP) == 0
        document: dict[str, Any] = json.loads(capsys.readouterr().out)
        return document

    return call


def test_every_list_of_people_is_the_same_people_everywhere(
    ask: Ask, shop_folder: Path, tmp_path: Path
) -> None:
    table = tmp_path / "customers.csv"
    listed = ask("customers", "list", "--out", table)
    status = {customer["customer_id"]: customer["status"] for customer in listed["customers"]}
    people = {key: {name for name, own in status.items() if own == key} for key in STATUSES}
    assert listed["statuses"] == {key: len(ids) for key, ids in people.items()}
    with table.open(encoding="utf-8-sig", newline="") as file:
        assert Counter(row["Status"] for row in csv.DictReader(file)) == Counter(
            STATUSES[own] for own in status.values()
        )
    shown = ask("customers", "list", "--status", "overdue")["customers"]
    assert {customer["customer_id"] for customer in shown} == people["overdue"]
    name = next(iter(status))
    assert ask("customers", "show", name)["known"]["status"] == status[name]

    actions = {action["key"]: action for action in ask("next", "--all")["actions"]}
    assert {"overdue", "once"} <= actions.keys()
    one = ask("campaign", "audiences", "--key", "overdue")["audiences"][0]
    assert (set(one["customer_ids"]), one["customers"]) == (people["overdue"], len(people["overdue"]))
    counts = {entry["key"]: entry for entry in ask("campaign", "audiences")["audiences"]}
    assert counts["overdue"] == {key: value for key, value in one.items() if key != "customer_ids"}
    predicted = ask("predict")["customers"]
    chance = {customer["customer_id"]: customer["p_alive"] for customer in listed["customers"]}
    assert {row["customer_id"]: row["status"] for row in predicted}.items() <= status.items()
    assert {row["customer_id"]: row["p_alive"] for row in predicted} == pytest.approx(
        {row["customer_id"]: chance[row["customer_id"]] for row in predicted}
    )

    as_of = dt.date.fromisoformat(listed["as_of"])
    with Shop.open(shop_folder) as shop:
        session = Session(shop, words_for("en"), STAMP, as_of)
        groups = audiences(audience_inputs(session, lambda key: key == PAIR))
        ids = {audience.key: set(audience.members["customer_id"]) for audience in groups}
        assert {key: ids.get(key, set()) for key in STATUSES} == people
        assert {key: counts[key]["customers"] for key in ids} == {key: len(own) for key, own in ids.items()}
        for key, action in actions.items():
            assert set(action["customer_ids"]) == ids[action["audience"]]
            assert action["customers"] == len(ids[key])
            assert action["reachable"] == counts[key]["reachable"]
        con = shop.database.reader()
        assert facts(con, as_of).statuses.counts == listed["statuses"]


@pytest.mark.parametrize("shop_folder", ["gifts"], indirect=True)
def test_suggestions_go_by_the_same_statuses(ask: Ask, shop_folder: Path) -> None:
    listed = ask("customers", "list")
    status = {customer["customer_id"]: customer["status"] for customer in listed["customers"]}
    with Shop.open(shop_folder) as shop:
        inputs = recommendations.load_inputs(shop.database.reader(), dt.date.fromisoformat(listed["as_of"]))
    assert {name: inputs.statuses[name] for name in status} == status
