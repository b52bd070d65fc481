"""Facts on customers besides their sales: lists of customers, and what sales show of their buyers.

Kept as versions by the alias that each file gives a person; where imports differ, views take the last.
"""

from __future__ import annotations

import duckdb
import pyarrow as pa

from loyalty.intake.canonical import CUSTOMER_ROWS, MEDIA
from loyalty.store.database import one
from loyalty.store.match_key import with_all_columns
from loyalty.store.staging import Counts

_CONTACTS = ("name", "email", "phone", "birthday")
_FACTS = ("acquired_via", "city", "tags")


def stage(cursor: duckdb.DuckDBPyConnection, rows: pa.Table) -> Counts:
    """A temporary table `new_customers` from canonical rows, and how many change a customer's facts.

    A row is a duplicate where the lists so far, or an earlier row of this one, have everything it states.
    """
    cursor.register("list_rows", with_all_columns(rows, CUSTOMER_ROWS))
    values = ", ".join(name for name in CUSTOMER_ROWS.names if name not in ("line", "mended_import"))
    consents = ", ".join(f"consent_{medium}" for medium in MEDIA)
    cursor.execute(
        f"""CREATE OR REPLACE TEMP TABLE new_customers AS
        SELECT *, row_number() OVER (PARTITION BY {values} ORDER BY line) > 1 AS again FROM list_rows"""
    )
    same = [
        f"(n.{name} IS NULL OR n.{name} = k.{name})" for name in (*_CONTACTS, *_FACTS, *consents.split(", "))
    ]
    same += [
        "(n.first_seen IS NULL OR n.first_seen >= k.first_seen)",
        "(n.consent_at IS NULL OR n.consent_at <= k.stated_at)",
    ]
    row = one(
        cursor,
        f"""WITH before AS ({_facts_before()}),
        judged AS (SELECT n.again OR coalesce(k.listed AND {" AND ".join(same)}, false) AS same, k.customer_id IS NOT NULL AS present
            FROM new_customers n LEFT JOIN before k USING (customer_id))
        SELECT count(*) FILTER (NOT same), count(*) FILTER (same), count(*) FILTER (NOT same AND present) FROM judged""",
    )
    return Counts(*(int(str(n)) for n in row)) if row else Counts(0, 0, 0)


def _facts_before() -> str:
    """A query of the facts that stand of each person of `list_rows`, under the alias that the list gives them."""
    contacts = ", ".join(f"arg_max({name}, import_id) AS {name}" for name in _CONTACTS)
    facts = ", ".join(f"arg_max({name}, import_id) FILTER (NOT derived) AS {name}" for name in _FACTS)
    agreed = ", ".join(f"arg_max(granted, {LATEST}) FILTER (medium = '{m}') AS consent_{m}" for m in MEDIA)
    standing = "SEMI JOIN list_rows USING (customer_id) JOIN imports USING (import_id) WHERE undone_at IS NULL GROUP BY customer_id"
    return f"""SELECT customer_id, coalesce(listed, false) AS listed, * EXCLUDE (customer_id, listed)
        FROM (SELECT customer_id, {contacts} FROM contact_versions {standing})
        FULL JOIN (SELECT customer_id, bool_or(NOT derived) AS listed, min(first_seen) AS first_seen, {facts}
            FROM customer_versions {standing}) USING (customer_id)
        FULL JOIN (SELECT customer_id, max(stated_at) AS stated_at, {agreed} FROM consent_versions {standing}) USING (customer_id)"""


#: Which of several consents counts: the latest, of one moment the last import's, of one import the refusal.
LATEST = "(coalesce(stated_at, imported_at), import_id, NOT granted)"


def save(cursor: duckdb.DuckDBPyConnection, import_id: int) -> None:
    """Write the staged list as versions of `import_id`; its names and addresses go to the contacts, apart."""
    facts = ", ".join(f"arg_max({name}, line)" for name in _FACTS)
    cursor.execute(
        f"""INSERT INTO customer_versions (import_id, customer_id, derived, first_seen, acquired_via, city, tags)
        SELECT ?, customer_id, false, min(first_seen), {facts} FROM new_customers GROUP BY customer_id""",
        [import_id],
    )
    for medium in MEDIA:
        _save_consents(cursor, import_id, medium, "new_customers", "consent_at", "consent_source")


def save_from_sales(cursor: duckdb.DuckDBPyConnection, import_id: int, rows: pa.Table) -> None:
    """Facts on buyers from sales (registered as `sale_rows`): whether they agree to messages, how they came."""
    for medium in MEDIA:
        if f"consent_{medium}" in rows.column_names:
            _save_consents(cursor, import_id, medium, "sale_rows", "ordered_at", "NULL")
    if "acquired_via" in rows.column_names:
        cursor.execute(
            """INSERT INTO customer_versions (import_id, customer_id, derived, first_seen, acquired_via)
            SELECT ?, customer_id, true, min(ordered_at), arg_min(acquired_via, (ordered_at, line)) FROM sale_rows
            WHERE customer_id IS NOT NULL AND acquired_via IS NOT NULL GROUP BY customer_id""",
            [import_id],
        )


def _save_consents(
    cursor: duckdb.DuckDBPyConnection, import_id: int, medium: str, table: str, at: str, source: str
) -> None:
    """The last consent of each person in `table` to messages by `medium`; undated ones are as of the import itself."""
    latest = f"(coalesce({at}, 'infinity'::TIMESTAMP), NOT consent_{medium}, line)"
    cursor.execute(
        f"""INSERT INTO consent_versions (import_id, customer_id, medium, granted, stated_at, source)
        SELECT $id, customer_id, $medium, arg_max(consent_{medium}, {latest}), nullif(max(coalesce({at}, 'infinity'::TIMESTAMP)),
            'infinity'::TIMESTAMP), arg_max({source}::VARCHAR, {latest})
        FROM {table} WHERE customer_id IS NOT NULL AND consent_{medium} IS NOT NULL GROUP BY customer_id""",
        {"id": import_id, "medium": medium},
    )
