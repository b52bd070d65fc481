"""Platforms that never say who buys: Amazon, Toast, 抖店, 拼多多, WooCommerce's own list. Sales count, customers do not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from loyalty.intake.sources.registry import PLATFORMS
from loyalty.shop.shop import Shop
from tests.intake.builders import bring, figures, lines, nets, save, text_of
from tests.intake.sources.builders import (
    CHINESE,
    CHINESE_NAMES,
    ENGLISH,
    REVENUE,
    SALES,
    Layout,
    Row,
    Sale,
    check_layout,
    flat,
    money,
)

AMAZON = [
    "amazon-order-id",
    "merchant-order-id",
    "purchase-date",
    "last-updated-date",
    "order-status",
    "fulfillment-channel",
    "sales-channel",
    "order-channel",
    "url",
    "ship-service-level",
    "product-name",
    "sku",
    "asin",
    "item-status",
    "quantity",
    "currency",
    "item-price",
    "item-tax",
    "shipping-price",
    "shipping-tax",
    "gift-wrap-price",
    "gift-wrap-tax",
    "item-promotion-discount",
    "ship-promotion-discount",
    "ship-city",
    "ship-state",
    "ship-postal-code",
    "ship-country",
    "promotion-ids",
    "is-business-order",
    "purchase-order-number",
    "price-designation",
]
TOAST = [
    "Location",
    "Order Id",
    "Order #",
    "Sent Date",
    "Order Date",
    "Check Id",
    "Server",
    "Table",
    "Dining Area",
    "Service",
    "Dining Option",
    "Item Selection Id",
    "Item Id",
    "Master Id",
    "SKU",
    "PLU",
    "Menu Item",
    "Menu Subgroup(s)",
    "Menu Group",
    "Menu",
    "Sales Category",
    "Gross Price",
    "Discount",
    "Net Price",
    "Qty",
    "Tax",
    "Void?",
    "Deferred",
    "Tax Exempt",
    "Tax Inclusion Option",
    "Dining Option Tax",
    "Tab Name",
]
ANALYTICS = [
    "Date",
    "Order #",
    "N. Revenue (formatted)",
    "Status",
    "Customer",
    "Customer type",
    "Product(s)",
    "Items sold",
    "Coupon(s)",
    "Net Sales",
    "Attribution",
]
DOUYIN_21 = [
    "主订单编号",
    "子订单编号",
    "选购商品",
    "商品规格",
    "商品数量",
    "商家编码",
    "订单应付金额",
    "运费",
    "收件人",
    "收件人手机号",
    "详细地址",
    "订单提交时间",
    "商家备注",
    "订单完成时间",
    "订单状态",
    "售后状态",
    "取消原因",
    "发货时间",
    "平台实际承担优惠金额",
    "商家实际承担优惠金额",
    "达人实际承担优惠金额",
]
DOUYIN_13 = [
    "主订单编号",
    "子订单编号",
    "选购商品",
    "商品ID",
    "商家编码",
    "商品数量",
    "商品金额",
    "订单提交时间",
    "支付完成时间",
    "订单状态",
    "售后状态",
    "订单应付金额",
    "快递信息",
]
PINDUODUO = [
    "订单成交时间",
    "商品",
    "订单号",
    "订单状态",
    "商品总价(元)",
    "邮费(元)",
    "店铺优惠折扣(元)",
    "平台优惠折扣(元)",
    "多多支付立减金额(元)",
    "用户实付金额(元)",
    "商家实收金额(元)",
    "商品数量(件)",
    "发货时间",
    "确认收货时间",
    "商品id",
    "商品规格",
    "样式ID",
    "商家编码-规格维度",
    "商家编码-商品维度",
    "商家备注",
    "售后状态",
    "快递单号",
    "快递公司",
]
AMAZON_STATUS = {"cancelled": "Cancelled", "unpaid": "Pending", "refunded": "Shipped - Returned to Seller"}
WOO_STATUS = {"cancelled": "cancelled", "unpaid": "on-hold", "refunded": "refunded"}


def amazon(sale: Sale) -> list[Row]:
    """A row a product: the price is the line's, the promotion beside it; cancelled rows keep their price."""
    return [{
        "amazon-order-id": f"305-0000000-{sale.number}", "purchase-date": f"{sale.day}T08:04:21+00:00",
        "order-status": AMAZON_STATUS.get(sale.fate, "Shipped"), "sales-channel": "Amazon.com", "product-name": name,
        "sku": name[:3].upper(), "item-status": "Cancelled" if sale.fate == "cancelled" else "Shipped",
        "quantity": str(count), "currency": "USD", "item-price": money(count * price), "item-tax": "0.80",
        "shipping-price": money(sale.shipping), "item-promotion-discount": money(sale.discount if place == 0 else 0),
        "ship-city": "Springfield",
    } for place, (name, count, price) in enumerate(sale.items)]  # fmt: skip


def toast(sale: Sale) -> list[Row]:
    """A row a dish, at 5:18 in the afternoon; what was called off is voided."""
    return [{
        "Order Id": f"70000000000{sale.number}", "Order #": str(sale.number % 100),
        "Order Date": f"{sale.day.month}/{sale.day.day}/{sale.day:%y} 5:18 PM", "Item Selection Id": f"{sale.number}{place}",
        "Menu Item": name, "Menu Group": "Shop", "Gross Price": money(count * price),
        "Discount": money(sale.discount if place == 0 else 0), "Qty": f"{count}.0", "Tax": "0.80",
        "Net Price": money(count * price - (sale.discount if place == 0 else 0)),
        "Void?": str(not sale.settled).lower(), "Deferred": "false",
    } for place, (name, count, price) in enumerate(sale.items)]  # fmt: skip


def analytics(sale: Sale) -> list[Row]:
    """One row an order; a name without an address is nobody."""
    return [{
        "Date": f"{sale.day} 09:00:00", "Order #": str(sale.number), "N. Revenue (formatted)": f"&#36;{money(sale.goods)}",
        "Status": WOO_STATUS.get(sale.fate, "completed"), "Customer": "Ann Example", "Customer type": "returning",
        "Product(s)": ", ".join(f"{count}× {name}" for name, count, _ in sale.items),
        "Items sold": str(sum(count for _, count, _ in sale.items)), "Net Sales": money(sale.goods),
    }]  # fmt: skip


def douyin(sale: Sale) -> list[dict[str, str]]:
    """A row a 子订单: ids behind a tab; 2.00 of an order's price are borne by the platform, 1.00 by an influencer."""
    done = sale.fate in ("refunded", "part")
    rows_read = []
    for place, (name, count, price) in enumerate(sale.items):
        first = place == 0
        goods, shipping = count * price - (sale.discount if first else 0), sale.shipping if first else 0
        rows_read.append({
            "主订单编号": f"\t69179267688236{sale.number}", "子订单编号": f"\t69179267688236{sale.number}{place}",
            "选购商品": CHINESE_NAMES[name], "商品数量": str(count), "订单应付金额": money(goods + shipping - (3 if first else 0)),
            "运费": money(shipping), "收件人": "##密文甲乙丙==", "收件人手机号": "$$1234567密文", "商家备注": "-",
            "订单提交时间": f"\t{sale.day} 10:01:00", "订单状态": {"unpaid": "待支付", "cancelled": "已关闭"}.get(sale.fate, "已完成"),
            "售后状态": "退款成功" if done else "-", "平台实际承担优惠金额": "2.00" if first else "-",
            "商家实际承担优惠金额": money(sale.discount), "达人实际承担优惠金额": "1.00" if first else "0.00",
        })  # fmt: skip
    return rows_read


def short(row: dict[str, str]) -> Row:
    """The narrower layout: no postage, no parts of a discount; the buyer's part is all there is."""
    kept = {name: cell for name, cell in row.items() if name in DOUYIN_13}
    shown = sum(
        float(row[name].replace("-", "0")) for name in ("平台实际承担优惠金额", "达人实际承担优惠金额")
    )
    kept["订单应付金额"] = f"{float(row['订单应付金额']) - float(row['运费']) + shown:.2f}"
    return {**kept, "商品金额": "99.00"}


def pinduoduo(sale: Sale) -> list[Row]:
    """One row an order: 3.00 of its price are paid by the platform; every third day is left out."""
    total = sale.goods + sale.discount
    number = f"{sale.day:%y%m%d}-60719897434{sale.number}"
    status = {"unpaid": "待支付", "cancelled": "已取消", "refunded": "已发货，退款成功"}.get(
        sale.fate, "已收货"
    )
    return [{
        "订单成交时间": "" if sale.number % 3 == 0 else f"{sale.day} 12:00:00", "商品": CHINESE_NAMES[sale.items[0][0]],
        "订单号": f"\t{number}", "订单状态": status, "商品总价(元)": money(total), "邮费(元)": money(sale.shipping),
        "店铺优惠折扣(元)": money(sale.discount), "平台优惠折扣(元)": "3.00", "用户实付金额(元)": money(sale.total - 3),
        "商家实收金额(元)": money(sale.total), "商品数量(件)": "1", "商品id": "\t60001",
        "售后状态": "退款成功" if sale.fate in ("part", "refunded") else "无售后或售后取消",
    }]  # fmt: skip


# Where only whole refunds can be told, as a status, the two boxes with 12.00 given back count whole …
WHOLE = (0, 28, REVENUE + 2 * 12, 28, 0)
# … or, where any refund of a row is one of the row, not at all.
GONE = (0, 26, REVENUE - 2 * (30 - 12), 26, 0)
# Nothing tells of refunds.
KEPT = (0, 30, REVENUE + 2 * 12 + 2 * 10, 30, 0)
CHINESE_ROWS = flat(map(douyin, SALES))
LAYOUTS = {
    "amazon": Layout("amazon", AMAZON, flat(map(amazon, SALES)), "asin", WHOLE, delimiter="\t"),
    "toast": Layout("toast", TOAST, flat(map(toast, SALES)), "Deferred", KEPT),
    "analytics": Layout(
        "woocommerce-analytics", ANALYTICS, flat(map(analytics, SALES)), "Attribution", WHOLE
    ),
    "douyin": Layout("douyin", DOUYIN_21, CHINESE_ROWS, "商家备注", GONE),
    "douyin-narrow": Layout(
        "douyin", DOUYIN_13, [short(row) for order in map(douyin, SALES) for row in order], "快递信息", GONE
    ),
    "pinduoduo": Layout("pinduoduo", PINDUODUO, flat(map(pinduoduo, SALES)), "快递公司", GONE),
}
CASES = [(name, variant) for name in ("amazon", "toast", "analytics") for variant in ENGLISH]
CASES += [(name, variant) for name in ("douyin", "douyin-narrow", "pinduoduo") for variant in CHINESE]


@pytest.mark.parametrize(("name", "variant"), CASES)
def test_the_story(name: str, variant: str, tmp_path: Path, shop: Shop) -> None:
    check_layout(LAYOUTS[name], variant, tmp_path, shop)
    assert shop.database.cursor().execute("SELECT count(*) FROM contacts").fetchone() == (0,)


@pytest.mark.parametrize(("make", "header", "delimiter", "calls_off"), [
    (amazon, AMAZON, "\t", {"item-status": "Cancelled"}),
    (toast, TOAST, ",", {"Void?": "true"}),
    (douyin, DOUYIN_21, ",", {"售后状态": "退款成功"}),
])  # fmt: skip
def test_a_line_called_off_leaves_the_others(
    make: Callable[[Sale], list[Row]],
    header: list[str],
    delimiter: str,
    calls_off: dict[str, str],
    tmp_path: Path,
    shop: Shop,
) -> None:
    """The mugs of order 1021 (2 × 8 − 1) go, its tea stays, though the mugs stand first; orders around it are untouched."""
    orders = [make(sale) for sale in SALES[18:23]]
    orders[2] = [{**orders[2][0], **calls_off}, orders[2][1]]
    bring(shop, save(tmp_path, "export.csv", text_of(header, flat(orders), delimiter)))
    assert sorted(nets(shop).values()) == [10.0, 10.0, 10.0, 25.0, 25.0]
    assert figures(shop)[1] == 5


def test_amazon_gives_offsets_and_deferred_dishes_do_not_count(tmp_path: Path, shop: Shop) -> None:
    bring(shop, save(tmp_path, "a.txt", LAYOUTS["amazon"].text()))
    rows_read = (
        shop.database.cursor()
        .execute("SELECT DISTINCT utc_offset, currency FROM orders WHERE currency IS NOT NULL")
        .fetchall()
    )
    assert rows_read == [(0, "USD")]
    rows = [*toast(SALES[0]), *toast(SALES[20])]
    gift = {
        **rows[0],
        "Menu Item": "Gift card",
        "Net Price": "50.00",
        "Deferred": "true",
        "Item Selection Id": "x",
    }
    bring(shop, save(tmp_path, "t.csv", text_of(TOAST, [*rows, gift])))
    assert nets(shop)["700000000001001"] == 10.0


def test_dishes_are_dated_month_first(tmp_path: Path, shop: Shop) -> None:
    bring(shop, save(tmp_path, "t.csv", LAYOUTS["toast"].text()))
    query = "SELECT ordered_at::VARCHAR FROM orders WHERE order_id LIKE '%1004'"
    assert shop.database.cursor().execute(query).fetchall() == [("2025-03-04 17:18:00",)]


def test_products_of_one_cell_are_separated(tmp_path: Path, shop: Shop) -> None:
    bring(shop, save(tmp_path, "w.csv", LAYOUTS["analytics"].text()))
    assert lines(shop, "1021") == [("Jasmine Tea", 1.0, None), ("Mug, blue", 2.0, None)]


def test_a_missing_day_is_taken_from_the_order_number(tmp_path: Path, shop: Shop) -> None:
    """1002 is one of those whose day is left out (1002 = 3 × 334)."""
    bring(shop, save(tmp_path, "p.csv", LAYOUTS["pinduoduo"].text(), "gb18030"))
    query = "SELECT ordered_at::VARCHAR FROM orders WHERE order_id LIKE '%1002'"
    assert shop.database.cursor().execute(query).fetchall() == [("2025-03-02 00:00:00",)]


@pytest.mark.parametrize("kept", ["商品总价(元)", "商家实收金额(元)"])
def test_platform_discounts_count_as_revenue(kept: str, tmp_path: Path, shop: Shop) -> None:
    """1021: 26.00 − 1.00 of the shop's own; the platform's 3.00 come on top of what the buyer paid."""
    dropped = {"商品总价(元)"} if kept == "商家实收金额(元)" else set()
    rows = [{k: v for k, v in row.items() if k not in dropped} for row in pinduoduo(SALES[20])]
    bring(shop, save(tmp_path, "p.csv", text_of([name for name in PINDUODUO if name not in dropped], rows)))
    assert list(nets(shop).values()) == [26.0 - 1.0]


def test_platforms_without_buyers_have_a_note() -> None:
    named = {source.name for source in PLATFORMS if source.buyer_note}
    assert {
        "amazon",
        "toast",
        "douyin",
        "pinduoduo",
        "taobao",
        "woocommerce-analytics",
        "stripe-balance",
    } <= named
