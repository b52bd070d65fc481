"""Every table, its columns documented once, and the steps that bring an older database up to date.

Imports are stored as *versions*: what each file states of each order, line, contact and answer. The tables that figures
read (`orders`, `order_lines`, `contacts`, `feedback`) hold what counts now, and are recomputed from the versions of
the imports that are not undone.

Money is DECIMAL(18, 6) in the order's `currency`; times are the shop's local wall time, `utc_offset` minutes beside it
where the file gave one.

orders: one row an order, as figures see it: a view of `order_heads` (what the exports say) with its customer as
`identities` joins people, its `net` in the shop's currency (`rate`: units of it for one of the order's; NULL net while
a rate is missing), and without `duplicate_orders`. `currency`: as the file says, NULL for the shop's own, whatever that
is. `goods`: goods after discounts, before refunds. `net`: net revenue, goods less refunds, never below 0 for a sale, 0
when unpaid or cancelled; below 0 for a refund that stands alone. `status`: paid, unpaid, cancelled or refunded.
`order_reference`: numbers that a payment gives its order, or an order its payment.
line_versions: one row a product in an order as one import states it; `line_key` and `nth` tell one line of an order
from another (product, sign and time, and the how-many-th of equal ones); `current` marks those that count now.

contact_versions: each name, e-mail and phone that a file gave a customer, with the last `line` that did; `contacts`:
the newest of each.

Identities: exports name a person by an *alias* (made of an e-mail, a phone or a platform's own id). `link_versions`:
one row two aliases that an import showed on one row, `alias` the one that named the row's customer; kinds as in
`loyalty.intake.identity`. `identity_choices`: what the owner joined or split. `identities`: worked out from both
by `loyalty.store.connected_ids`, one row an alias that stands for another `customer_id`; an alias without a row stands
for itself.

channel_overlap: the owner's decision on two channels, whether they hold the `same` sales; then `channel` gives way to
`other`. duplicate_orders: worked out from it, one row a sale that does not count because the order `counted_channel`,
`counted_order_id` is the same sale; `customer_id` is the buyer that the duplicate names, `refunded` what it shows given
back beyond the counted one; `matched_channel` is where its match was, which may itself give way to a third channel.
rates: the owner's exchange rates, each from its month on, `rate` units of `base` for one of `currency`. month_rates:
worked out from them, one row a foreign currency and month with sales (`rate` NULL while it is missing).

customers: what lists of customers state beside contacts, the last list first; `derived`: worked out from a buyer's
sales, which count only where no list does. `contacts.birthday`: `YYYY-MM-DD`, or `--MM-DD` without its year.
consents: one row a person and medium (email, sms, wechat), the latest by `stated_at` (the day of the import where the
file gives none), and where the person agreed or refused (`source`).
feedback: answers (csat, nps) and reviews. events: a visit or a social act. referrals: who brought whom. spend:
marketing money by month and channel, as the last file that has both states it (`stated_by`: that file's import, for
mended rows too); `file_amount` in its `currency`, `amount` in the shop's, NULL while a rate is missing.

coupons: `customer_id` is the id that the customer went by when the coupon was issued; it is read through `identities`.
point_entries: points that the owner entered: `opening` (a balance from another tool), `redeemed`, `adjusted` (points
may be below 0); `value`: what redeemed points took off, in the shop's currency. Never changed but for `undone_at`.
points_ledger: entries of the points ledger as they were posted to the books, a `posting` at a time; only ever added to:
where history or rules changed since, the difference is an entry of its own (see `loyalty.rewards.points.ledger`).

campaigns: one row a campaign, never changed: its plan (JSON of `loyalty.campaigns.plan`), and the list its codes are
kept under among `coupons`. campaign_events: what happened to it since: exported, sent (`happened_on`: the day the owner
gives), cancelled. assignments: one row a person drawn: `arm` ("held", "A", "B"), `stratum` of the draw, the `code` they
got (NULL in the control group), the product and the reason of their message; `customer_id` is the id they went by then,
read through `identities`, and NULL once the person was erased: the row counts in no figure then.
measured_responses: the effect of a campaign's offer on a recipient as it was measured, kept for later choices;
`undone_at`: taken back. `measure`: "gain" (money a person), "odds" (by how much it raised the log-odds to buy), or
"share" (of the recipients who bought because of it).

recommendations: one row a product on a saved list, with the method and the reason that put it there (keys
of `loyalty.models.recommendations`); only ever added to. not_offered: products that the owner never wants on such a
list. selected_models: the result of the last comparison of prediction methods, one row a horizon.
import_answers: what the owner answered about files of a layout (`fingerprint`), for the next one. watched_files: the
result of each file of the watched folder.
"""

from __future__ import annotations

from loyalty.store.match_key import FEEDBACK_KEY, match_key

_MONEY = "DECIMAL(18, 6)"
_ORDER_COLUMNS = f"""
    channel VARCHAR NOT NULL, order_id VARCHAR NOT NULL, customer_id VARCHAR, ordered_at TIMESTAMP NOT NULL,
    utc_offset SMALLINT, status VARCHAR, currency VARCHAR, coupon_code VARCHAR,
    goods {_MONEY}, discount {_MONEY}, shipping {_MONEY}, tax {_MONEY}, refunded {_MONEY}, total {_MONEY}"""
#: The net of an order less what only its duplicate (`t`) shows given back; no sale falls below 0.
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
        f"UPDATE feedback_versions SET line_key = {match_key(FEEDBACK_KEY)}",
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
    (
        """CREATE TABLE campaigns (campaign_id BIGINT PRIMARY KEY, name VARCHAR NOT NULL, plan VARCHAR NOT NULL,
            list_id BIGINT, created_at TIMESTAMP NOT NULL)""",
        """CREATE TABLE campaign_events (campaign_id BIGINT NOT NULL, what VARCHAR NOT NULL, happened_on DATE NOT NULL,
            detail VARCHAR, noted_at TIMESTAMP NOT NULL)""",
        """CREATE TABLE assignments (campaign_id BIGINT NOT NULL, customer_id VARCHAR, arm VARCHAR NOT NULL,
            stratum VARCHAR NOT NULL, segment VARCHAR, code VARCHAR, product VARCHAR, reason VARCHAR)""",
        """CREATE TABLE responses (response_id BIGINT PRIMARY KEY, campaign_id BIGINT NOT NULL, segment VARCHAR NOT NULL,
            offer VARCHAR NOT NULL, mean DOUBLE NOT NULL, sd DOUBLE NOT NULL, source VARCHAR NOT NULL,
            kept_at TIMESTAMP NOT NULL, undone_at TIMESTAMP)""",
    ),
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
    (
        "DROP VIEW orders",
        "DROP VIEW consents",
        "DROP VIEW spend",
        "ALTER TABLE doors RENAME TO channel_overlap",
        "ALTER TABLE twins RENAME TO duplicate_orders",
        "ALTER TABLE duplicate_orders RENAME met_channel TO matched_channel",
        "ALTER TABLE duplicate_orders RENAME twin_channel TO counted_channel",
        "ALTER TABLE duplicate_orders RENAME twin_order_id TO counted_order_id",
        "ALTER TABLE consent_versions RENAME told_at TO stated_at",
        "ALTER TABLE spend_versions RENAME told_by TO stated_by",
        "ALTER TABLE remembered RENAME TO import_answers",
        "ALTER TABLE recommended RENAME TO recommendations",
        "ALTER TABLE responses RENAME TO measured_responses",
        "ALTER TABLE point_moves RENAME TO point_entries",
        "ALTER TABLE point_entries RENAME move_id TO entry_id",
        "ALTER TABLE point_entries RENAME moved_at TO happened_at",
        "ALTER TABLE contests RENAME TO selected_models",
        "ALTER TABLE selected_models RENAME chosen TO model",
        "ALTER TABLE selected_models RENAME held_at TO selected_at",
        f"""CREATE VIEW orders AS SELECT h.import_id, h.channel, h.order_id,
            coalesce(i.customer_id, h.customer_id, j.customer_id, t.customer_id) AS customer_id, h.ordered_at,
            h.utc_offset, h.status, h.currency, h.coupon_code, h.goods, h.discount, h.shipping, h.tax, h.refunded, h.total,
            CASE WHEN r.currency IS NULL OR h.net = 0 THEN {_LEFT_OF_NET} ELSE TRY_CAST({_LEFT_OF_NET} * r.rate AS {_MONEY}) END AS net,
            CASE WHEN r.currency IS NULL THEN 1 ELSE r.rate END::DECIMAL(18, 8) AS rate
            FROM order_heads h LEFT JOIN identities i ON i.alias = h.customer_id
            LEFT JOIN (SELECT counted_channel, counted_order_id, min(customer_id) AS customer_id, max(refunded) AS refunded
                FROM duplicate_orders GROUP BY ALL) t ON t.counted_channel = h.channel AND t.counted_order_id = h.order_id
            LEFT JOIN identities j ON j.alias = t.customer_id
            LEFT JOIN month_rates r ON r.currency = h.currency AND r.month = date_trunc('month', h.ordered_at)
            ANTI JOIN duplicate_orders x ON x.channel = h.channel AND x.order_id = h.order_id""",
        """CREATE VIEW consents AS SELECT coalesce(i.customer_id, c.customer_id) AS customer_id, medium, granted,
            coalesce(stated_at, imported_at) AS stated_at, coalesce(c.source, imports.source) AS source
            FROM consent_versions c JOIN imports USING (import_id) LEFT JOIN identities i ON i.alias = c.customer_id
            WHERE undone_at IS NULL QUALIFY row_number() OVER (
                PARTITION BY coalesce(i.customer_id, c.customer_id), medium
                ORDER BY coalesce(stated_at, imported_at) DESC, import_id DESC, granted, c.customer_id) = 1""",
        f"""CREATE VIEW spend AS SELECT s.month, channel, currency, sum(amount)::{_MONEY} AS file_amount,
            CASE WHEN any_value(r.currency) IS NULL THEN sum(amount)::{_MONEY}
                ELSE TRY_CAST(sum(amount)::{_MONEY} * any_value(r.rate) AS {_MONEY}) END AS amount FROM (
                SELECT s.*, dense_rank() OVER (PARTITION BY s.month, s.channel ORDER BY s.stated_by DESC) AS age,
                    row_number() OVER (PARTITION BY s.stated_by, line_key, nth ORDER BY import_id) AS copy
                FROM spend_versions s JOIN imports USING (import_id) WHERE undone_at IS NULL) s
            LEFT JOIN month_rates r USING (currency, month)
            WHERE age = 1 AND copy = 1 GROUP BY ALL""",
    ),
)
ORDER_COLUMNS = (
    "channel",
    "order_id",
    "customer_id",
    "ordered_at",
    "utc_offset",
    "status",
    "currency",
    "coupon_code",
    "goods",
    "discount",
    "shipping",
    "tax",
    "refunded",
    "total",
    "order_reference",
)
#: Tables whose contents are the shop's state, for comparing two states (order of rows does not count).
STATE_TABLES = (
    "orders",
    "order_lines",
    "contacts",
    "feedback",
    "customers",
    "consents",
    "events",
    "referrals",
    "spend",
)
