"""拼多多's order export: a row an order of one product, no buyer; its number begins with its day."""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

from loyalty.intake.sources.base import (
    Columns,
    Source,
    contains_any,
    drop_rounded_ids,
    is_filled,
    lower_keys,
    set_where,
    signature,
    subtract,
)
from loyalty.intake.values.cells import clean_cell
from loyalty.intake.values.columns import map_distinct
from loyalty.words.message import N_

_DAY = re.compile(r"^(\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])-\d{6,}$")


def day_of(order_id: str) -> str:
    """The day within an order's number; "" for a number of another form.

    >>> day_of("260517-607198974342268")
    '2026-05-17'
    """
    match = _DAY.match(clean_cell(order_id))
    return "20{}-{}-{}".format(*match.groups()) if match else ""


def _prepare(columns: Columns) -> Columns:
    """A refund that went through gives the order back; a day that is left out is the one in the order's number."""
    after_sale = columns.pop("after_sale", None)
    if after_sale is not None:
        columns = set_where(columns, contains_any(after_sale, "退款成功"), "退款成功")
    days = map_distinct(columns["order_id"], day_of, pa.string())
    columns["ordered_at"] = pc.if_else(is_filled(columns["ordered_at"]), columns["ordered_at"], days)
    return drop_rounded_ids(columns)


def _finish(columns: Columns) -> Columns:
    """Goods: the goods' price less the shop's own discount.

    What 拼多多 gives of a discount it pays to the shop (商家实收 = 商品总价 + 邮费 − 店铺优惠), so that the shop is paid
    for its goods in full; what the buyer paid (用户实付) would be too little. Where the price is missing, what the
    shop was paid less postage replaces it.
    """
    candidates = [subtract(columns, "amount", "discount")] if "amount" in columns else []
    candidates += [subtract(columns, name, "shipping") for name in ("goods", "total") if name in columns]
    columns["goods"] = pc.coalesce(*candidates)
    columns["amount"] = columns["goods"]
    return columns


_PAID = (
    "待发货",
    "已发货",
    "已发货，待签收",
    "已发货，待收货",
    "已收货",
    "已签收",
    "已成团",
    "交易成功",
    "待收货",
    "已完成",
)
_REFUNDED = (
    "退款成功",
    "未发货，退款成功",
    "已发货，退款成功",
    "已收货，退款成功",
    "已签收，退款成功",
    "已取消，退款成功",
    "已退款",
)

SOURCE = Source(
    name="pinduoduo",
    title="拼多多",
    signature=signature("订单成交时间", "商品", "订单号", "订单状态", "商家实收金额(元)", "商品数量(件)"),
    fields={
        "order_id": ("订单号",),
        "ordered_at": ("订单成交时间",),
        "status": ("订单状态",),
        "after_sale": ("售后状态",),
        "product": ("商品",),
        "product_id": ("商品id",),
        "quantity": ("商品数量(件)",),
        "amount": ("商品总价(元)",),
        "discount": ("店铺优惠折扣(元)",),
        "goods": ("商家实收金额(元)",),
        "total": ("用户实付金额(元)",),
        "shipping": ("邮费(元)",),
    },
    statuses=lower_keys(
        {
            **dict.fromkeys(_PAID, "paid"),
            **dict.fromkeys(("待支付", "待付款", "未支付", "待成团"), "unpaid"),
            **dict.fromkeys(("已取消", "已关闭", "交易关闭", "交易取消"), "cancelled"),
            **dict.fromkeys(_REFUNDED, "refunded"),
        }
    ),
    how_to_export=N_("拼多多商家后台 › 发货管理 › 订单查询 › 筛选成交时间 › 批量导出 › 下载报表。"),
    currency="CNY",
    fixed_decimal=".",
    buyer_note=N_("拼多多 hides the buyer in its exports: its sales are kept as anonymous ones."),
    prepare=_prepare,
    finish=_finish,
)
