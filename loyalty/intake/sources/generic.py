"""Tables of the owner's own, one source a kind: read by a mapping of columns, the owner's or guessed from headings."""

from __future__ import annotations

from collections.abc import Mapping

from loyalty.intake.sources.base import (
    Columns,
    Source,
    fill_from,
    join_columns,
    lower_keys,
    multiply,
    subtract,
)
from loyalty.words.message import N_

_PAID = (
    "paid completed complete processing shipped delivered fulfilled closed success successful succeeded captured sold settled "
    "partially_refunded payment sale done 已付款 已支付 已完成 交易成功 交易完成 已发货 待发货 已收货 已签收 完成 成功 已成交"
)
_UNPAID = "unpaid pending open authorized draft on-hold awaiting 待付款 未付款 未支付 待支付 等待买家付款"
_CANCELLED = (
    "cancelled canceled voided void failed declined test expired 已取消 已关闭 交易关闭 取消 关闭 作废"
)
_REFUNDED = "refunded refund returned chargeback 已退款 退款 退款成功 已退货 退货"
STATUSES = lower_keys(
    {
        word: meaning
        for words, meaning in (
            (_PAID, "paid"),
            (_UNPAID, "unpaid"),
            (_CANCELLED, "cancelled"),
            (_REFUNDED, "refunded"),
        )
        for word in words.split()
    }
)


def _finish(columns: Columns) -> Columns:
    """A line's amount from quantity and price where the file gives none; goods from the order's total where given."""
    if "amount" not in columns and "unit_price" in columns:
        columns["amount"] = multiply(columns, "quantity", "unit_price")
        columns["amount"] = subtract(columns, "amount", "line_discount")
    if "total" in columns and "goods" not in columns:
        columns["goods"] = subtract(columns, "total", "shipping", "tax")
    return columns


SOURCE = Source(
    name="generic",
    title=N_("Any other table"),
    signature=frozenset(),
    fields={},
    statuses=STATUSES,
    how_to_export=N_(
        "Any CSV or Excel file with a date, an amount and, if possible, an order number and a customer."
    ),
    also=("customers", "events", "referrals", "spend"),
    whole=False,
    finish=_finish,
)
SURVEY = Source(
    name="survey",
    title=N_("A survey or reviews"),
    signature=frozenset(),
    fields={},
    statuses={},
    how_to_export=N_(
        "A CSV or Excel file with a date, a score, and an e-mail address or customer number; a comment if you like."
    ),
    kind="feedback",
    whole=False,
)


def _own_table(kind: str, title: str, how_to_export: str) -> Source:
    """A table of the owner's own that holds another kind of rows."""
    return Source(
        name=SOURCE.name,
        title=title,
        signature=frozenset(),
        fields={},
        statuses={},
        how_to_export=how_to_export,
        kind=kind,
        whole=False,
        prepare=_full_name if kind == "customers" else None,
    )


def _full_name(columns: Columns) -> Columns:
    """A family name in a column of its own is a part of the name."""
    return (
        join_columns(columns, "name", "last_name")
        if "name" in columns
        else fill_from(columns, "name", "last_name")
    )


#: The source of a table of the owner's own, by kind. All but the survey go by one name, as they did.
BY_KIND: Mapping[str, Source] = {
    "orders": SOURCE,
    "feedback": SURVEY,
    "customers": _own_table(
        "customers",
        N_("A list of customers"),
        N_(
            "A CSV or Excel file with an e-mail address, phone or customer number on each row, and what you know of them."
        ),
    ),
    "events": _own_table(
        "events",
        N_("Visits and what people did"),
        N_(
            "A CSV or Excel file with a time on each row, and what was done: viewed, liked, commented, shared."
        ),
    ),
    "referrals": _own_table(
        "referrals",
        N_("Recommendations"),
        N_("A CSV or Excel file that names on each row who recommended you, and whom they brought."),
    ),
    "spend": _own_table(
        "spend",
        N_("Marketing spend"),
        N_("A CSV or Excel file with a month, a channel and what was spent on it."),
    ),
}
