"""Empty tables to fill in by hand, under headings that the app recognises, with two rows to show how."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from loyalty.exports.table import to_csv
from loyalty.words import Words

KINDS = ("orders", "feedback")
#: Heading by language, then the example rows, column by column.
_ORDERS: Sequence[tuple[Mapping[str, str], tuple[str, str]]] = (
    ({"en": "Order number", "zh_CN": "订单编号"}, ("1001", "1002")),
    ({"en": "Date", "zh_CN": "日期"}, ("2026-03-01", "2026-03-02")),
    ({"en": "Customer number", "zh_CN": "客户编号"}, ("K-1", "K-2")),
    ({"en": "E-mail", "zh_CN": "邮箱"}, ("ann@example.com", "ben@example.com")),
    ({"en": "Product", "zh_CN": "商品"}, ("Tea", "Cup")),
    ({"en": "Quantity", "zh_CN": "数量"}, ("2", "1")),
    ({"en": "Unit price", "zh_CN": "单价"}, ("4.50", "12.00")),
    ({"en": "Status", "zh_CN": "状态"}, ("paid", "paid")),
    ({"en": "Refunded", "zh_CN": "退款金额"}, ("0", "0")),
)
_FEEDBACK: Sequence[tuple[Mapping[str, str], tuple[str, str]]] = (
    ({"en": "Date", "zh_CN": "日期"}, ("2026-03-05", "2026-03-06")),
    ({"en": "E-mail", "zh_CN": "邮箱"}, ("ann@example.com", "ben@example.com")),
    ({"en": "Score", "zh_CN": "评分"}, ("5", "4")),
    ({"en": "Comment", "zh_CN": "评论"}, ("", "")),
)


def template(kind: str, words: Words) -> bytes:
    """A CSV file for `kind` ("orders" or "feedback") with headings in the reader's language."""
    columns = _FEEDBACK if kind == "feedback" else _ORDERS
    return to_csv(pd.DataFrame({names[words.language]: list(values) for names, values in columns}))
