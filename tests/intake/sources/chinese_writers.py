"""Orders as the Chinese platforms' exports write them, and what must be read back from each."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from tests.intake.builders import Row
from tests.intake.sources.builders import money
from tests.intake.sources.orders import (
    ExpectedOrder,
    Order,
    expected_order,
    item_lines,
)

CLOSED = "付款以后用户退款成功，交易自动关闭"


def taobao_status(order: Order) -> str:
    return {"cancelled": "交易关闭", "unpaid": "等待买家付款", "refunded": CLOSED}.get(order.fate, "交易成功")


def taobao(order: Order) -> list[Row]:
    return [{
        "订单编号": f'="3515313147{order.number:07}"', "买家会员名": "t**0", "买家应付邮费": money(order.shipping), "买家实际支付金额": money(order.total),
        "订单状态": taobao_status(order), "联系手机": f"'{order.phone}", "收货人姓名": order.person, "订单创建时间": str(order.at),
        "宝贝标题 ": "，".join(name for name, _, _ in order.items), "宝贝种类 ": str(len(order.items)),
        "宝贝总数量": str(sum(count for _, count, _ in order.items)), "退款金额": money(order.back),
    }]  # fmt: skip


def taobao_id(order: Order) -> str:
    return f"3515313147{order.number:07}"


def taobao_expected(order: Order) -> dict[str, ExpectedOrder]:
    names = [(name, None, None) for name, _, _ in order.items]
    return {
        taobao_id(order): expected_order(
            order, lines=names if len(names) > 1 else [(names[0][0], float(order.items[0][1]), None)]
        )
    }


def taobao_items(order: Order) -> list[Row]:
    return [
        {
            "订单编号": f'="{taobao_id(order)}"',
            "标题": name,
            "价格": money(price),
            "购买数量": str(count),
            "订单状态": taobao_status(order),
        }
        for name, count, price in order.items
    ]


def taobao_sales(order: Order) -> list[Row]:
    return [{
        "子订单编号": f'="{taobao_id(order)}{place}"', "主订单编号": f'="{taobao_id(order)}"', "商品标题": name, "购买数量": str(count),
        "买家应付货款": money(count * price),
    } for place, (name, count, price) in enumerate(order.items)]  # fmt: skip


def youzan(order: Order) -> list[Row]:
    return [{
        "订单号": f"E{order.number}", "订单状态": {"cancelled": "交易关闭", "unpaid": "待付款"}.get(order.fate, "交易完成"), "运费": money(order.shipping),
        "订单创建时间": f"{order.at}\t", "订单实付金额": money(order.total), "买家手机号": order.phone, "收货人/提货人": order.person,
        "全部商品名称": ",".join(f"{name}({count}件)" for name, count, _ in order.items), "订单已退款金额": money(order.back),
    }]  # fmt: skip


def douyin(order: Order) -> list[Row]:
    return [{
        "主订单编号": f"\t69179{order.number}", "子订单编号": f"\t69179{order.number}{place}", "选购商品": name, "商品数量": str(count),
        "订单应付金额": money(amount + (order.shipping if place == 0 else 0)), "运费": money(order.shipping if place == 0 else 0),
        "订单提交时间": f"\t{order.at}", "订单状态": {"unpaid": "待支付", "cancelled": "已关闭"}.get(order.fate, "已完成"),
        "售后状态": "退款成功" if order.fate == "refunded" else "-", "平台实际承担优惠金额": "-", "达人实际承担优惠金额": "0.00",
    } for place, ((name, count, _), amount) in enumerate(zip(order.items, order.amounts(), strict=True))]  # fmt: skip


def pinduoduo(order: Order) -> list[Row]:
    status = {"unpaid": "待支付", "cancelled": "已取消", "refunded": "已发货，退款成功"}.get(
        order.fate, "已收货"
    )
    return [{
        "订单成交时间": str(order.at), "商品": order.items[0][0], "订单号": f"\t250304-{order.number:09}", "订单状态": status,
        "商品总价(元)": money(order.goods + order.discount), "邮费(元)": money(order.shipping), "店铺优惠折扣(元)": money(order.discount),
        "商家实收金额(元)": money(order.total), "商品数量(件)": str(order.items[0][1]),
    }]  # fmt: skip


def pinduoduo_expected(order: Order) -> dict[str, ExpectedOrder]:
    net = float(order.goods) if order.fate in ("paid", "part") else 0.0
    lines = item_lines(order, [order.goods])
    return {f"250304-{order.number:09}": expected_order(order, buyer_named=False, net=net, lines=lines)}


def jd(order: Order) -> list[Row]:
    status = {"cancelled": "已取消", "unpaid": "等待付款", "refunded": "已退款"}.get(order.fate, "完成")
    return [{
        "订单号": f"3100{order.number}", "商品ID": f"1000{place}", "商品名称": name, "订购数量": str(count), "下单时间": str(order.at),
        "京东价": f"{money(price)}（系统计算中，该值仅供参考）", "应付金额": money(order.total), "订单状态": status, "下单帐号": order.user,
        "客户姓名": order.person, "运费金额": money(order.shipping),
    } for place, (name, count, price) in enumerate(order.items)]  # fmt: skip


def jd_expected(order: Order) -> dict[str, ExpectedOrder]:
    """Nothing tells of a part given back."""
    net = float(order.goods) if order.fate in ("paid", "part") else 0.0
    return {
        f"3100{order.number}": expected_order(
            order, net=net, lines=item_lines(order, order.amounts(discounted=False))
        )
    }


def weidian(order: Order) -> list[Row]:
    status = {"cancelled": "已关闭", "unpaid": "待付款"}.get(order.fate, "已完成")
    return [{
        "订单编号": f"8000{order.number}", "订单状态": status, "下单时间": str(order.at), "商品名称": name, "商品型号": "大号" if place else "",
        "购买数量": str(count), "商品价格": money(price), "退款状态": "退款成功" if order.fate == "refunded" or (order.fate == "part" and place == 0) else "",
        "退款金额": money(order.back) if order.fate == "part" and place == 0 else "", "收件人姓名": order.person, "下单账号": order.user,
    } for place, (name, count, price) in enumerate(order.items)]  # fmt: skip


def weidian_shape(order: Order) -> Order:
    """No discount of the order, and no more given back than the first product costs."""
    undiscounted = order.without_discount()
    return replace(
        undiscounted,
        back=min(undiscounted.back, undiscounted.amounts()[0])
        if undiscounted.fate == "part"
        else undiscounted.back,
    )


def weidian_expected(order: Order) -> dict[str, ExpectedOrder]:
    amounts = order.amounts()
    if order.fate == "part":
        amounts[0] -= order.back
    elif order.fate in ("cancelled", "refunded"):
        amounts = [Decimal()] * len(amounts)
    lines = [
        (f"{name}(大号)" if place else name, count, amount)
        for place, (name, count, amount) in enumerate(item_lines(order, amounts))
    ]
    return {f"8000{order.number}": expected_order(order, lines=lines)}
