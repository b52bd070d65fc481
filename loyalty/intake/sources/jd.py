"""京东's order export: a row a product, the order's own amounts repeated on each; some amounts with a remark in brackets."""

from __future__ import annotations

import pyarrow.compute as pc

from loyalty.intake.sources.base import (
    Columns,
    Source,
    drop_rounded_ids,
    fill_from,
    lower_keys,
    multiply,
    signature,
    subtract,
)
from loyalty.words.message import N_

_AMOUNTS = ("total", "shipping", "unit_price")


def _prepare(columns: Columns) -> Columns:
    """`499.00（系统计算中，该值仅供参考）` is 499.00; the order's amount replaces a missing payable one."""
    columns = fill_from(columns, "total", "order_amount", "receivable")
    for name in _AMOUNTS:
        if name in columns:
            columns[name] = pc.replace_substring_regex(columns[name], r"[（(]\D*[)）]\s*$", "")
    return drop_rounded_ids(columns)


def _finish(columns: Columns) -> Columns:
    """Goods: what was to be paid for the order less postage, once an order; a line is its price times its number."""
    if "total" in columns:
        columns["goods"] = subtract(columns, "total", "shipping")
    if "unit_price" in columns:
        columns["amount"] = multiply(columns, "quantity", "unit_price")
    return columns


SOURCE = Source(
    name="jd",
    title="京东",
    signature=signature("订单号", "商品ID", "商品名称", "订购数量", "京东价"),
    fields={
        "order_id": ("订单号",),
        "customer_id": ("下单帐号", "下单账号"),
        "phone": ("联系电话",),
        "name": ("客户姓名",),
        "ordered_at": ("下单时间",),
        "status": ("订单状态",),
        "product_id": ("商品ID",),
        "product": ("商品名称",),
        "quantity": ("订购数量",),
        "unit_price": ("京东价",),
        "total": ("应付金额",),
        "order_amount": ("订单金额",),
        "receivable": ("商家应收",),
        "shipping": ("运费金额",),
    },
    statuses=lower_keys(
        {
            **dict.fromkeys(
                ("等待出库", "等待发货", "等待打印", "正在出库", "已出库", "等待确认收货", "等待收货"), "paid"
            ),
            **dict.fromkeys(
                ("完成", "已完成", "已签收", "锁定", "暂停", "已付款", "待发货", "待收货", "已发货"), "paid"
            ),
            **dict.fromkeys(("等待付款", "等待付款确认", "未付款", "待付款", "待支付"), "unpaid"),
            **dict.fromkeys(
                ("已取消", "取消", "订单取消", "(删除)等待出库", "（删除）等待出库", "已关闭", "已删除"),
                "cancelled",
            ),
            **dict.fromkeys(("已退款", "退款成功", "退款完成"), "refunded"),
        }
    ),
    how_to_export=N_("京东商家后台 › 订单管理 › 订单查询与跟踪 › 筛选下单时间 › 导出订单 › 下载。"),
    personal_reference=True,
    receiver_phone=True,
    currency="CNY",
    fixed_decimal=".",
    prepare=_prepare,
    finish=_finish,
)
