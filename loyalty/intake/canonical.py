"""The one shape every sales file is brought into: fields, their types, the meaning of a status."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

MONEY: Final = pa.decimal128(18, 6)
MOMENT: Final = pa.timestamp("us")

#: Text fields that a column of a file may fill.
TEXT_FIELDS = (
    "order_id", "customer_id", "email", "phone", "name", "status", "currency",
    "product_id", "product", "category", "coupon_code",
)  # fmt: skip
#: Exact numbers. `amount` is a line's net amount, `total` what an order's buyer paid, `goods` its goods alone.
NUMBER_FIELDS = (
    "quantity", "unit_price", "amount", "line_discount", "total", "goods", "discount", "shipping", "tax", "refunded",
)  # fmt: skip
MOMENT_FIELDS = ("ordered_at",)
ORDER_FIELDS = (*TEXT_FIELDS, *NUMBER_FIELDS, *MOMENT_FIELDS)
#: A survey file: who, when, what score, what they said.
FEEDBACK_FIELDS = ("customer_id", "email", "ordered_at", "score", "comment")

#: What a platform's status comes down to. Only "paid" is a sale; "refunded" is a sale given back whole.
STATUSES = ("paid", "unpaid", "cancelled", "refunded")

#: Rows of an orders file on their way to the store. `part` numbers products packed into one row.
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
        *((name, MONEY) for name in NUMBER_FIELDS),
        ("mended_import", pa.int64()),
    ]
)
#: Rows of a survey file on their way to the store.
FEEDBACK_ROWS = pa.schema(
    [
        ("line", pa.int64()),
        ("customer_id", pa.string()),
        ("answered_at", MOMENT),
        ("score", MONEY),
        ("comment", pa.string()),
        ("mended_import", pa.int64()),
    ]
)
#: Ids of one person that stood on one row: `alias` names the row's customer, `other` is of the same person. Kinds are those
#: of `loyalty.intake.identity`.
LINK_ROWS = pa.schema([(name, pa.string()) for name in ("alias", "kind", "other", "other_kind")])
#: Columns that a file of rejected rows carries besides its own, so that mended rows find their place again.
MENDED_IMPORT, MENDED_LINE, MENDED_REASON = "regulars import", "regulars line", "regulars reason"
OWN_COLUMNS = (MENDED_IMPORT, MENDED_LINE, MENDED_REASON)
