"""Campaigns, their assignments and events, and the measured responses to them: rows are only ever added."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import duckdb
import pandas as pd
import pyarrow as pa

from loyalty.store.database import Database, next_number, number
from loyalty.store.rewards import COUPON_COLUMNS

ASSIGNMENT_COLUMNS = ("customer_id", "arm", "stratum", "segment", "code", "product", "reason")
GAIN, ODDS, SHARE = "gain", "odds", "share"  # measures of a response
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
        """The first day whose sales count: the day it was sent, or the day it was created until that is entered."""
        return self.sent_on or self.created_at.date()


@dataclass(frozen=True)
class MeasuredResponse:
    """A measured response to an offer in a segment ("" for everybody).

    `measure`: extra `GAIN` a recipient, rise of the log-`ODDS` to buy, or `SHARE` of recipients who bought because of it.
    """

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
    database: Database,
    name: str,
    plan: str,
    assigned: pd.DataFrame,
    coupons: pd.DataFrame,
    stamp: dt.datetime,
) -> int:
    """Save a campaign in one transaction: `assigned` (ASSIGNMENT_COLUMNS) and `coupons` (COUPON_COLUMNS); returns its id."""
    with database.writing(sales=False) as cursor:
        campaign_id, list_id = (
            next_number(cursor, "campaigns", "campaign_id"),
            next_number(cursor, "coupons", "list_id"),
        )
        cursor.execute(
            "INSERT INTO campaigns VALUES (?, ?, ?, ?, ?)", [campaign_id, name, plan, list_id, stamp]
        )
        _insert(cursor, "assignments", assigned, ASSIGNMENT_COLUMNS, {"campaign_id": campaign_id})
        _insert(cursor, "coupons", coupons, COUPON_COLUMNS, {"list_id": list_id, "issued_at": stamp})
    return campaign_id


def _insert(
    cursor: duckdb.DuckDBPyConnection,
    table: str,
    rows: pd.DataFrame,
    columns: Iterable[str],
    same: dict[str, object],
) -> None:
    """Insert `rows`, each with the values of `same`."""
    names = list(columns)
    cursor.register("rows_now", pa.Table.from_pandas(rows[names], preserve_index=False))
    marks = ", ".join("?" for _ in same)
    cursor.execute(
        f"INSERT INTO {table} ({', '.join([*same, *names])}) SELECT {marks}, {', '.join(names)} FROM rows_now",
        list(same.values()),
    )
    cursor.unregister("rows_now")


def campaigns(database: Database) -> list[CampaignRecord]:
    """All campaigns, the newest first; of several days of sending, the one entered last counts."""
    rows = database.cursor().execute(
        f"""SELECT c.campaign_id, name, plan, list_id, created_at,
            arg_max(happened_on, noted_at) FILTER (what = '{SENT}'), max(happened_on) FILTER (what = '{CANCELLED}')
        FROM campaigns c LEFT JOIN campaign_events USING (campaign_id) GROUP BY ALL ORDER BY c.campaign_id DESC"""
    )
    return [CampaignRecord(*row) for row in rows.fetchall()]


def record_event(
    database: Database, campaign_id: int, what: str, day: dt.date, stamp: dt.datetime, detail: str = ""
) -> None:
    """Save an event of a campaign: EXPORTED, SENT or CANCELLED, on `day`."""
    with database.writing(sales=False) as cursor:
        cursor.execute(
            "INSERT INTO campaign_events VALUES (?, ?, ?, ?, ?)", [campaign_id, what, day, detail, stamp]
        )


def events(database: Database) -> pd.DataFrame:
    """All events of campaigns, the newest first: campaign_id, what, happened_on, detail, noted_at."""
    rows = (
        database.cursor()
        .execute("SELECT * FROM campaign_events ORDER BY noted_at DESC, campaign_id DESC")
        .fetchall()
    )
    return pd.DataFrame(rows, columns=["campaign_id", "what", "happened_on", "detail", "noted_at"])


def save_response(database: Database, response: MeasuredResponse) -> int:
    """Save a measured response and return its id, which is given here.

    An earlier one of the same campaign, segment, offer and measure is undone.
    """
    with database.writing(sales=False) as cursor:
        cursor.execute(
            """UPDATE measured_responses SET undone_at = $stamp WHERE campaign_id = $id AND segment = $segment AND offer = $offer
            AND measure = $measure AND undone_at IS NULL""",
            {
                "stamp": response.kept_at,
                "id": response.campaign_id,
                "segment": response.segment,
                "offer": response.offer,
                "measure": response.measure,
            },
        )
        response_id = next_number(cursor, "measured_responses", "response_id")
        values = [
            response_id,
            response.campaign_id,
            response.segment,
            response.offer,
            response.mean,
            response.sd,
            response.source,
            response.kept_at,
            response.measure,
        ]
        cursor.execute(
            f"INSERT INTO measured_responses ({_RESPONSE}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL, ?)", values
        )
    return response_id


def undo_responses(database: Database, campaign_id: int, stamp: dt.datetime) -> int:
    """Undo the responses of a campaign; returns how many there were."""
    with database.writing(sales=False) as cursor:
        return number(
            cursor,
            "UPDATE measured_responses SET undone_at = ? WHERE campaign_id = ? AND undone_at IS NULL",
            [stamp, campaign_id],
        )


def responses(database: Database, *, include_undone: bool = False) -> list[MeasuredResponse]:
    """Measured responses, the oldest first; undone ones only when asked for."""
    only = "" if include_undone else "WHERE undone_at IS NULL"
    rows = (
        database.cursor()
        .execute(f"SELECT {_RESPONSE} FROM measured_responses {only} ORDER BY response_id")
        .fetchall()
    )
    return [MeasuredResponse(*row) for row in rows]


def erase_customer(cursor: duckdb.DuckDBPyConnection, aliases: Iterable[str]) -> None:
    """Remove a person's ids from all assignments, inside a transaction; the rows stay, without a customer."""
    cursor.execute(
        "UPDATE assignments SET customer_id = NULL, product = NULL, reason = NULL WHERE list_contains(?, customer_id)",
        [list(aliases)],
    )
