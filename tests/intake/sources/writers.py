"""Any orders as every platform's export writes them, and what must be read back from it.

A `Writer` turns an order into rows, and says what its layout tells of the order: what it leaves out cannot come back.
"""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from loyalty.intake.decisions import Answers
from tests.intake.builders import ALGOLPLUS, GENERIC, SHOPIFY, SQUARE_35, TAOBAO, WEBTOFFEE, YOUZAN, Row
from tests.intake.sources import test_ebay, test_etsy, test_gumroad, test_paypal, test_square, test_stripe
from tests.intake.sources.builders import money
from tests.intake.sources.orders import (
    STATUS,
    ExpectedOrder,
    Order,
    Writer,
    day,
    expected_order,
    item_lines,
    minute,
    settles,
)
from tests.intake.sources.test_chinese_shops import JD, TAOBAO_ITEMS, TAOBAO_SALES, WEIDIAN
from tests.intake.sources.test_shops import SKYVERGE
from tests.intake.sources.test_silent_platforms import AMAZON, ANALYTICS, DOUYIN_21, PINDUODUO, TOAST

# Web shops


def shopify(order: Order) -> list[Row]:
    own = {
        "Email": order.email, "Currency": "EUR", "Subtotal": money(order.goods), "Shipping": money(order.shipping),
        "Taxes": "1.90", "Total": money(order.total + Decimal("1.90")), "Discount Amount": money(order.discount),
        "Created at": f"{order.at} +0100", "Refunded Amount": money(order.back), "Billing Name": order.person,
        "Financial Status": {"part": "partially_refunded", "refunded": "refunded", "unpaid": "pending"}.get(order.fate, "paid"),
        "Cancelled at": f"{order.at} +0100" if order.fate == "cancelled" else "",
    }  # fmt: skip
    return [
        {
            "Name": f"#{order.number}",
            **(own if place == 0 else {}),
            "Lineitem quantity": str(count),
            "Lineitem name": name,
            "Lineitem price": money(price),
        }
        for place, (name, count, price) in enumerate(order.items)
    ]


WOO = {"cancelled": "wc-cancelled", "unpaid": "on-hold", "refunded": "refunded"}


def woo_items(order: Order) -> list[str]:
    return [
        f"name:{name}|product_id:7|sku:|quantity:{count}|total:{money(amount)}"
        for (name, count, _), amount in zip(order.items, order.amounts(), strict=True)
    ]


def woo_order(order: Order) -> dict[str, str]:
    return {
        "order_id": str(order.number + 5000), "order_number": f"#{order.number}", "status": WOO.get(order.fate, "completed"),
        "shipping_total": money(order.shipping), "tax_total": "1.90", "order_total": money(order.total + Decimal("1.90")),
        "billing_email": order.email, "billing_first_name": order.person, "discount_total": money(order.discount),
    }  # fmt: skip


def webtoffee(order: Order) -> list[Row]:
    back = f"amount:{money(order.back)}|reason:late|date:2025-04-09 10:00:00" if order.fate == "part" else ""
    products = {f"line_item_{place}": item for place, item in enumerate(woo_items(order), 1)}
    return [
        {
            **woo_order(order),
            **products,
            "order_date": str(order.at),
            "refund_items": back,
            "fee_total": "0.00",
        }
    ]


def skyverge(order: Order) -> list[Row]:
    return [{**woo_order(order), "date": str(order.at), "line_items": "; ".join(woo_items(order))}]


def algolplus(order: Order) -> list[Row]:
    return [{
        "Order Number": str(order.number), "Order Status": WOO.get(order.fate, "Completed"), "Order Date": f"{order.at:%Y-%m-%d %H:%M}",
        "Email (Billing)": order.email, "First Name (Billing)": order.person, "Item #": str(place + 1), "Name": name, "Quantity": str(count),
        "Order Line (w/o tax)": money(amount), "Order Refund Amount": money(-order.back if order.fate == "part" else 0),
        "Order Total Amount": money(order.total), "Order Shipping Amount": money(order.shipping),
    } for place, ((name, count, _), amount) in enumerate(zip(order.items, order.amounts(), strict=True))]  # fmt: skip


def analytics(order: Order) -> list[Row]:
    return [{
        "Date": str(order.at), "Order #": str(order.number), "Status": WOO.get(order.fate, "completed"), "Customer": order.person,
        "Product(s)": ", ".join(f"{count}× {name}" for name, count, _ in order.items), "Net Sales": money(order.goods),
    }]  # fmt: skip


def gumroad(order: Order) -> list[Row]:
    flags = {
        "Refunded?": order.fate in ("part", "refunded"), "Fully Refunded?": order.fate == "refunded",
        "Disputed?": order.fate == "cancelled", "Pre-order authorization?": order.fate == "unpaid",
    }  # fmt: skip
    return [{
        "Purchase ID": f"p{order.number}==", "Item Name": order.items[0][0], "Buyer Name": order.person, "Purchase Email": order.email,
        "Purchase Date": f"{order.at:%Y-%m-%d}", "Purchase Time (UTC timezone)": f"{order.at:%H:%M:%S}", "Subtotal ($)": money(order.goods),
        "Shipping ($)": "0.0", "Sale Price ($)": money(order.goods), "Partial Refund ($)": money(order.back if order.fate == "part" else 0),
        "Quantity": str(order.items[0][1]), **{name: str(int(answer)) for name, answer in flags.items()},
    }]  # fmt: skip


def etsy_order(order: Order) -> list[Row]:
    adjusted = money(order.total - order.back if order.fate == "part" else 0)
    return [{
        "Sale Date": f"{order.at:%m/%d/%y}", "Order ID": str(order.number), "Buyer User ID": order.user, "Full Name": html.escape(order.person),
        "Order Value": money(order.goods + order.discount), "Discount Amount": money(order.discount), "Shipping": money(order.shipping),
        "Order Total": money(order.total), "Adjusted Order Total": adjusted, "Adjusted Net Order Amount": "-0.65" if order.fate == "part" else "0.00",
        "Status": {"refunded": "Refunded", "cancelled": "Canceled", "unpaid": "Unpaid"}.get(order.fate, "Completed"), "Currency": "USD",
    }]  # fmt: skip


def etsy_items(order: Order) -> list[Row]:
    return [{
        "Sale Date": f"{order.at:%m/%d/%y}", "Item Name": html.escape(name), "Quantity": str(count), "Price": money(price), "Order ID": str(order.number),
        "Buyer": f"Zoe ({order.user})" if order.user else "Zoe Example", "Ship Name": html.escape(order.person), "Currency": "USD",
        "Discount Amount": money(order.discount if place == 0 else 0), "Item Total": money(count * price), "Transaction ID": f"4{order.number}{place}",
    } for place, (name, count, price) in enumerate(order.items)]  # fmt: skip


# Payments and tills


def stripe(order: Order) -> list[Row]:
    return [{
        "id": f"ch_{order.number}", "Created date (UTC)": str(order.at), "Amount": f"{order.goods:,.2f}", "Amount Refunded": money(order.back),
        "Currency": "usd", "Captured": str(order.fate != "unpaid").lower(), "Customer Email": order.email,
        "Status": {"refunded": "Refunded", "cancelled": "Failed"}.get(order.fate, "Paid"),
    }]  # fmt: skip


def balance(order: Order) -> list[Row]:
    common = {
        "created_utc": f"{order.at:%Y-%m-%d %H:%M}",
        "currency": "usd",
        "charge_id": f"ch_{order.number}",
    }
    charge = {
        **common,
        "balance_transaction_id": f"t{order.number}",
        "reporting_category": "charge",
        "gross": money(order.goods),
    }
    refund = {
        **common,
        "balance_transaction_id": f"r{order.number}",
        "reporting_category": "refund",
        "gross": money(-order.back),
    }
    return ([charge] if settles(order) else []) + ([refund] if order.back else [])


def activity(order: Order) -> list[Row]:
    common = {"Created (UTC)": f"{order.at:%Y-%m-%d %H:%M}", "Currency": "usd"}
    charge = {
        **common,
        "ID": f"t{order.number}",
        "Type": "charge",
        "Amount": money(order.goods),
        "Source": f"ch_{order.number}",
    }
    refund = {
        **common,
        "ID": f"r{order.number}",
        "Type": "refund",
        "Amount": money(-order.back),
        "Source": f"re_{order.number}",
    }
    return ([charge] if settles(order) else []) + ([refund] if order.back else [])


def activity_expected(order: Order) -> dict[str, ExpectedOrder]:
    """A refund does not say what it gives back: it stands alone, below 0."""
    expected = {}
    if settles(order):
        expected[f"ch_{order.number}"] = expected_order(
            order, buyer_named=False, status="paid", at=minute(order), net=float(order.goods)
        )
    if order.back:
        expected[f"re_{order.number}"] = expected_order(
            order, buyer_named=False, status="paid", at=minute(order), net=-float(order.back)
        )
    return expected


def paypal(order: Order) -> list[Row]:
    common = {
        "Date": f"{order.at:%m/%d/%Y}",
        "Time": f"{order.at:%H:%M:%S}",
        "TimeZone": "PST",
        "Currency": "USD",
    }
    payment = {
        **common, "Type": "Express Checkout Payment", "Gross": f"{order.total:,.2f}", "From Email Address": order.email,
        "Status": {"cancelled": "Denied", "unpaid": "Pending"}.get(order.fate, "Completed"), "Name": order.person, "Balance Impact": "Credit",
        "Transaction ID": f"TX{order.number}", "Shipping and Handling Amount": money(order.shipping), "Item Title": order.items[0][0],
        "Quantity": str(order.items[0][1]),
    }  # fmt: skip
    refund = {
        **common, "Type": "Payment Refund", "Status": "Completed", "Gross": f"{-order.back:,.2f}", "To Email Address": order.email,
        "Transaction ID": f"RF{order.number}", "Reference Txn ID": f"TX{order.number}", "Balance Impact": "Debit",
    }  # fmt: skip
    payout = {
        **common,
        "Type": "General Withdrawal",
        "Status": "Completed",
        "Gross": "-1,500.00",
        "Transaction ID": f"NO{order.number}",
    }
    return [payment, *([refund] if order.back else []), payout]


def square_item(order: Order, name: str, count: int, amount: Decimal, event: str) -> Row:
    return {
        "Date": f"{order.at:%Y-%m-%d}", "Time": f"{order.at:%H:%M:%S}", "Category": "None", "Item": name, "Qty": f"{count}.0",
        "Net Sales": test_square.dollars(amount), "Transaction ID": f"T{order.number}", "Event Type": event, "Customer ID": order.user,
        "Customer Name": order.person,
    }  # fmt: skip


def square(order: Order) -> list[Row]:
    if not settles(order):
        return []
    rows = [
        square_item(order, name, count, amount, "Payment")
        for (name, count, _), amount in zip(order.items, order.amounts(), strict=True)
    ]
    return rows + ([square_item(order, order.items[0][0], -1, -order.back, "Refund")] if order.back else [])


def square_expected(order: Order) -> dict[str, ExpectedOrder]:
    back = [(order.items[0][0], -1.0, -float(order.back))] if order.back else []
    lines = [*item_lines(order, order.amounts()), *back]
    net = float(order.goods - order.back)
    return (
        {f"T{order.number}": expected_order(order, lines=lines, status="paid", net=net)}
        if settles(order)
        else {}
    )


def toast(order: Order) -> list[Row]:
    return [{
        "Order Id": f"7000{order.number}", "Order Date": f"{order.at.month}/{order.at.day}/{order.at:%y} {order.at:%I:%M %p}",
        "Item Selection Id": f"{order.number}{place}", "Menu Item": name, "Qty": f"{count}.0", "Net Price": money(amount),
        "Void?": str(not settles(order)).lower(), "Deferred": "false",
    } for place, ((name, count, _), amount) in enumerate(zip(order.items, order.amounts(), strict=True))]  # fmt: skip


def toast_expected(order: Order) -> dict[str, ExpectedOrder]:
    """Nothing tells of refunds; what was voided is worth nothing."""
    amounts = order.amounts() if settles(order) else [Decimal()] * len(order.items)
    status = "paid" if settles(order) else "cancelled"
    lines = item_lines(order, amounts)
    return {
        f"7000{order.number}": expected_order(
            order, buyer_named=False, status=status, net=float(sum(amounts)), lines=lines, at=minute(order)
        )
    }


# Markets


def ebay_day(order: Order) -> str:
    return f"{order.at:%b-%d-%y}"


def ebay(order: Order) -> list[Row]:
    own = {
        "Sales Record Number": str(order.number), "Order Number": f"12-{order.number}", "Buyer Username": order.user, "Buyer Name": order.person,
        "Sale Date": ebay_day(order), "Paid On Date": "" if order.fate == "unpaid" else ebay_day(order),
    }  # fmt: skip
    items = [
        {
            "Item Number": f"11{place}",
            "Item Title": name,
            "Quantity": str(count),
            "Sold For": f"${amount:,.2f}",
        }
        for place, ((name, count, _), amount) in enumerate(zip(order.items, order.amounts(), strict=True))
    ]
    if len(items) == 1:
        return [{**own, **items[0]}]
    whole = {**own, "Quantity": str(len(items)), "Sold For": f"${order.goods:,.2f}"}
    return [whole, *({"Order Number": own["Order Number"], **item} for item in items)]


GERMAN_MONTHS = {"Mar": "Mrz", "May": "Mai", "Oct": "Okt", "Dec": "Dez"}


def german_ebay(order: Order) -> list[Row]:
    rows = []
    for row in ebay(order):
        turned = {test_ebay.GERMAN[name]: cell for name, cell in row.items() if name in test_ebay.GERMAN}
        turned["Verkauft für"] = (
            turned["Verkauft für"].translate(str.maketrans(",.", ".,")).removeprefix("$") + " €"
        )
        for name in ("Verkauft am", "Zahlungsdatum"):
            if turned.get(name):
                month, date, year = turned[name].split("-")
                turned[name] = f"{date}-{GERMAN_MONTHS.get(month, month)}-{year}"
        rows.append(turned)
    return rows


def ebay_expected(order: Order) -> dict[str, ExpectedOrder]:
    """Nothing tells of refunds or of orders called off."""
    paid = order.fate != "unpaid"
    lines = item_lines(order, order.amounts())
    changes = {"status": "paid" if paid else "unpaid", "net": float(order.goods) if paid else 0.0}
    return {f"12-{order.number}": expected_order(order, lines=lines, at=day(order), **changes)}


def amazon(order: Order) -> list[Row]:
    return [{
        "amazon-order-id": f"305-{order.number}", "purchase-date": f"{order.at.isoformat()}+00:00", "sales-channel": "Amazon.com",
        "order-status": {"cancelled": "Cancelled", "unpaid": "Pending", "refunded": "Shipped - Returned to Seller"}.get(order.fate, "Shipped"),
        "product-name": name, "quantity": str(count), "currency": "USD", "item-price": money(count * price),
        "item-promotion-discount": money(order.discount if place == 0 else 0), "item-status": "Shipped",
    } for place, (name, count, price) in enumerate(order.items)]  # fmt: skip


# China

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


def generic(order: Order) -> list[Row]:
    return [{
        "Invoice No": f"{order.number:08}", "Customer": "" if order.buyer is None else TRAPS[order.buyer], "Date": f"{order.at:%Y-%m-%d %H:%M}",
        "Product": name, "Qty": str(count), "Unit Price": money(price), "Status": STATUS[order.fate], "Remark": order.person,
        "Refunded": money(order.back) if place == 0 and order.fate == "part" else "",
    } for place, (name, count, price) in enumerate(order.items)]  # fmt: skip


#: Customers' numbers in an owner's own table that a careless reader changes.
TRAPS = ("007", "1e5", "NA", "null", "3.50")


def expected_by(
    name: str,
    amounts: Callable[[Order], Sequence[Decimal | None]] | None = None,
    at: Callable[[Order], dt.datetime] = lambda order: order.at,
    *,
    buyer_named: bool = True,
    parts: bool = True,
    status: Mapping[str, str] = STATUS,
) -> Callable[[Order], dict[str, ExpectedOrder]]:
    """The order that a layout keeps, by id: its id, what its products come to (None: not which they are), when, …

    `parts`: whether what is given back in part shows; `status`: what comes of each fate.
    """

    def expected_by_id(order: Order) -> dict[str, ExpectedOrder]:
        lines = item_lines(order, amounts(order)) if amounts else ()
        back = order.back if parts else Decimal()
        net = float(order.goods - back) if order.fate in ("paid", "part") else 0.0
        return {
            name.format(order.number): expected_order(
                order, buyer_named=buyer_named, lines=lines, at=at(order), net=net, status=status[order.fate]
            )
        }

    return expected_by_id


def net_amounts(order: Order) -> list[Decimal]:
    return order.amounts()


def gross_amounts(order: Order) -> list[Decimal]:
    return order.amounts(discounted=False)


def no_amounts(order: Order) -> list[None]:
    return [None] * len(order.items)


def amounts_left(order: Order) -> list[Decimal]:
    """Lines called off or given back whole are worth nothing."""
    return [Decimal()] * len(order.items) if order.fate in ("cancelled", "refunded") else order.amounts()


def balance_expected(order: Order) -> dict[str, ExpectedOrder]:
    expected = expected_order(
        order, buyer_named=False, at=minute(order), status="paid", net=float(order.goods - order.back)
    )
    return {f"ch_{order.number}": expected} if settles(order) else {}


def paypal_expected(order: Order) -> dict[str, ExpectedOrder]:
    status = {"refunded": "paid"}.get(order.fate, STATUS[order.fate])
    return {f"TX{order.number}": expected_order(order, lines=item_lines(order, [order.goods]), status=status)}


def etsy_items_expected(order: Order) -> dict[str, ExpectedOrder]:
    """Nothing tells what was given back, called off or never paid."""
    lines = item_lines(order, order.amounts())
    return {
        str(order.number): expected_order(
            order, lines=lines, at=day(order), status="paid", net=float(order.goods)
        )
    }


def generic_expected(order: Order) -> dict[str, ExpectedOrder]:
    return {
        f"{order.number:08}": expected_order(
            order, lines=item_lines(order, order.amounts()), at=minute(order)
        )
    }


def youzan_expected(order: Order) -> dict[str, ExpectedOrder]:
    status = {"refunded": "paid"}.get(order.fate, STATUS[order.fate])
    return {
        f"E{order.number}": expected_order(order, lines=item_lines(order, no_amounts(order)), status=status)
    }


def completed(amounts: Callable[[Order], Sequence[Decimal]]) -> Callable[[Order], dict[str, ExpectedOrder]]:
    """The order report's order with the item report's lines."""
    return lambda order: {
        key: replace(expected, lines=tuple(item_lines(order, amounts(order))))
        for key, expected in taobao_expected(order).items()
    }


MONTH_FIRST = Answers(date_order="MDY")
DISPUTED = {**STATUS, "cancelled": "refunded"}
TAOBAO_ORDERS = Writer("taobao", TAOBAO, taobao, taobao_expected, strip="，", encoding="gb18030")
#: By layout; `names`: whether the layout tells the buyer's name.
WRITERS: Mapping[str, Writer] = {
    "shopify": Writer("shopify", SHOPIFY, shopify, expected_by("#{}", gross_amounts)),
    "woocommerce-webtoffee": Writer("woocommerce-webtoffee", [*WEBTOFFEE, "line_item_3", "line_item_4"], webtoffee, expected_by("{}", net_amounts), strip="|"),
    "woocommerce-skyverge": Writer("woocommerce-skyverge", SKYVERGE, skyverge, expected_by("{}", net_amounts, parts=False), strip="|"),
    "woocommerce-algolplus": Writer("woocommerce-algolplus", ALGOLPLUS, algolplus, expected_by("{}", net_amounts, minute)),
    "woocommerce-analytics": Writer("woocommerce-analytics", ANALYTICS, analytics, expected_by("{}", no_amounts, buyer_named=False, parts=False), strip="×&"),
    "gumroad": Writer("gumroad", test_gumroad.HEADER, gumroad, expected_by("p{}==", net_amounts, status=DISPUTED), Order.with_first_item, footer=(test_gumroad.TOTALS,)),
    "etsy": Writer("etsy", test_etsy.ORDERS, etsy_order, expected_by("{}", None, day)),
    "etsy-items": Writer("etsy", test_etsy.ITEMS, etsy_items, etsy_items_expected),
    "stripe": Writer("stripe", test_stripe.NEW, stripe, expected_by("ch_{}")),
    "stripe-balance": Writer("stripe-balance", [*test_stripe.BALANCE, "charge_id"], balance, balance_expected),
    "stripe-activity": Writer("stripe-activity", test_stripe.ACTIVITY, activity, activity_expected),
    "paypal": Writer("paypal", test_paypal.DEFAULT, paypal, paypal_expected, Order.with_first_item, answers=MONTH_FIRST),
    "square": Writer("square", SQUARE_35, square, square_expected),
    "toast": Writer("toast", TOAST, toast, toast_expected),
    "ebay": Writer("ebay", test_ebay.HEADER, ebay, ebay_expected),
    "ebay-de": Writer("ebay-de", list(test_ebay.GERMAN.values()), german_ebay, ebay_expected, delimiter=";"),
    "amazon": Writer("amazon", AMAZON, amazon, expected_by("305-{}", amounts_left, buyer_named=False, parts=False), delimiter="\t"),
    "taobao": TAOBAO_ORDERS,
    "taobao-items": Writer("taobao-items", TAOBAO_ITEMS, taobao_items, completed(gross_amounts), strip="，", first=TAOBAO_ORDERS),
    "taobao-sales": Writer("taobao-sales", TAOBAO_SALES, taobao_sales, completed(gross_amounts), strip="，", first=TAOBAO_ORDERS),
    "youzan": Writer("youzan", [*YOUZAN, ""], youzan, youzan_expected, encoding="utf-8-sig"),
    "douyin": Writer("douyin", DOUYIN_21, douyin, expected_by("69179{}", amounts_left, buyer_named=False, parts=False)),
    "pinduoduo": Writer("pinduoduo", PINDUODUO, pinduoduo, pinduoduo_expected, Order.with_first_item),
    "jd": Writer("jd", JD, jd, jd_expected, encoding="gb18030"),
    "weidian": Writer("weidian", WEIDIAN, weidian, weidian_expected, weidian_shape),
    "generic": Writer("generic", GENERIC, generic, generic_expected, Order.without_discount),
}  # fmt: skip
