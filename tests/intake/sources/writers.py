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
from tests.intake.sources import test_ebay, test_etsy, test_gumroad, test_paypal, test_stripe
from tests.intake.sources.builders import money
from tests.intake.sources.chinese_writers import (
    douyin,
    jd,
    jd_expected,
    pinduoduo,
    pinduoduo_expected,
    taobao,
    taobao_expected,
    taobao_items,
    taobao_sales,
    weidian,
    weidian_expected,
    weidian_shape,
    youzan,
)
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
from tests.intake.sources.payment_writers import (
    activity,
    activity_expected,
    balance,
    paypal,
    square,
    square_expected,
    stripe,
    toast,
    toast_expected,
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
