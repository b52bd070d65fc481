"""Survey answers into the store: the same answer in two files counts once, two alike in one file count twice."""

from __future__ import annotations

import duckdb
import pyarrow as pa

from loyalty.store.database import one
from loyalty.store.staging import Counts


def stage(cursor: duckdb.DuckDBPyConnection, rows: pa.Table) -> Counts:
    """A temporary table `new_answers` from canonical feedback rows, and how many of them are new."""
    cursor.register("answer_rows", rows)
    comment = "comment" if "comment" in rows.column_names else "NULL::VARCHAR"
    earlier = "0"
    if "mended_import" in rows.column_names:
        earlier = """(SELECT count(*) FROM feedback_versions v WHERE v.import_id = a.mended_import
            AND v.line_key = hash(a.customer_id, a.answered_at, a.score, a.comment))"""
    cursor.execute(
        f"""CREATE OR REPLACE TEMP TABLE new_answers AS
        WITH answers AS (SELECT line, customer_id, answered_at, score, {comment} AS comment,
                {"mended_import" if earlier != "0" else "NULL::BIGINT"} AS mended_import FROM answer_rows)
        SELECT a.*, hash(customer_id, answered_at, score, comment) AS line_key,
            row_number() OVER (PARTITION BY customer_id, answered_at, score, comment ORDER BY line) + {earlier} AS nth
        FROM answers a"""
    )
    found = one(
        cursor,
        """SELECT count(*) FILTER (v.line_key IS NULL), count(*) FILTER (v.line_key IS NOT NULL)
        FROM new_answers n LEFT JOIN (SELECT DISTINCT line_key, nth FROM feedback_versions
            JOIN imports USING (import_id) WHERE undone_at IS NULL) v ON v.line_key = n.line_key AND v.nth = n.nth""",
    )
    return Counts(int(str(found[0])), int(str(found[1])), 0) if found else Counts(0, 0, 0)


def keep(cursor: duckdb.DuckDBPyConnection, import_id: int, scale: int) -> None:
    """Write the staged answers as versions of `import_id`; answers to 10 are NPS, others CSAT."""
    cursor.execute(
        """INSERT INTO feedback_versions (import_id, customer_id, answered_at, kind, score, scale, comment, line_key, nth)
        SELECT ?, customer_id, answered_at, ?, score, ?, comment, line_key, nth FROM new_answers""",
        [import_id, "nps" if scale == 10 else "csat", scale],
    )
