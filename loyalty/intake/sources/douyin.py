"""抖店's order export in two layouts: a row a 子订单, ids behind a tab, "-" for nothing, buyers encrypted."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from loyalty.intake.canonical import MONEY
from loyalty.intake.sources.base import (
    Columns,
    Source,
    contains_any,
    drop_rounded_ids,
    lower_keys,
    set_where,
    signature,
    subtract,
    zero_cancelled_lines,
)
from loyalty.words.message import N_

_PAID_BY_OTHERS = ("total", "fee")  # what the platform and the influencers gave of the discount


def _prepare(columns: Columns) -> Columns:
    """A 子订单 whose refund went through is refunded, however far its order has come."""
    after_sale = columns.pop("after_sale", None)
    if after_sale is not None:
        columns = set_where(columns, contains_any(after_sale, "退款成功"), "退款成功")
    return drop_rounded_ids(columns)


def _finish(columns: Columns) -> Columns:
    """What the shop is paid for a 子订单: the buyer's part less postage, and the discount that others bear."""
    columns["amount"] = subtract(columns, "amount", "shipping")
    zero = pa.scalar(0, MONEY)
    for name in _PAID_BY_OTHERS:
        others_discount = columns.pop(name, None)
        if others_discount is not None:
            columns["amount"] = pc.cast(pc.add(columns["amount"], pc.coalesce(others_discount, zero)), MONEY)
    return zero_cancelled_lines({name: cells for name, cells in columns.items() if name != "shipping"})


SOURCE = Source(
    name="douyin",
    title="抖店",
    signature=signature("主订单编号", "子订单编号", "选购商品", "商品数量", "订单应付金额", "订单提交时间"),
    fields={
        "order_id": ("主订单编号",),
        "product": ("选购商品",),
        "quantity": ("商品数量",),
        "amount": ("订单应付金额",),
        "shipping": ("运费",),
        "total": ("平台实际承担优惠金额",),
        "fee": ("达人实际承担优惠金额",),
        "ordered_at": ("订单提交时间",),
        "status": ("订单状态",),
        "after_sale": ("售后状态",),
    },
    statuses=lower_keys(
        {
            **dict.fromkeys(
                (
                    "已支付",
                    "待发货",
                    "备货中",
                    "部分发货",
                    "已发货",
                    "已收货",
                    "已完成",
                    "已签收",
                    "交易成功",
                ),
                "paid",
            ),
            **dict.fromkeys(("待支付", "未支付", "待付款", "待确认"), "unpaid"),
            **dict.fromkeys(("已关闭", "已取消", "交易关闭"), "cancelled"),
            **dict.fromkeys(("退款成功", "已退款"), "refunded"),
        }
    ),
    how_to_export=N_("抖店后台 › 订单 › 订单管理 › 筛选下单时间 › 导出订单 › 查看已生成报表 › 下载。"),
    currency="CNY",
    fixed_decimal=".",
    buyer_note=N_("抖店 encrypts the buyer in its exports: its sales are kept as anonymous ones."),
    prepare=_prepare,
    finish=_finish,
    line_statuses=True,
)
