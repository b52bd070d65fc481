"""微店's order export: a row a product; headings vary with the year, the variant moved into the product's name in 2020."""

from __future__ import annotations

import pyarrow.compute as pc

from loyalty.intake.sources.base import (
    Columns,
    Source,
    clean_cells,
    contains_any,
    drop_rounded_ids,
    is_filled,
    lower_keys,
    multiply,
    set_where,
    signature,
    subtract,
    zero_cancelled_lines,
)
from loyalty.words.message import N_


def _prepare(columns: Columns) -> Columns:
    """Older files name the variant apart: it joins the name as newer ones write it, `名称(型号)`.

    A product whose refund went through without an amount is refunded whole.
    """
    variant = columns.pop("variant", None)
    if variant is not None:
        full_name = pc.binary_join_element_wise(
            clean_cells(columns["product"]), "(", clean_cells(variant), ")", ""
        )
        columns["product"] = pc.if_else(is_filled(variant), full_name, columns["product"])
    refund = columns.pop("refund_status", None)
    if refund is not None:
        is_refunded = contains_any(refund, "退款成功", "已退款", "退款完成")
        if "fee" in columns:
            is_refunded = pc.and_(is_refunded, pc.invert(is_filled(columns["fee"])))
        columns = set_where(columns, is_refunded, "退款成功")
    return drop_rounded_ids(columns)


def _finish(columns: Columns) -> Columns:
    """A line: price times number, less what of it was given back."""
    columns["amount"] = subtract(
        {**columns, "amount": multiply(columns, "quantity", "unit_price")}, "amount", "fee"
    )
    return zero_cancelled_lines(columns)


SOURCE = Source(
    name="weidian",
    title="微店",
    signature=signature("订单编号", "订单状态", "下单时间", "商品名称", "下单账号"),
    fields={
        "order_id": ("订单编号",),
        "customer_id": ("下单账号",),
        "phone": ("收件人手机", "收件人/提货人手机号", "收件人手机号"),
        "name": ("收件人姓名", "收件人/提货人姓名"),
        "ordered_at": ("下单时间", "付款时间", "支付时间"),
        "status": ("订单状态",),
        "refund_status": ("退款状态",),
        "product": ("商品名称",),
        "variant": ("商品型号",),
        "product_id": ("商品编码",),
        "quantity": ("购买数量", "商品件数"),
        "unit_price": ("单品折扣后价格", "商品价格"),
        "fee": ("退款金额",),
    },
    statuses=lower_keys(
        {
            **dict.fromkeys(
                (
                    "待发货",
                    "已发货",
                    "待收货",
                    "已收货",
                    "已完成",
                    "交易完成",
                    "交易成功",
                    "已付款",
                    "待成团",
                    "部分发货",
                ),
                "paid",
            ),
            **dict.fromkeys(("待付款", "待支付", "未付款"), "unpaid"),
            **dict.fromkeys(("已关闭", "交易关闭", "已取消"), "cancelled"),
            **dict.fromkeys(("退款成功", "已退款", "退款完成"), "refunded"),
        }
    ),
    how_to_export=N_("微店网页版 › 订单 › 订单管理 › 筛选下单时间 › 批量导出 › 导出记录 › 下载。"),
    personal_reference=True,
    receiver_phone=True,
    currency="CNY",
    fixed_decimal=".",
    prepare=_prepare,
    finish=_finish,
    line_statuses=True,
)
