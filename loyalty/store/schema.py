"""Every table, its columns documented once, and the steps that bring an older database up to date.

Imports are kept as *versions*: what each file said of each order, line, contact and answer. The tables that figures
read (`orders`, `order_lines`, `contacts`, `feedback`) hold what is true now, and can be worked out again from the
versions of the imports that stand; undoing an import does just that.

Money is DECIMAL(18, 6) in the order's `currency`; times are the shop's local wall time, `utc_offset` minutes beside it
where the file gave one.

orders: one row an order. `goods`: goods after discounts, before refunds. `net`: net revenue, goods less refunds, never
below 0 for a sale, 0 when unpaid or cancelled; below 0 for a refund that stands alone. `status`: paid, unpaid,
cancelled or refunded.
line_versions: one row a product in an order as one import said it; `line_key` and `nth` tell one line of an order from
another (product, sign and time, and the how-many-th of its like); `current` marks those that count now.
"""

from __future__ import annotations

_MONEY = "DECIMAL(18, 6)"
_ORDER_COLUMNS = f"""
    channel VARCHAR NOT NULL, order_id VARCHAR NOT NULL, customer_id VARCHAR, ordered_at TIMESTAMP NOT NULL,
    utc_offset SMALLINT, status VARCHAR, currency VARCHAR, coupon_code VARCHAR,
    goods {_MONEY}, discount {_MONEY}, shipping {_MONEY}, tax {_MONEY}, refunded {_MONEY}, total {_MONEY}"""

#: One entry a schema version: the statements that lead to it from the one before.
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        "CREATE TABLE meta (key VARCHAR PRIMARY KEY, value VARCHAR NOT NULL)",
        """CREATE TABLE imports (
            import_id BIGINT PRIMARY KEY, file_name VARCHAR, file_hash VARCHAR, source VARCHAR, kind VARCHAR,
            channel VARCHAR, encoding VARCHAR, date_order VARCHAR, decimal_mark VARCHAR, header VARCHAR,
            rows BIGINT, accepted BIGINT, duplicates BIGINT, updated BIGINT, rejected BIGINT, not_records BIGINT,
            data_from TIMESTAMP, data_until TIMESTAMP, imported_at TIMESTAMP, undone_at TIMESTAMP)""",
        "CREATE TABLE rejected_rows (import_id BIGINT, line BIGINT, cells VARCHAR, reason VARCHAR)",
        "CREATE TABLE not_record_rows (import_id BIGINT, line BIGINT, kind VARCHAR, text VARCHAR)",
        f"CREATE TABLE order_versions (import_id BIGINT, whole BOOLEAN, {_ORDER_COLUMNS})",
        f"CREATE TABLE orders (import_id BIGINT, {_ORDER_COLUMNS}, net {_MONEY} NOT NULL)",
        f"""CREATE TABLE line_versions (
            import_id BIGINT, channel VARCHAR NOT NULL, order_id VARCHAR NOT NULL, line_key UBIGINT, nth INTEGER,
            line_no BIGINT, product_id VARCHAR, product VARCHAR, category VARCHAR, quantity {_MONEY},
            unit_price {_MONEY}, discount {_MONEY}, amount {_MONEY}, current BOOLEAN)""",
        """CREATE VIEW order_lines AS SELECT channel, order_id, line_no, product_id, product, category, quantity,
            unit_price, discount, amount FROM line_versions WHERE current""",
        "CREATE TABLE contact_versions (import_id BIGINT, customer_id VARCHAR, name VARCHAR, email VARCHAR, phone VARCHAR)",
        """CREATE VIEW contacts AS SELECT customer_id, arg_max(name, import_id) AS name,
            arg_max(email, import_id) AS email, arg_max(phone, import_id) AS phone
            FROM contact_versions JOIN imports USING (import_id) WHERE undone_at IS NULL GROUP BY customer_id""",
        f"""CREATE TABLE feedback_versions (
            import_id BIGINT, customer_id VARCHAR, answered_at TIMESTAMP NOT NULL, kind VARCHAR, score {_MONEY}, scale INTEGER,
            comment VARCHAR, line_key UBIGINT, nth INTEGER)""",
        """CREATE VIEW feedback AS SELECT customer_id, answered_at, f.kind, score, scale, comment FROM feedback_versions f
            JOIN imports USING (import_id) WHERE undone_at IS NULL
            QUALIFY row_number() OVER (PARTITION BY line_key, nth ORDER BY import_id) = 1""",
        "CREATE TABLE remembered (fingerprint VARCHAR PRIMARY KEY, answers VARCHAR NOT NULL)",
        "CREATE TABLE programme_versions (version BIGINT PRIMARY KEY, programme VARCHAR NOT NULL, saved_at TIMESTAMP)",
        f"""CREATE TABLE coupons (
            code VARCHAR PRIMARY KEY, list_id BIGINT, customer_id VARCHAR, segment VARCHAR, kind VARCHAR, value {_MONEY},
            currency VARCHAR, minimum_spend {_MONEY}, valid_from DATE, expires_on DATE, reason VARCHAR,
            issued_at TIMESTAMP)""",
    ),
)
ORDER_COLUMNS = (
    "channel", "order_id", "customer_id", "ordered_at", "utc_offset", "status", "currency", "coupon_code",
    "goods", "discount", "shipping", "tax", "refunded", "total",
)  # fmt: skip
#: Tables whose contents are the shop's state, for comparing two states (order of rows does not count).
STATE_TABLES = ("orders", "order_lines", "contacts", "feedback")
