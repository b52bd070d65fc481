"""A shop of two channels, with answers and words on how people were won, and the same by hand."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass

import ibis
import pandas as pd
import pytest

from loyalty.intake.decisions import Answers
from loyalty.shop.shop import Shop
from tests.facts.test_facts import AS_OF, by_hand, make
from tests.intake.builders import GENERIC, bring, save, text_of

SOURCES = {"Ann": "friend", "Bob": " ads ", "Cid": "", "Zoe": "ads"}  # Zoe never bought


@dataclass(frozen=True)
class Case:
    """`orders`: what counts, by hand, with channel and order_id; `rows`: lines as in the files; `answers`: by hand."""

    con: ibis.BaseBackend
    orders: pd.DataFrame
    rows: pd.DataFrame
    answers: pd.DataFrame


def survey(seed: int, orders: pd.DataFrame) -> pd.DataFrame:
    """Answers of some buyers some days after an order, and of strangers; some name a product, one is of tomorrow."""
    chance = random.Random(seed)
    survey_rows = []
    for row in orders[orders["purchase"] & orders["known"]].itertuples():
        if chance.random() < 0.5:
            after = dt.timedelta(days=chance.choice([0, 1, 5, 20, 45, 80]), hours=chance.randint(0, 5))
            product = chance.choice([None, None, "Tea", "Scarf", ""])
            survey_rows.append((row.customer_id, row.at + after, chance.choice([1.0, 4.0, 5.0]), product))
    survey_rows += [
        (None, pd.Timestamp("2025-01-01"), 5.0, "Mug"),
        (None, pd.Timestamp("2025-01-02"), 2.0, None),
        ("Ann", pd.Timestamp("2023-01-01"), 3.0, None),
        ("Ann", pd.Timestamp(AS_OF) + pd.Timedelta(days=1), 3.0, "Tea"),
    ]
    sales_rows = pd.DataFrame(survey_rows, columns=["customer_id", "at", "score", "product"])
    texts = sales_rows[["customer_id", "product"]].astype(object)
    return sales_rows.assign(**texts.where(texts.notna(), None))


@pytest.fixture(scope="module", params=[1, 2])
def two_channels(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    """Two files of the same makers as in `test_facts`, as channels "web" and "stall"."""
    folder = tmp_path_factory.mktemp("channels")
    with Shop.open(folder / "shop") as shop:
        orders, rows = [], []
        for place, channel in enumerate(("web", "stall")):
            sales_rows = make(10 * request.param + place)
            bring(
                shop, save(folder, f"{channel}.csv", text_of(GENERIC, sales_rows)), Answers(channel=channel)
            )
            orders.append(by_hand(sales_rows).rename_axis("order_id").reset_index().assign(channel=channel))
            rows.append(pd.DataFrame(sales_rows).assign(channel=channel))
        all_orders = pd.concat(orders).sort_values("at", ignore_index=True)
        answers = survey(request.param, all_orders)
        with shop.database.writing() as cursor:
            for nth, (who, at, score, product) in enumerate(answers.itertuples(index=False)):
                cursor.execute(
                    "INSERT INTO feedback_versions (import_id, customer_id, answered_at, kind, score, scale, line_key, nth, "
                    "product) VALUES (1, ?, ?, 'csat', ?, 5, ?, 1, ?)",
                    [who, at.to_pydatetime(), score, nth, product],
                )
            for who, word in SOURCES.items():
                cursor.execute(
                    "INSERT INTO customer_versions (import_id, customer_id, derived, acquired_via) VALUES (1, ?, false, ?)",
                    [who, word],
                )
        yield Case(shop.database.reader(), all_orders, pd.concat(rows), answers)
