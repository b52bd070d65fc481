"""The canonical schema of each kind of file: fields, their types, the meanings of a status."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

MONEY: Final = pa.decimal128(18, 6)
MOMENT: Final = pa.timestamp("us")

#: Text fields that a column of a file may fill. `order_reference`: numbers by which a payment
#: names its order, or an order its payment.
TEXT_FIELDS = (
    "order_id",
    "customer_id",
    "email",
    "phone",
    "name",
    "status",
    "currency",
    "product_id",
    "product",
    "category",
    "coupon_code",
    "order_reference",
)
#: Exact numbers. `amount` is a line's net amount, `total` what an order's buyer paid, `goods` its goods alone.
NUMBER_FIELDS = (
    "quantity",
    "unit_price",
    "amount",
    "line_discount",
    "total",
    "goods",
    "discount",
    "shipping",
    "tax",
    "refunded",
)
#: Fields about the buyer and their review that a platform's sales file may have.
EXTRA_SALE_FIELDS = ("consent_email", "consent_sms", "acquired_via", "score", "comment")

#: Ways to write to a customer, for each of which they agree or do not.
MEDIA = ("email", "sms", "wechat")
#: What a platform's status comes down to. Only "paid" is a sale; "refunded" is a sale given back whole.
STATUSES = ("paid", "unpaid", "cancelled", "refunded")

#: Rows of an orders file. `part` numbers products packed into one row.
SALE_ROWS = pa.schema(
    [
        ("line", pa.int64()),
        ("part", pa.int32()),
        ("order_id", pa.string()),
        ("customer_id", pa.string()),
        ("name", pa.string()),
        ("email", pa.string()),
        ("phone", pa.string()),
        ("ordered_at", MOMENT),
        ("utc_offset", pa.int16()),
        ("status", pa.string()),
        ("currency", pa.string()),
        ("product_id", pa.string()),
        ("product", pa.string()),
        ("category", pa.string()),
        ("coupon_code", pa.string()),
        ("order_reference", pa.string()),
        *((name, MONEY) for name in NUMBER_FIELDS),
        ("consent_email", pa.bool_()),
        ("consent_sms", pa.bool_()),
        ("acquired_via", pa.string()),
        ("score", MONEY),
        ("comment", pa.string()),
        ("mended_import", pa.int64()),
    ]
)
#: Ids of one person from one row: `alias` names the row's customer, `other` is another id of the same person.
#: Kinds are those of `loyalty.intake.identity`.
LINK_ROWS = pa.schema([(name, pa.string()) for name in ("alias", "kind", "other", "other_kind")])
_MEDIA = [(f"consent_{medium}", pa.bool_()) for medium in MEDIA]
_LINE, _MENDED = ("line", pa.int64()), ("mended_import", pa.int64())
#: Rows of a list of customers. `birthday` is `YYYY-MM-DD` or `--MM-DD`; a consent that the file does not state is missing.
CUSTOMER_ROWS = pa.schema(
    [
        _LINE,
        *((name, pa.string()) for name in ("customer_id", "name", "email", "phone", "birthday")),
        ("first_seen", MOMENT),
        *((name, pa.string()) for name in ("acquired_via", "city", "tags")),
        *_MEDIA,
        ("consent_at", MOMENT),
        ("consent_source", pa.string()),
        _MENDED,
    ]
)
#: Answers and reviews. `kind`: csat, nps or review; `scale`: the highest possible score.
FEEDBACK_ROWS = pa.schema(
    [
        _LINE,
        ("customer_id", pa.string()),
        ("answered_at", MOMENT),
        ("kind", pa.string()),
        ("score", MONEY),
        ("scale", pa.int32()),
        ("comment", pa.string()),
        ("product", pa.string()),
        _MENDED,
    ]
)
#: Visits and social acts. `kind`: one of `loyalty.intake.vocabulary.ACTS`.
EVENT_ROWS = pa.schema(
    [
        _LINE,
        ("customer_id", pa.string()),
        ("happened_at", MOMENT),
        ("kind", pa.string()),
        ("product", pa.string()),
        ("seconds", MONEY),
        _MENDED,
    ]
)
#: Referrals: who referred whom.
REFERRAL_ROWS = pa.schema(
    [_LINE, ("referrer_id", pa.string()), ("referred_id", pa.string()), ("referred_at", MOMENT), _MENDED]
)
#: Marketing money. `month`: the first moment of it.
SPEND_ROWS = pa.schema(
    [
        _LINE,
        ("month", MOMENT),
        ("channel", pa.string()),
        ("amount", MONEY),
        ("currency", pa.string()),
        _MENDED,
    ]
)
#: Columns that a file of rejected rows adds, so that corrected rows can be matched to the import they came from.
MENDED_IMPORT, MENDED_LINE, MENDED_REASON = "regulars import", "regulars line", "regulars reason"
OWN_COLUMNS = (MENDED_IMPORT, MENDED_LINE, MENDED_REASON)
