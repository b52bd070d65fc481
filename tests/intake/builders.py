"""Small files in the verbatim layouts of the platforms, with made-up people; all tell the same story.

The story: Ann buys twice, Bob once, someone unknown once; one order each is cancelled (or closed), not yet paid, given
back whole, and one of Bob's is given back for more than its goods. What counts, by hand:

    1001 Ann  2 mugs + 1 tea, 21.00 less 2.00 discount = 19.00 (shipping 4.00 and tax 1.90 left out)
    1002 Bob  1 tea                                    =  5.00
    1003 Ann  30.00 of goods, 10.00 given back         = 20.00
    1006 ?    1 mug and more                           = 12.00

4 orders, 56.00, 2 customers of whom 1 came back, 1 anonymous order.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from loyalty.facts import orders as order_facts
from loyalty.intake.decisions import Answers
from loyalty.shop.shop import Shop
from loyalty.store.imports import ImportRecord
from tests.intake.headings import ALGOLPLUS, SHOPIFY, SQUARE_24, SQUARE_35, TAOBAO, WEBTOFFEE, YOUZAN

STAMP = dt.datetime(2026, 1, 2, 3, 4, 5)
LATER = dt.date(2026, 12, 31)
Row = Mapping[str, str]
#: customers, orders, revenue, anonymous orders, customers with two orders or more
STORY = (2, 4, 56.0, 1, 1)


def text_of(header: Sequence[str], rows: Iterable[Row], delimiter: str = ",") -> str:
    """A file's text: each row's cells under their headings, the first where one comes twice."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(header)
    for row in rows:
        assert set(row) <= set(header), set(row) - set(header)
        left = dict(row)
        writer.writerow([left.pop(name, "") for name in header])
    return out.getvalue()


def save(folder: Path, name: str, content: str | bytes, encoding: str = "utf-8") -> Path:
    """A file in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def bring(
    shop: Shop, path: Path, answers: Answers | None = None, *, stamp: dt.datetime = STAMP
) -> ImportRecord:
    """Take a file in that leaves nothing to ask; the accounting of promise 1 holds."""
    with shop.open_import(path, answers) as file:
        assert file.plan.questions == ()
        record = file.run(stamp)
    assert record.rows == record.accepted + record.duplicates + record.rejected + record.not_records
    assert record.updated <= record.accepted
    return record


def figures(shop: Shop, as_of: dt.date = LATER) -> tuple[int, int, float, int, int]:
    """customers, orders, revenue, anonymous orders, repeat customers."""
    totals = order_facts.totals(shop.database.reader(), as_of)
    return (
        totals.customers,
        totals.orders,
        round(totals.revenue, 2),
        totals.anonymous_orders,
        totals.repeat_customers,
    )


def lines(shop: Shop, order_id: str) -> list[tuple[str | None, float | None, float | None]]:
    """(product, quantity, amount) of an order's lines, in order."""
    rows = shop.database.cursor().execute(
        """SELECT product, quantity::DOUBLE, amount::DOUBLE FROM order_lines WHERE order_id = ?
        ORDER BY line_no, product""",
        [order_id],
    )
    return [(name, count, amount) for name, count, amount in rows.fetchall()]


def nets(shop: Shop) -> dict[str, float]:
    """Net revenue by order id."""
    rows = (
        shop.database.cursor()
        .execute("SELECT order_id, net::DOUBLE FROM orders ORDER BY order_id")
        .fetchall()
    )
    return dict(rows)


def shopify_order(
    number: int, email: str, *products: tuple[str, str, str], **cells: str
) -> list[dict[str, str]]:
    """The rows of one order: the order's own cells on the first, `products` (name, quantity, price) on each."""
    own = {
        "Email": email,
        "Financial Status": "paid",
        "Paid at": f"2025-03-{number - 1000:02d} 10:00:05 +0100",
        "Created at": f"2025-03-{number - 1000:02d} 10:00:00 +0100",
        "Currency": "EUR",
        "Shipping": "0.00",
        "Taxes": "0.00",
        **{name.replace("_", " "): value for name, value in cells.items()},
    }
    rows = []
    for place, (name, quantity, price) in enumerate(products):
        line = {"Lineitem name": name, "Lineitem quantity": quantity, "Lineitem price": price}
        rows.append({"Name": f"#{number}", **(own if place == 0 else {}), **line, "Vendor": "Made-up Goods"})
    return rows


def shopify_rows() -> list[dict[str, str]]:
    """The story as Shopify tells it."""
    tea, mug, box = (
        ("Jasmine Tea - 50 g", "1", "5.00"),
        ("Mug, blue", "2", "8.00"),
        ("Gift Box", "1", "30.00"),
    )
    ann, bob = "ann@example.com", "Bob@Example.com"
    first = {
        "Subtotal": "19.00",
        "Discount_Amount": "2.00",
        "Shipping": "4.00",
        "Taxes": "1.90",
        "Total": "24.90",
    }
    part = {"Financial_Status": "partially_refunded", "Refunded_Amount": "10.00"}
    beyond = {"Subtotal": "6.00", "Shipping": "4.00", "Total": "10.00", "Refunded_Amount": "8.00"}
    orders = [
        shopify_order(1001, ann, mug, tea, **first, Discount_Code="SPRING"),
        shopify_order(1002, bob, tea, Subtotal="5.00", Taxes="0.50", Total="5.50"),
        shopify_order(1003, ann, box, Subtotal="30.00", Shipping="3.00", Total="33.00", **part),
        shopify_order(
            1004,
            "cid@example.com",
            box,
            Subtotal="30.00",
            Total="30.00",
            Cancelled_at="2025-03-05 10:00:00 +0100",
        ),
        shopify_order(1005, bob, box, Subtotal="30.00", Total="30.00", Financial_Status="pending"),
        shopify_order(1006, "", ("Mug, blue", "1", "12.00"), Subtotal="12.00", Total="12.00"),
        shopify_order(
            1007,
            "dan@example.com",
            tea,
            Subtotal="5.00",
            Total="5.00",
            Financial_Status="refunded",
            Refunded_Amount="5.00",
        ),
        shopify_order(1008, "eve@example.com", tea, Subtotal="5.00", Total="5.00", Financial_Status="voided"),
        shopify_order(1009, bob, ("Spoon", "1", "6.00"), **beyond, Financial_Status="partially_refunded"),
    ]
    return [row for order in orders for row in order]


def square_row(
    number: int, customer: str, item: str, quantity: str, net: str, **cells: str
) -> dict[str, str]:
    """One product of a transaction, or its refund."""
    return {
        "Date": f"2025-03-{number - 1000:02d}",
        "Time": "10:00:00",
        "Time Zone": "Eastern Time (US & Canada)",
        "Category": "None",
        "Item": item,
        "Qty": quantity,
        "Net Sales": net,
        "Gross Sales": net,
        "Tax": "$0.00",
        "Transaction ID": f"T{number}",
        "Event Type": "Payment",
        "Customer ID": customer,
        **{name.replace("_", " "): value for name, value in cells.items()},
    }


def square_rows() -> list[dict[str, str]]:
    """The story as Square tells it: money with a dollar sign, what is given back as rows of its own."""
    given_back = {"Event_Type": "Refund", "Time": "11:00:00"}
    return [
        square_row(
            1001, "ANN", "Mug, blue", "2.0", "$14.00", Gross_Sales="$16.00", Discounts="-$2.00", Tax="$1.90"
        ),
        square_row(1001, "ANN", "Jasmine Tea", "1.0", "$5.00"),
        square_row(1002, "BOB", "Jasmine Tea", "1.0", "$5.00", Tax="$0.50"),
        square_row(1003, "ANN", "Gift Box", "1.0", "$30.00"),
        square_row(1003, "ANN", "Gift Box", "-1.0", "-$10.00", **given_back),
        square_row(1005, "BOB", "Piano", "1.0", "$1,240.00"),
        square_row(1005, "BOB", "Piano", "-1.0", "-$1,240.00", **given_back),
        square_row(1006, "", "Mug, blue", "1.0", "$12.00"),
    ]


def webtoffee_order(number: int, email: str, total: str, *items: str, **cells: str) -> dict[str, str]:
    """One order: `items` are `name:…|quantity:…|total:…` cells."""
    return {
        "order_id": str(number + 5000),
        "order_number": str(number),
        "order_date": f"2025-03-{number - 1000:02d} 09:00:00",
        "status": "wc-completed",
        "shipping_total": "0.00",
        "tax_total": "0.00",
        "fee_total": "0.00",
        "order_total": total,
        "order_currency": "EUR",
        "billing_email": email,
        "billing_first_name": email.partition("@")[0].title(),
        "billing_last_name": "Example",
        **{f"line_item_{place}": item for place, item in enumerate(items, 1)},
        **cells,
    }


def webtoffee_rows() -> list[dict[str, str]]:
    """The story as WebToffee's plugin for WooCommerce tells it."""
    tea = "name:Jasmine Tea|product_id:12|sku:TEA|quantity:1|total:5.00|sub_total:5.00"
    mugs = "name:Mug, blue|product_id:11|sku:MUG|quantity:2|total:14.00|sub_total:16.00"
    box = "name:Gift Box|product_id:13|sku:BOX|quantity:1|total:30.00|sub_total:30.00"
    ann, bob = "ann@example.com", "bob@example.com"
    back = "amount:10.00|reason:chipped|date:2025-03-09 10:00:00"
    return [
        webtoffee_order(
            1001, ann, "24.90", mugs, tea, shipping_total="4.00", tax_total="1.90", discount_total="2.00"
        ),
        webtoffee_order(1002, bob, "5.50", tea, tax_total="0.50", status="processing"),
        webtoffee_order(1003, ann, "33.00", box, shipping_total="3.00", refund_items=back),
        webtoffee_order(1004, "cid@example.com", "30.00", box, status="wc-cancelled"),
        webtoffee_order(1005, bob, "30.00", box, status="pending"),
        webtoffee_order(1006, "", "12.00", "name:Mug, blue|product_id:11|sku:MUG|quantity:1|total:12.00"),
        webtoffee_order(1007, "dan@example.com", "5.00", tea, status="refunded"),
        webtoffee_order(1008, "eve@example.com", "5.00", tea, status="failed"),
        webtoffee_order(
            1009, bob, "10.00", tea, shipping_total="4.00", refund_items="amount:8.00|reason:|date:2025-03-09"
        ),
    ]


def algolplus_order(
    number: int, email: str, *products: tuple[str, str, str], **cells: str
) -> list[dict[str, str]]:
    """A row a product (name, quantity, line amount without tax); the order's own cells on each."""
    own = {
        "Order Number": str(number),
        "Order Status": "Completed",
        "Order Date": f"2025-03-{number - 1000:02d} 09:00",
        "Email (Billing)": email,
        "Order Refund Amount": "0",
        **{name.replace("_", " "): value for name, value in cells.items()},
    }
    return [
        {**own, "Item #": str(place), "Name": name, "Quantity": quantity, "Order Line (w/o tax)": amount}
        for place, (name, quantity, amount) in enumerate(products, 1)
    ]


def algolplus_rows() -> list[dict[str, str]]:
    """The story as AlgolPlus's plugin for WooCommerce tells it."""
    tea, mugs, box = ("Jasmine Tea", "1", "5.00"), ("Mug, blue", "2", "14.00"), ("Gift Box", "1", "30.00")
    ann, bob = "ann@example.com", "bob@example.com"
    orders = [
        algolplus_order(
            1001,
            ann,
            mugs,
            tea,
            Order_Total_Amount="24.90",
            Order_Shipping_Amount="4.00",
            Order_Tax_Amount="1.90",
        ),
        algolplus_order(
            1002, bob, tea, Order_Total_Amount="5.50", Order_Tax_Amount="0.50", Order_Status="Processing"
        ),
        algolplus_order(1003, ann, box, Order_Total_Amount="33.00", Order_Refund_Amount="-10.00"),
        algolplus_order(1004, "cid@example.com", box, Order_Total_Amount="30.00", Order_Status="Cancelled"),
        algolplus_order(1005, bob, box, Order_Total_Amount="30.00", Order_Status="On hold"),
        algolplus_order(1006, "", ("Mug, blue", "1", "12.00"), Order_Total_Amount="12.00"),
        algolplus_order(1007, "dan@example.com", tea, Order_Total_Amount="5.00", Order_Status="Refunded"),
        algolplus_order(1008, "eve@example.com", tea, Order_Total_Amount="5.00", Order_Status="Failed"),
        algolplus_order(
            1009, bob, ("Spoon", "1", "6.00"), Order_Total_Amount="10.00", Order_Refund_Amount="8.00"
        ),
    ]
    return [row for order in orders for row in order]


def taobao_order(
    number: int, phone: str, paid: str, title: str, kinds: str, count: str, **cells: str
) -> dict[str, str]:
    """One order: ids behind a guard, phones behind an apostrophe, masked buyers."""
    return {
        "订单编号": f'="3515313147329{number}"',
        "买家会员名": "t**0",
        "买家应付邮费": "0.00",
        "总金额": paid,
        "买家实际支付金额": paid,
        "订单状态": "交易成功",
        "收货人姓名": "安**",
        "联系手机": f"'{phone}",
        "订单创建时间": f"2025-03-{number - 1000:02d} 00:42:32",
        "宝贝标题 ": title,
        "宝贝种类 ": kinds,
        "宝贝总数量": count,
        "卖家服务费": "0元",
        **cells,
    }


def taobao_rows() -> list[dict[str, str]]:
    """The story as 淘宝 tells it; where a phone is masked too, nobody is known."""
    ann, bob = "13900000001", "13900000002"
    closed, waiting = "付款以后用户退款成功，交易自动关闭", "等待买家付款"
    return [
        taobao_order(1001, ann, "23.00", "蓝色马克杯，茉莉花茶", "2", "3", 买家应付邮费="4.00"),
        taobao_order(1002, bob, "5.00", "茉莉花茶", "1", "1", 订单状态="买家已付款，等待卖家发货"),
        taobao_order(1003, ann, "33.00", "礼盒，大号", "1", "1", 买家应付邮费="3.00", 退款金额="10.00"),
        taobao_order(1004, "13900000003", "30.00", "礼盒，大号", "1", "1", 订单状态="交易关闭"),
        taobao_order(1005, bob, "0.00", "礼盒，大号", "1", "1", 订单状态=waiting),
        taobao_order(1006, "139****0004", "12.00", "蓝色马克杯", "1", "1"),
        taobao_order(1007, "13900000005", "5.00", "茉莉花茶", "1", "1", 订单状态=closed, 退款金额="5.00"),
        taobao_order(1009, bob, "10.00", "勺子", "1", "1", 买家应付邮费="4.00", 退款金额="8.00"),
    ]


def youzan_order(number: int, phone: str, paid: str, products: str, **cells: str) -> dict[str, str]:
    """One order, with all its products in one cell."""
    return {
        "订单号": f"E20260525220543065{number}",
        "订单状态": "交易完成",
        "订单创建时间": f"2025-03-{number - 1000:02d} 10:01:00",
        "运费": "0.00",
        "订单实付金额": paid,
        "全部商品名称": products,
        "买家手机号": phone,
        "收货人手机号/提货人手机号": "139****0000",
        "分销员": "某某",
        **cells,
    }


def youzan_rows() -> list[dict[str, str]]:
    """The story as 有赞 tells it."""
    ann, bob = "13900000001", "13900000002"
    return [
        youzan_order(1001, ann, "23.00", "蓝色马克杯(2件),茉莉花茶(1件)", 运费="4.00"),
        youzan_order(1002, bob, "5.00", "茉莉花茶(1件)", 订单状态="已发货"),
        youzan_order(1003, ann, "33.00", "礼盒(大号)(1件)", 运费="3.00", 订单已退款金额="10.00"),
        youzan_order(1004, "13900000003", "30.00", "礼盒(1件)", 订单状态="交易关闭"),
        youzan_order(1005, bob, "30.00", "礼盒(1件)", 订单状态="待付款"),
        youzan_order(1006, "139****0004", "12.00", "蓝色马克杯(1件)"),
        youzan_order(1007, "13900000005", "5.00", "茉莉花茶(1件)", 订单已退款金额="5.00"),
        youzan_order(1009, bob, "10.00", "勺子(1件)", 运费="4.00", 订单已退款金额="8.00"),
    ]


GENERIC = ["Invoice No", "Customer", "Date", "Product", "Qty", "Unit Price", "Status", "Refunded", "Remark"]


def generic_row(
    number: int, who: str, product: str, quantity: str, price: str, **cells: str
) -> dict[str, str]:
    """One product of a sale in a table of the owner's own."""
    own = {"Invoice No": f"{number:05d}", "Customer": who, "Date": f"2025-03-{number:02d} 10:00"}
    return {**own, "Product": product, "Qty": quantity, "Unit Price": price, "Status": "paid", **cells}


def generic_rows() -> list[dict[str, str]]:
    """The story in a table of the owner's own."""
    return [
        generic_row(1, "Ann", "Mug, blue", "2", "7.00"),
        generic_row(1, "Ann", "Jasmine Tea", "1", "5.00"),
        generic_row(2, "Bob", "Jasmine Tea", "1", "5.00"),
        generic_row(3, "Ann", "Gift Box", "1", "30.00", Refunded="10.00"),
        generic_row(4, "Cid", "Gift Box", "1", "30.00", Status="cancelled"),
        generic_row(5, "Bob", "Gift Box", "1", "30.00", Status="pending"),
        generic_row(6, "", "Mug, blue", "1", "12.00"),
        generic_row(7, "Dan", "Jasmine Tea", "1", "5.00", Status="refunded"),
        generic_row(9, "Bob", "Spoon", "1", "6.00", Refunded="8.00"),
    ]


#: Headings, rows, encoding, and a column that nothing hangs on, by platform.
LAYOUTS: Mapping[str, tuple[Sequence[str], Sequence[Row], str, str]] = {
    "shopify": (SHOPIFY, shopify_rows(), "utf-8", "Notes"),
    "square": (SQUARE_35, square_rows(), "utf-8", "Discounts"),
    "square-2017": (SQUARE_24, square_rows(), "utf-8", "Category"),
    "woocommerce-webtoffee": (WEBTOFFEE, webtoffee_rows(), "utf-8", "order_notes"),
    "woocommerce-algolplus": (ALGOLPLUS, algolplus_rows(), "utf-8", "SKU"),
    "taobao": (TAOBAO, taobao_rows(), "gb18030", "联系电话 "),
    "youzan": ([*YOUZAN, ""], youzan_rows(), "utf-8-sig", "店铺优惠合计"),
    "generic": (GENERIC, generic_rows(), "utf-8", "Remark"),
}
