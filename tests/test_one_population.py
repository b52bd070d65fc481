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

from loyalty.cli.run import run
from loyalty.customers.status import STATUSES
from loyalty.services import recommendations
from loyalty.services.figures import facts
from loyalty.shop.shop import Shop
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
    listed = ask("customers", "list")
    status = {customer["customer_id"]: customer["status"] for customer in listed["customers"]}
    assert listed["statuses"] == {key: list(status.values()).count(key) for key in STATUSES}

    audiences = {audience["key"]: audience for audience in ask("campaign", "audiences")["audiences"]}
    for key in STATUSES:
        people = sorted(name for name, own in status.items() if own == key)
        chosen = [
            customer["customer_id"] for customer in ask("customers", "list", "--status", key)["customers"]
        ]
        assert sorted(chosen) == people
        if not people:
            assert key not in audiences  # empty groups are not listed
            continue
        assert ask("campaign", "audiences", "--key", key)["audiences"][0]["customer_ids"] == people
        assert audiences[key]["customers"] == len(people)

    actions = ask("next", "--all")["actions"]
    assert {"overdue", "once"} <= {action["key"] for action in actions}
    for action in actions:
        audience = ask("campaign", "audiences", "--key", action["audience"])["audiences"][0]
        assert audience["customer_ids"] == sorted(action["customer_ids"])
        assert audience["customers"] == action["customers"] == len(action["customer_ids"])
        assert audience["reachable"] == action["reachable"]
        assert audiences[action["audience"]] == {k: v for k, v in audience.items() if k != "customer_ids"}

    predicted = ask("predict")["customers"]
    assert {row["customer_id"]: row["status"] for row in predicted}.items() <= status.items()
    chance = {customer["customer_id"]: customer["p_alive"] for customer in listed["customers"]}
    assert {row["customer_id"]: row["p_alive"] for row in predicted} == pytest.approx(
        {row["customer_id"]: chance[row["customer_id"]] for row in predicted}
    )
    values = {row["customer_id"]: row["p_alive"] for row in ask("clv")["customers"]}
    assert values == pytest.approx({name: chance[name] for name in values})

    for name in list(status)[:3]:
        assert ask("customers", "show", name)["known"]["status"] == status[name]
    table = tmp_path / "customers.csv"
    ask("customers", "list", "--out", table)
    with table.open(encoding="utf-8-sig", newline="") as file:
        assert Counter(row["Status"] for row in csv.DictReader(file)) == Counter(
            STATUSES[own] for own in status.values()
        )

    with Shop.open(shop_folder) as shop, shop.database.reading() as con:
        as_of = dt.date.fromisoformat(listed["as_of"])
        assert facts(con, as_of).statuses.counts == listed["statuses"]
        suggested = recommendations.load_inputs(con, as_of).statuses
        assert {name: suggested[name] for name in status} == status
