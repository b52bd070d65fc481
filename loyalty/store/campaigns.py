"""Campaigns as they were drawn, what became of them, and what was learnt: only ever added to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import duckdb
import pandas as pd
import pyarrow as pa

from loyalty.store.database import Database, one
from loyalty.store.rewards import COUPON_COLUMNS

ASSIGNMENT_COLUMNS = ("customer_id", "arm", "stratum", "segment", "code", "product", "reason")
GAIN, ODDS, SHARE = "gain", "odds", "share"  # what a kept response measures
_RESPONSE = "response_id, campaign_id, segment, offer, mean, sd, source, kept_at, undone_at, measure"
EXPORTED, SENT, CANCELLED = "exported", "sent", "cancelled"


@dataclass(frozen=True)
class CampaignRecord:
    """One campaign. `plan`: JSON of `loyalty.campaigns.plan`. `sent_on`: the day the owner says, None until then."""

    campaign_id: int
    name: str
    plan: str
    list_id: int
    created_at: dt.datetime
    sent_on: dt.date | None
    cancelled_on: dt.date | None

    @property
    def starts_on(self) -> dt.date:
        """The first day whose sales count: the day it was sent, until that is told the day it was drawn."""
        return self.sent_on or self.created_at.date()


@dataclass(frozen=True)
class MeasuredResponse:
    """What was measured and kept, by offer and segment ("" for everybody): extra `GAIN` a person written to, by how much the
    log-`ODDS` to buy rose, or the `SHARE` of those written to who bought because of it."""

    response_id: int
    campaign_id: int
    segment: str
    offer: str
    mean: float
    sd: float
    source: str
    kept_at: dt.datetime
    undone_at: dt.datetime | None
    measure: str = GAIN


def save_campaign(
    database: Database, name: str, plan: str, drawn: pd.DataFrame, coupons: pd.DataFrame, stamp: dt.datetime
) -> int:
    """Keep a campaign whole or not at all: `drawn` (ASSIGNMENT_COLUMNS) and its `coupons` (COUPON_COLUMNS); its number."""
    with database.writing(sales=False) as cursor:
        campaign_id, list_id = _next(cursor, "campaigns", "campaign_id"), _next(cursor, "coupons", "list_id")
        cursor.execute(
            "INSERT INTO campaigns VALUES (?, ?, ?, ?, ?)", [campaign_id, name, plan, list_id, stamp]
        )
        _insert(cursor, "assignments", drawn, ASSIGNMENT_COLUMNS, {"campaign_id": campaign_id})
        _insert(cursor, "coupons", coupons, COUPON_COLUMNS, {"list_id": list_id, "issued_at": stamp})
    return campaign_id


def _next(cursor: duckdb.DuckDBPyConnection, table: str, column: str) -> int:
    row = one(cursor, f"SELECT coalesce(max({column}), 0) + 1 FROM {table}")
    return int(str(row[0])) if row else 1


def _insert(
    cursor: duckdb.DuckDBPyConnection,
    table: str,
    rows: pd.DataFrame,
    columns: Iterable[str],
    same: dict[str, object],
) -> None:
    """Rows with the values that are the same for all of them."""
    names = list(columns)
    cursor.register("rows_now", pa.Table.from_pandas(rows[names], preserve_index=False))
    marks = ", ".join("?" for _ in same)
    cursor.execute(
        f"INSERT INTO {table} ({', '.join([*same, *names])}) SELECT {marks}, {', '.join(names)} FROM rows_now",
        list(same.values()),
    )
    cursor.unregister("rows_now")


def campaigns(database: Database) -> list[CampaignRecord]:
    """All campaigns, the newest first; of several days of sending the last that was told counts."""
    rows = database.cursor().execute(
        f"""SELECT c.campaign_id, name, plan, list_id, created_at,
            arg_max(happened_on, noted_at) FILTER (what = '{SENT}'), max(happened_on) FILTER (what = '{CANCELLED}')
        FROM campaigns c LEFT JOIN campaign_events USING (campaign_id) GROUP BY ALL ORDER BY c.campaign_id DESC"""
    )
    return [CampaignRecord(*row) for row in rows.fetchall()]


def record_event(
    database: Database, campaign_id: int, what: str, day: dt.date, stamp: dt.datetime, detail: str = ""
) -> None:
    """Keep what became of a campaign."""
    with database.writing(sales=False) as cursor:
        cursor.execute(
            "INSERT INTO campaign_events VALUES (?, ?, ?, ?, ?)", [campaign_id, what, day, detail, stamp]
        )


def events(database: Database) -> pd.DataFrame:
    """Everything that became of campaigns, the newest first: campaign_id, what, happened_on, detail, noted_at."""
    rows = (
        database.cursor()
        .execute("SELECT * FROM campaign_events ORDER BY noted_at DESC, campaign_id DESC")
        .fetchall()
    )
    return pd.DataFrame(rows, columns=["campaign_id", "what", "happened_on", "detail", "noted_at"])


def save_response(database: Database, found: MeasuredResponse) -> int:
    """Keep a measured response (its number is given here); one kept before for the same campaign, segment, offer and
    measure is taken back."""
    with database.writing(sales=False) as cursor:
        cursor.execute(
            """UPDATE measured_responses SET undone_at = $stamp WHERE campaign_id = $id AND segment = $segment AND offer = $offer
            AND measure = $measure AND undone_at IS NULL""",
            {
                "stamp": found.kept_at,
                "id": found.campaign_id,
                "segment": found.segment,
                "offer": found.offer,
                "measure": found.measure,
            },
        )
        number = _next(cursor, "measured_responses", "response_id")
        values = [
            number,
            found.campaign_id,
            found.segment,
            found.offer,
            found.mean,
            found.sd,
            found.source,
            found.kept_at,
            found.measure,
        ]
        cursor.execute(
            f"INSERT INTO measured_responses ({_RESPONSE}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL, ?)", values
        )
    return number


def undo_responses(database: Database, campaign_id: int, stamp: dt.datetime) -> int:
    """Take back what a campaign taught; how many were."""
    with database.writing(sales=False) as cursor:
        row = one(
            cursor,
            "UPDATE measured_responses SET undone_at = ? WHERE campaign_id = ? AND undone_at IS NULL",
            [stamp, campaign_id],
        )
    return int(str(row[0])) if row else 0


def responses(database: Database, *, standing: bool = True) -> list[MeasuredResponse]:
    """What was learnt, the oldest first; with `standing` false also what was taken back."""
    only = "WHERE undone_at IS NULL" if standing else ""
    rows = (
        database.cursor()
        .execute(f"SELECT {_RESPONSE} FROM measured_responses {only} ORDER BY response_id")
        .fetchall()
    )
    return [MeasuredResponse(*row) for row in rows]


def erase_customer(cursor: duckdb.DuckDBPyConnection, aliases: Iterable[str]) -> None:
    """Inside a transaction: nothing here names the person any more; their place in the draw stays, without them."""
    cursor.execute(
        "UPDATE assignments SET customer_id = NULL, product = NULL, reason = NULL WHERE list_contains(?, customer_id)",
        [list(aliases)],
    )
