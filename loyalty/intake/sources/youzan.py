"""有赞's order export (a row an order, all products with their counts in one cell, one heading twice) and its customers."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from loyalty.intake.sources.base import (
    Columns,
    Packed,
    Source,
    clean_cells,
    fill_from,
    lower_keys,
    signature,
    subtract,
)
from loyalty.intake.values.columns import map_distinct
from loyalty.intake.values.phones import clean_phone
from loyalty.words.message import N_

_PRODUCT = re.compile(r"\s*(?P<name>.+?)\s*[(（](?P<count>\d+)件[)）][\s,，;；、]*", re.DOTALL)


def _packed_columns(header: Sequence[str]) -> list[str]:
    return [name for name in header if name.strip() == "全部商品名称"]


def unpack_products(cells: Sequence[str]) -> list[Packed]:
    """`甲(1件),乙(2件)` as products with their counts; a cell without counts is one product."""
    text = cells[0] if cells else ""
    products = [(match["name"], match["count"], "") for match in _PRODUCT.finditer(text)]
    return products or ([(text.strip(), "", "")] if text.strip() else [])


def _prepare(columns: Columns) -> Columns:
    """The buyer's own phone counts; the receiver's where the buyer's is missing or masked."""
    receiver = columns.pop("receiver_phone", None)
    if receiver is not None:
        buyer = columns.get("phone", receiver)
        usable = map_distinct(buyer, lambda cell: clean_phone(cell, "CN") is not None, pa.bool_())
        columns["phone"] = pc.if_else(usable, buyer, receiver)
    return _without_unknown_channel(columns)


def _without_unknown_channel(columns: Columns) -> Columns:
    """`columns` without acquisition channels that mean none or unknown."""
    if "acquired_via" in columns:
        is_empty = pc.is_in(clean_cells(columns["acquired_via"]), value_set=pa.array(["无", "其他", "未知"]))
        columns["acquired_via"] = pc.if_else(is_empty, "", columns["acquired_via"])
    return columns


def _finish(columns: Columns) -> Columns:
    columns["goods"] = subtract(columns, "total", "shipping")
    return columns


SOURCE = Source(
    name="youzan",
    title="有赞",
    signature=signature("订单号", "订单状态", "订单创建时间", "订单实付金额", "全部商品名称", "买家手机号"),
    fields={
        "order_id": ("订单号",),
        "phone": ("买家手机号",),
        "receiver_phone": ("收货人手机号/提货人手机号",),
        "name": ("收货人/提货人",),
        "ordered_at": ("订单创建时间",),
        "status": ("订单状态",),
        "total": ("订单实付金额",),
        "shipping": ("运费",),
        "discount": ("店铺优惠合计",),
        "refunded": ("订单已退款金额",),
        "acquired_via": ("推广方式",),
    },
    statuses=lower_keys(
        {
            **dict.fromkeys(
                ("交易完成", "交易成功", "已发货", "待发货", "已完成", "待成团", "待接单"), "paid"
            ),
            **dict.fromkeys(("待付款", "待支付"), "unpaid"),
            **dict.fromkeys(("交易关闭", "已关闭", "已取消"), "cancelled"),
            "已退款": "refunded",
        }
    ),
    how_to_export=N_("有赞微商城后台 › 订单 › 所有订单 › 筛选日期 › 导出 › 下载报表。"),
    currency="CNY",
    fixed_decimal=".",
    packed=_packed_columns,
    unpack=unpack_products,
    prepare=_prepare,
    finish=_finish,
)


def _prepare_customers(columns: Columns) -> Columns:
    """A nickname where there is no name; how they came where nothing says through whom."""
    return _without_unknown_channel(
        fill_from(
            _without_unknown_channel(fill_from(columns, "name", "nickname")), "acquired_via", "acquired_how"
        )
    )


CUSTOMERS = Source(
    name="youzan-customers",
    title=N_("有赞 (customers)"),
    kind="customers",
    signature=signature("客户姓名", "客户手机号", "客户生日", "消费次数", "成为客户时间"),
    fields={
        "phone": ("客户手机号",),
        "name": ("客户姓名",),
        "nickname": ("客户昵称",),
        "birthday": ("客户生日",),
        "tags": ("标签",),
        "city": ("微信地域",),
        "acquired_via": ("来源渠道",),
        "acquired_how": ("来源方式",),
        "first_seen": ("成为客户时间",),
    },
    statuses={},
    how_to_export=N_("有赞微商城后台 › 客户 › 客户管理 › 筛选 › 导出 › 下载报表。"),
    buyer_note=N_(
        "有赞 masks phone numbers for staff without the right to see them: rows with a masked phone are set aside."
    ),
    fixed_date_order="YMD",
    whole=False,
    prepare=_prepare_customers,
)
