"""Marketing spend into the store: for each month and channel, the sum of the last file that states it counts.

Corrected rows belong to the file that rejected them (`stated_by`), and add to its sum.
"""

from __future__ import annotations

import duckdb
import pyarrow as pa

from loyalty.intake.canonical import SPEND_ROWS
from loyalty.store.database import one
from loyalty.store.match_key import match_key, with_all_columns
from loyalty.store.staging import Counts

_KEY = match_key(("month", "channel", "amount", "currency"))


def stage(cursor: duckdb.DuckDBPyConnection, rows: pa.Table) -> Counts:
    """A temporary table `new_spend` from canonical rows, and how many belong to a new sum."""
    cursor.register("spend_rows", with_all_columns(rows, SPEND_ROWS))
    cursor.execute(
        f"""CREATE OR REPLACE TEMP TABLE new_spend AS
        WITH k AS (SELECT line, month::DATE AS month, channel, amount, currency, mended_import, {_KEY} AS line_key FROM spend_rows)
        SELECT k.*, row_number() OVER (PARTITION BY line_key, mended_import ORDER BY line) + (SELECT count(*)
            FROM spend_versions v WHERE v.import_id = k.mended_import AND v.line_key = k.line_key) AS nth FROM k"""
    )
    row = one(
        cursor,
        """WITH standing AS (SELECT s.* FROM spend_versions s JOIN imports USING (import_id) WHERE undone_at IS NULL),
        before AS (SELECT month, channel, currency, sum(file_amount) AS amount FROM spend GROUP BY ALL),
        now AS (SELECT month, channel, currency, sum(amount) AS amount FROM new_spend WHERE mended_import IS NULL GROUP BY ALL),
        changed AS (SELECT DISTINCT month, channel FROM (SELECT * FROM now EXCEPT SELECT * FROM before
            UNION ALL (SELECT b.* FROM before b SEMI JOIN now USING (month, channel) EXCEPT SELECT * FROM now))),
        judged AS (SELECT CASE WHEN n.mended_import IS NULL THEN c.month IS NULL ELSE EXISTS (SELECT 1 FROM standing s
                WHERE s.stated_by = n.mended_import AND s.line_key = n.line_key AND s.nth = n.nth) END AS same,
                b.month IS NOT NULL AS present
            FROM new_spend n LEFT JOIN changed c USING (month, channel)
            LEFT JOIN (SELECT DISTINCT month, channel FROM before) b USING (month, channel))
        SELECT count(*) FILTER (NOT same), count(*) FILTER (same), count(*) FILTER (NOT same AND present) FROM judged""",
    )
    return Counts(*(int(str(n)) for n in row)) if row else Counts(0, 0, 0)


def save(cursor: duckdb.DuckDBPyConnection, import_id: int) -> None:
    """Write the staged rows as versions of `import_id`."""
    cursor.execute(
        """INSERT INTO spend_versions (import_id, stated_by, month, channel, amount, currency, line_key, nth)
        SELECT $id, coalesce(mended_import, $id), month, channel, amount, currency, line_key, nth FROM new_spend""",
        {"id": import_id},
    )
