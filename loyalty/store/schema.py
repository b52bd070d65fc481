"""Every table, its columns documented once, and the steps that bring an older database up to date.

Imports are kept as *versions*: what each file said of each order, line, contact and answer. The tables that figures
read (`orders`, `order_lines`, `contacts`, `feedback`) hold what is true now, and can be worked out again from the
versions of the imports that stand; undoing an import does just that.

Money is DECIMAL(18, 6) in the order's `currency`; times are the shop's local wall time, `utc_offset` minutes beside it
where the file gave one.

orders: one row an order, as figures see it: a view of `order_heads` (what the exports say) with its customer as
`identities` joins people, its `net` in the shop's currency (`rate`: units of it for one of the order's; NULL net while
a rate is missing), and without sales that another channel tells as well (`twins`). `currency`: as the file says, NULL
for the shop's own, whatever that is. `goods`: goods after discounts, before refunds. `net`: net revenue, goods less
refunds, never below 0 for a sale, 0 when unpaid or cancelled; below 0 for a refund that stands alone. `status`: paid,
unpaid, cancelled or refunded. `order_reference`: numbers that a payment gives its order, or an order its payment.
line_versions: one row a product in an order as one import said it; `line_key` and `nth` tell one line of an order from
another (product, sign and time, and the how-many-th of its like); `current` marks those that count now.

contact_versions: each name, e-mail and phone that a file gave a customer, with the last `line` that did; `contacts`:
the newest of each.

Who is who: exports name a person by an *alias* (made of an e-mail, a phone or a platform's own id). `link_versions`:
one row two aliases that an import showed on one row, `alias` the one that named the row's customer; kinds as in
`loyalty.intake.identity`. `identity_choices`: what the owner joined or kept apart. `identities`: worked out from both
by `loyalty.store.connected_ids`, one row an alias that stands for another `customer_id`; an alias without a row stands
for itself. `twins`: a sale of one channel that is the same as one of another (`twin_…`, the one that counts),
worked out from `doors`, the owner's word on two channels (`channel` is the side that gives way to `other`);
`customer_id` is the buyer that the hidden one names, `refunded` what it shows given back beyond the one that counts;
`met_channel` is where it met its like, which may itself give way to a third.
`rates`: the owner's exchange rates, each from its month on, `rate` units of `base` for one of `currency`;
`month_rates`: worked out from them, one row a foreign currency and month with sales (`rate` NULL while it is missing).
customers: what lists of customers tell beside contacts, the last list first; `derived`: worked out from a buyer's sales,
which count only where no list tells. `contacts.birthday`: `YYYY-MM-DD`, or `--MM-DD` without its year.
consents: one row a person and medium (email, sms, wechat), the last that was told (`told_at`: the day of the import
where the file does not say), and where they said so.
feedback: answers (csat, nps) and reviews. events: a visit or a social act. referrals: who brought whom. spend: marketing
money by month and channel, as the last file that tells of both says (`told_by`: that file, for mended rows too);
`told` in its `currency`, `amount` in the shop's, NULL while a rate is missing.
coupons: `customer_id` is the id that the customer went by when the coupon was handed out; it is read through
`identities`.
point_moves: what the owner entered of points: `opening` (a balance from another tool), `redeemed`, `adjusted` (points may be
below 0); `value`: what redeemed points took off, in the shop's currency. Never changed but for `undone_at`.
points_ledger: entries of the points ledger as they were entered into the books, a `posting` at a time; only ever added to:
where history or rules changed since, the difference is an entry of its own (see `loyalty.rewards.points.ledger`).
watched_files: what became of each file of the watched folder.
recommended: one row a product that was on a list handed out, with the method and the reason that put it there (keys of
`loyalty.models.recommendations`); only ever added to. not_offered: products that the owner never wants on such a list.
contests: what the last contest of predicting methods came to, one row a horizon.
campaigns and what hangs on them: see `loyalty.store.campaign_tables`.
"""

from __future__ import annotations

from loyalty.store.campaign_tables import CAMPAIGN_TABLES
from loyalty.store.match_key import FEEDBACK_LIKENESS, key_of

_MONEY = "DECIMAL(18, 6)"
_ORDER_COLUMNS = f"""
    channel VARCHAR NOT NULL, order_id VARCHAR NOT NULL, customer_id VARCHAR, ordered_at TIMESTAMP NOT NULL,
    utc_offset SMALLINT, status VARCHAR, currency VARCHAR, coupon_code VARCHAR,
    goods {_MONEY}, discount {_MONEY}, shipping {_MONEY}, tax {_MONEY}, refunded {_MONEY}, total {_MONEY}"""
#: What an order is worth once what only its twin shows given back is taken off; no sale falls below nothing.
_LEFT_OF_NET = "CASE WHEN t.refunded > 0 THEN greatest(h.net - t.refunded, least(h.net, 0)) ELSE h.net END"

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
    (
        "ALTER TABLE orders RENAME TO order_heads",
        "ALTER TABLE order_heads ADD COLUMN order_reference VARCHAR",
        "ALTER TABLE order_versions ADD COLUMN order_reference VARCHAR",
        "CREATE TABLE link_versions (import_id BIGINT, alias VARCHAR, kind VARCHAR, other VARCHAR, other_kind VARCHAR)",
        """CREATE TABLE identity_choices (choice_id BIGINT PRIMARY KEY, choice VARCHAR, alias VARCHAR, other VARCHAR,
            chosen_at TIMESTAMP, undone_at TIMESTAMP)""",
        "CREATE TABLE identities (alias VARCHAR PRIMARY KEY, customer_id VARCHAR NOT NULL)",
        """CREATE TABLE doors (channel VARCHAR, other VARCHAR, same BOOLEAN NOT NULL, decided_at TIMESTAMP,
            PRIMARY KEY (channel, other))""",
        f"""CREATE TABLE twins (channel VARCHAR, order_id VARCHAR, met_channel VARCHAR, twin_channel VARCHAR,
            twin_order_id VARCHAR, customer_id VARCHAR, refunded {_MONEY} NOT NULL)""",
        """CREATE TABLE rates (currency VARCHAR, month DATE, base VARCHAR, rate DECIMAL(18, 8) NOT NULL,
            PRIMARY KEY (currency, month, base))""",
        "CREATE TABLE month_rates (currency VARCHAR, month DATE, rate DECIMAL(18, 8))",
        f"""CREATE VIEW orders AS SELECT h.import_id, h.channel, h.order_id,
            coalesce(i.customer_id, h.customer_id, j.customer_id, t.customer_id) AS customer_id, h.ordered_at,
            h.utc_offset, h.status, h.currency, h.coupon_code, h.goods, h.discount, h.shipping, h.tax, h.refunded, h.total,
            CASE WHEN r.currency IS NULL OR h.net = 0 THEN {_LEFT_OF_NET} ELSE TRY_CAST({_LEFT_OF_NET} * r.rate AS {_MONEY}) END AS net,
            CASE WHEN r.currency IS NULL THEN 1 ELSE r.rate END::DECIMAL(18, 8) AS rate
            FROM order_heads h LEFT JOIN identities i ON i.alias = h.customer_id
            LEFT JOIN (SELECT twin_channel, twin_order_id, min(customer_id) AS customer_id, max(refunded) AS refunded
                FROM twins GROUP BY ALL) t ON t.twin_channel = h.channel AND t.twin_order_id = h.order_id
            LEFT JOIN identities j ON j.alias = t.customer_id
            LEFT JOIN month_rates r ON r.currency = h.currency AND r.month = date_trunc('month', h.ordered_at)
            ANTI JOIN twins x ON x.channel = h.channel AND x.order_id = h.order_id""",
        "ALTER TABLE contact_versions ADD COLUMN birthday VARCHAR",
        "ALTER TABLE contact_versions ADD COLUMN line BIGINT",
        "DROP VIEW contacts",
        """CREATE VIEW contacts AS SELECT coalesce(i.customer_id, c.customer_id) AS customer_id,
            arg_max(name, age) AS name, arg_max(email, age) AS email, arg_max(phone, age) AS phone,
            arg_max(birthday, age) AS birthday FROM (SELECT *, (import_id << 40) + coalesce(line, 0) AS age
                FROM contact_versions) c JOIN imports USING (import_id) LEFT JOIN identities i ON i.alias = c.customer_id
            WHERE undone_at IS NULL GROUP BY ALL""",
        "ALTER TABLE feedback_versions ADD COLUMN product VARCHAR",
        f"UPDATE feedback_versions SET line_key = {key_of(FEEDBACK_LIKENESS)}",
        "DROP VIEW feedback",
        """CREATE VIEW feedback AS SELECT coalesce(i.customer_id, f.customer_id) AS customer_id, answered_at, f.kind, score,
            scale, comment, product FROM feedback_versions f
            JOIN imports USING (import_id) LEFT JOIN identities i ON i.alias = f.customer_id WHERE undone_at IS NULL
            QUALIFY row_number() OVER (PARTITION BY line_key, nth ORDER BY import_id DESC) = 1""",
        """CREATE TABLE customer_versions (import_id BIGINT, customer_id VARCHAR NOT NULL, derived BOOLEAN NOT NULL,
            first_seen TIMESTAMP, acquired_via VARCHAR, city VARCHAR, tags VARCHAR)""",
        """CREATE VIEW customers AS SELECT coalesce(i.customer_id, c.customer_id) AS customer_id,
            min(first_seen) AS first_seen, coalesce(
                arg_max(acquired_via, (import_id, c.customer_id)) FILTER (NOT derived),
                arg_min(acquired_via, (first_seen, import_id, c.customer_id)) FILTER (derived)) AS acquired_via,
            arg_max(city, (import_id, c.customer_id)) AS city, arg_max(tags, (import_id, c.customer_id)) AS tags
            FROM customer_versions c JOIN imports USING (import_id) LEFT JOIN identities i ON i.alias = c.customer_id
            WHERE undone_at IS NULL GROUP BY ALL""",
        """CREATE TABLE consent_versions (import_id BIGINT, customer_id VARCHAR NOT NULL, medium VARCHAR NOT NULL,
            granted BOOLEAN NOT NULL, told_at TIMESTAMP, source VARCHAR)""",
        """CREATE VIEW consents AS SELECT coalesce(i.customer_id, c.customer_id) AS customer_id, medium, granted,
            coalesce(told_at, imported_at) AS told_at, coalesce(c.source, imports.source) AS source
            FROM consent_versions c JOIN imports USING (import_id) LEFT JOIN identities i ON i.alias = c.customer_id
            WHERE undone_at IS NULL QUALIFY row_number() OVER (
                PARTITION BY coalesce(i.customer_id, c.customer_id), medium
                ORDER BY coalesce(told_at, imported_at) DESC, import_id DESC, granted, c.customer_id) = 1""",
        """CREATE TABLE event_versions (import_id BIGINT, customer_id VARCHAR, happened_at TIMESTAMP NOT NULL, kind VARCHAR,
            product VARCHAR, seconds DOUBLE, line_key UBIGINT, nth INTEGER)""",
        """CREATE VIEW events AS SELECT coalesce(i.customer_id, e.customer_id) AS customer_id, happened_at, e.kind, product,
            seconds FROM event_versions e
            JOIN imports USING (import_id) LEFT JOIN identities i ON i.alias = e.customer_id WHERE undone_at IS NULL
            QUALIFY row_number() OVER (PARTITION BY line_key, nth ORDER BY import_id DESC) = 1""",
        """CREATE TABLE referral_versions (import_id BIGINT, referrer_id VARCHAR NOT NULL, referred_id VARCHAR NOT NULL,
            referred_at TIMESTAMP, line_key UBIGINT, nth INTEGER)""",
        """CREATE VIEW referrals AS SELECT coalesce(i.customer_id, r.referrer_id) AS referrer_id,
            coalesce(j.customer_id, r.referred_id) AS referred_id, min(referred_at) AS referred_at
            FROM referral_versions r JOIN imports USING (import_id) LEFT JOIN identities i ON i.alias = r.referrer_id
            LEFT JOIN identities j ON j.alias = r.referred_id WHERE undone_at IS NULL GROUP BY ALL""",
        f"""CREATE TABLE spend_versions (import_id BIGINT, told_by BIGINT NOT NULL, month DATE NOT NULL,
            channel VARCHAR NOT NULL, amount {_MONEY} NOT NULL, currency VARCHAR, line_key UBIGINT, nth INTEGER)""",
        f"""CREATE VIEW spend AS SELECT s.month, channel, currency, sum(amount)::{_MONEY} AS told,
            CASE WHEN any_value(r.currency) IS NULL THEN sum(amount)::{_MONEY}
                ELSE TRY_CAST(sum(amount)::{_MONEY} * any_value(r.rate) AS {_MONEY}) END AS amount FROM (
                SELECT s.*, dense_rank() OVER (PARTITION BY s.month, s.channel ORDER BY s.told_by DESC) AS age,
                    row_number() OVER (PARTITION BY s.told_by, line_key, nth ORDER BY import_id) AS told
                FROM spend_versions s JOIN imports USING (import_id) WHERE undone_at IS NULL) s
            LEFT JOIN month_rates r USING (currency, month)
            WHERE age = 1 AND told = 1 GROUP BY ALL""",
        """CREATE TABLE watched_files (name VARCHAR PRIMARY KEY, file VARCHAR NOT NULL, size BIGINT, changed_ns BIGINT,
            import_id BIGINT, message VARCHAR, seen_at TIMESTAMP)""",
    ),
    (
        """CREATE TABLE recommended (list_id BIGINT NOT NULL, recommended_at TIMESTAMP NOT NULL,
            customer_id VARCHAR NOT NULL, product VARCHAR NOT NULL, mode VARCHAR NOT NULL, place INTEGER NOT NULL,
            method VARCHAR NOT NULL, reason VARCHAR NOT NULL)""",
        "CREATE TABLE not_offered (product VARCHAR PRIMARY KEY, since TIMESTAMP NOT NULL)",
    ),
    CAMPAIGN_TABLES,
    (
        f"""CREATE TABLE point_moves (move_id BIGINT PRIMARY KEY, customer_id VARCHAR NOT NULL, moved_at TIMESTAMP NOT NULL,
            kind VARCHAR NOT NULL, points BIGINT NOT NULL, value {_MONEY}, expires_on DATE, note VARCHAR,
            entered_at TIMESTAMP NOT NULL, undone_at TIMESTAMP)""",
        """CREATE TABLE points_ledger (posting BIGINT NOT NULL, posted_at TIMESTAMP NOT NULL, customer_id VARCHAR NOT NULL,
            happened_at TIMESTAMP NOT NULL, kind VARCHAR NOT NULL, source VARCHAR NOT NULL, points BIGINT NOT NULL,
            pending BIGINT NOT NULL, ref VARCHAR NOT NULL, version BIGINT NOT NULL)""",
    ),
    ("ALTER TABLE responses ADD COLUMN IF NOT EXISTS measure VARCHAR DEFAULT 'gain'",),
    (
        """CREATE TABLE contests (horizon_days INTEGER PRIMARY KEY, as_of DATE NOT NULL, chosen VARCHAR NOT NULL,
            drift_sd DOUBLE NOT NULL, drift_learned DOUBLE NOT NULL, held_at TIMESTAMP NOT NULL)""",
    ),
    (
        "DELETE FROM meta WHERE key = 'data_version'",
    ),  # random texts from now on: see `loyalty.store.database.DataVersion`
)
ORDER_COLUMNS = (
    "channel", "order_id", "customer_id", "ordered_at", "utc_offset", "status", "currency", "coupon_code",
    "goods", "discount", "shipping", "tax", "refunded", "total", "order_reference",
)  # fmt: skip
#: Tables whose contents are the shop's state, for comparing two states (order of rows does not count).
STATE_TABLES = (
    "orders", "order_lines", "contacts", "feedback", "customers", "consents", "events", "referrals", "spend",
)  # fmt: skip
