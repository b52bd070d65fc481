"""淘宝/天猫: the order report (ExportOrderList), a row an order with all its titles in one cell, ids behind Excel guards;
and the item reports (ExportOrderDetailList, ExportItemList), a row a product of an order from the first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import pyarrow.compute as pc

from loyalty.intake.sources.base import (
    Columns,
    Packed,
    Source,
    drop_rounded_ids,
    lower_keys,
    multiply,
    signature,
    subtract,
)
from loyalty.words.message import N_


def _packed_columns(header: Sequence[str]) -> list[str]:
    by_name = {name.strip(): name for name in header}
    return [by_name[name] for name in ("宝贝标题", "宝贝种类", "宝贝总数量") if name in by_name]


def unpack_titles(cells: Sequence[str]) -> list[Packed]:
    """Titles cut at the full-width comma, but only into as many as the report says there are: titles hold commas too."""
    title, kinds, quantity = (*cells, "", "")[:3]
    parts = [part.strip() for part in re.split("，", title) if part.strip()]
    count = int(kinds) if kinds.strip().isdigit() else len(parts)
    if len(parts) == count and count > 1:
        return [(part, "", "") for part in parts]
    return [(title.strip(), quantity, "")] if title.strip() else []


def _finish(columns: Columns) -> Columns:
    """Goods: what the buyer really paid, less postage."""
    columns["goods"] = subtract(columns, "total", "shipping")
    return columns


def _prepare(columns: Columns) -> Columns:
    """The fuller of two phone columns counts; an order number that a spreadsheet has rounded is none."""
    second = columns.pop("phone2", None)
    if second is not None and "phone" in columns:
        empty = pc.equal(pc.utf8_length(pc.utf8_trim(columns["phone"], "' \t")), 0)
        columns["phone"] = pc.if_else(empty, second, columns["phone"])
    return drop_rounded_ids(columns)


def _finish_lines(columns: Columns) -> Columns:
    """A product's amount: its price times its number."""
    columns["amount"] = multiply(columns, "quantity", "unit_price")
    return columns


PAID = (
    "买家已付款，等待卖家发货",
    "卖家已发货，等待买家确认",
    "交易成功",
    "卖家部分发货",
    "买家已付款,等待卖家发货",
    "卖家已发货,等待买家确认",
)
STATUSES = lower_keys(
    {
        **dict.fromkeys(PAID, "paid"),
        **dict.fromkeys(("等待买家付款", "等待付款"), "unpaid"),
        **dict.fromkeys(("交易关闭", "付款以前，卖家或买家主动关闭交易", "没有创建支付宝交易"), "cancelled"),
        **dict.fromkeys(
            ("付款以后用户退款成功，交易自动关闭", "付款以后用户退款成功,交易自动关闭"), "refunded"
        ),
    }
)

SOURCE = Source(
    name="taobao",
    title="淘宝 / 天猫",
    signature=signature("订单编号", "买家会员名", "买家实际支付金额", "订单状态", "订单创建时间", "宝贝标题"),
    fields={
        "order_id": ("订单编号",),
        "customer_id": ("买家会员名",),
        "phone": ("联系手机",),
        "phone2": ("联系电话",),
        "name": ("收货人姓名",),
        "ordered_at": ("订单创建时间",),
        "status": ("订单状态",),
        "total": ("买家实际支付金额",),
        "shipping": ("买家应付邮费",),
        "refunded": ("退款金额",),
    },
    statuses=lower_keys(
        {
            **dict.fromkeys(PAID, "paid"),
            "等待买家付款": "unpaid",
            "交易关闭": "cancelled",
            "付款以后用户退款成功，交易自动关闭": "refunded",
        }
    ),
    how_to_export=N_("千牛卖家中心 › 交易 › 已卖出的宝贝 › 选择日期 › 批量导出 › 下载订单报表。"),
    personal_reference=True,
    receiver_phone=True,
    currency="CNY",
    fixed_decimal=".",
    buyer_note=N_(
        "淘宝 and 天猫 mask the buyer's name and phone in most exports (t**0): such sales are kept as anonymous ones."
    ),
    packed=_packed_columns,
    unpack=unpack_titles,
    prepare=_prepare,
    finish=_finish,
)

#: 宝贝报表. It has neither date nor buyer; products carry no code here, so that they meet the titles of the order report.
ITEMS = Source(
    name="taobao-items",
    title="淘宝 / 天猫 (宝贝报表)",
    signature=signature("订单编号", "标题", "价格", "购买数量", "订单状态"),
    fields={
        "order_id": ("订单编号",),
        "product": ("标题",),
        "quantity": ("购买数量",),
        "unit_price": ("价格",),
        "status": ("订单状态",),
        "ordered_at": ("订单创建时间", "订单付款时间"),
    },
    statuses=STATUSES,
    how_to_export=N_(
        "千牛卖家中心 › 交易 › 已卖出的宝贝 › 选择日期 › 批量导出 › 下载宝贝报表（先导入同期的订单报表）。"
    ),
    whole=False,
    currency="CNY",
    fixed_decimal=".",
    prepare=drop_rounded_ids,
    finish=_finish_lines,
    completes=True,
)
SALES = replace(
    ITEMS,
    name="taobao-sales",
    title="淘宝 / 天猫 (销售明细)",
    signature=signature("子订单编号", "主订单编号", "购买数量", "买家应付货款"),
    fields={
        **ITEMS.fields,
        "order_id": ("主订单编号",),
        "product": ("商品标题", "标题", "宝贝标题"),
        "unit_price": ("商品价格", "价格"),
        "amount": ("买家应付货款",),
    },
    finish=None,
    how_to_export=N_(
        "千牛卖家中心 › 交易 › 已卖出的宝贝 › 选择日期 › 批量导出 › 下载销售明细（先导入同期的订单报表）。"
    ),
)
