"""Links from phone numbers of earlier files to the form they have now."""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import pyarrow as pa

from loyalty.intake.canonical import LINK_ROWS
from loyalty.intake.identity import EMAIL, PHONE, hashed_id
from loyalty.store.database import Database
from loyalty.store.identities import update_dependents

_LAST = "phones_of"  # the country that phones were last linked for


def relink(database: Database, country: str, clean: Callable[[str, str], str | None]) -> None:
    """Link phones that earlier files gave without a country to their E.164 form, once the shop's `country` is set or changed.

    `clean` gives today's form of a phone number from a source (its name). Contacts from before there were links get theirs.
    """
    before = database.meta(_LAST)
    if before == country:
        return
    with database.writing() as cursor:
        bare = "NOT starts_with(phone, '+')" + ("" if before is not None else " OR email IS NOT NULL")
        rows = cursor.execute(
            f"""SELECT DISTINCT import_id, source, customer_id, email IS NOT NULL, phone FROM contact_versions
            JOIN imports USING (import_id) WHERE phone IS NOT NULL AND ({bare})"""
        ).fetchall()
        links: list[tuple[int, str, str, str, str]] = []
        for import_id, source, customer_id, has_email, phone in rows:
            clean_phone = clean(phone, source)
            if clean_phone is None:
                continue
            old_id, new_id = (hashed_id(database.salt, PHONE, number) for number in (phone, clean_phone))
            if new_id != old_id:
                links.append((import_id, old_id, PHONE, new_id, PHONE))
            if has_email and before is None:
                links.append((import_id, customer_id, EMAIL, new_id, PHONE))
        if links:
            _add_links(cursor, links)
            update_dependents(cursor)
        cursor.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", [_LAST, country])


def _add_links(cursor: duckdb.DuckDBPyConnection, links: list[tuple[int, str, str, str, str]]) -> None:
    """Insert those of `links` that are not there yet."""
    import_ids, *ends = zip(*links, strict=True)
    columns = [pa.array(import_ids, pa.int64()), *(pa.array(end, pa.string()) for end in ends)]
    cursor.register("links_now", pa.table(columns, names=["import_id", *LINK_ROWS.names]))
    cursor.execute("INSERT INTO link_versions SELECT * FROM links_now EXCEPT SELECT * FROM link_versions")
    cursor.unregister("links_now")
