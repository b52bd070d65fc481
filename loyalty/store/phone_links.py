"""Phone numbers of earlier files brought together with how they are written now."""

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
    """Link what earlier files wrote without a country to its E.164 form, once the shop's `country` is known or another.

    `clean` brings a phone number of a source (its name) to its form now. Contacts from before there were links get theirs.
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
        found: list[tuple[int, str, str, str, str]] = []
        for import_id, source, customer_id, has_email, phone in rows:
            now = clean(phone, source)
            if now is None:
                continue
            old_id, new_id = (hashed_id(database.salt, PHONE, number) for number in (phone, now))
            if new_id != old_id:
                found.append((import_id, old_id, PHONE, new_id, PHONE))
            if has_email and before is None:
                found.append((import_id, customer_id, EMAIL, new_id, PHONE))
        if found:
            _add_links(cursor, found)
            update_dependents(cursor)
        cursor.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", [_LAST, country])


def _add_links(cursor: duckdb.DuckDBPyConnection, found: list[tuple[int, str, str, str, str]]) -> None:
    """Those of `found` that are not there yet."""
    import_ids, *ends = zip(*found, strict=True)
    columns = [pa.array(import_ids, pa.int64()), *(pa.array(end, pa.string()) for end in ends)]
    cursor.register("links_now", pa.table(columns, names=["import_id", *LINK_ROWS.names]))
    cursor.execute("INSERT INTO link_versions SELECT * FROM links_now EXCEPT SELECT * FROM link_versions")
    cursor.unregister("links_now")
