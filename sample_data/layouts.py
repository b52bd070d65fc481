"""The platforms' file layouts: header lines word for word, and how one order or sale becomes rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import datetime, timedelta

from sample_data import plan
from sample_data.answers import Answer
from sample_data.sales import DRINKS, Line
from sample_data.settle import OnlineOrder, StallRefund, StallSale

SHOPIFY_HEADER = (
    "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,"
    "Subtotal,Shipping,Taxes,Total,Discount Code,Discount Amount,Shipping Method,Created at,"
    "Lineitem quantity,Lineitem name,Lineitem price,Lineitem compare at price,Lineitem sku,"
    "Lineitem requires shipping,Lineitem taxable,Lineitem fulfillment status,Billing Name,"
    "Billing Street,Billing Address1,Billing Address2,Billing Company,Billing City,Billing Zip,"
    "Billing Province,Billing Country,Billing Phone,Shipping Name,Shipping Street,Shipping Address1,"
    "Shipping Address2,Shipping Company,Shipping City,Shipping Zip,Shipping Province,Shipping Country,"
    "Shipping Phone,Notes,Note Attributes,Cancelled at,Payment Method,Payment Reference,Refunded Amount,"
    "Vendor,Outstanding Balance,Employee,Location,Device ID,Id,Tags,Risk Level,Source,Lineitem discount,"
    "Tax 1 Name,Tax 1 Value,Tax 2 Name,Tax 2 Value,Tax 3 Name,Tax 3 Value,Tax 4 Name,Tax 4 Value,"
    "Tax 5 Name,Tax 5 Value,Phone,Receipt Number,Duties,Billing Province Name,Shipping Province Name,"
    "Payment ID,Payment Terms Name,Next Payment Due At,Payment References"
)
SQUARE_HEADER = (
    "Date,Time,Time Zone,Category,Item,Qty,Price Point Name,SKU,Modifiers Applied,Gross Sales,Discounts,"
    "Net Sales,Tax,Transaction ID,Payment ID,Device Name,Notes,Details,Event Type,Location,"
    "Dining Option,Customer ID,Customer Name,Customer Reference ID,Unit,Count,GTIN,Itemization Type,"
    "Commission,Employee,Fulfillment Note,Channel,Token,Card Brand,PAN Suffix"
)
SURVEY_HEADER = "date,email,score,comment"
TIME_ZONE = "Pacific Time (US & Canada)"
Row = dict[str, str]


def as_csv(header: str, rows: Iterable[Row]) -> bytes:
    """UTF-8 without mark, comma, LF; cells that a row does not name are empty, unknown names an error."""
    out = io.StringIO()
    writer = csv.DictWriter(out, header.split(","), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def plain(cents: int) -> str:
    """Shopify's money: 1350 -> 13.50."""
    return f"{cents // 100}.{cents % 100:02d}"


def dollars(cents: int) -> str:
    """Square's money: 800 -> $8.00, -700 -> -$7.00, 124000 -> $1,240.00."""
    return f"{'-' if cents < 0 else ''}${abs(cents) // 100:,}.{abs(cents) % 100:02d}"


def moment(at: datetime) -> str:
    """Shopify's time: 2024-01-05 09:58:12 +0000."""
    return f"{at:%Y-%m-%d %H:%M:%S} +0000"


def _shipped(order: OnlineOrder) -> bool:
    return order.status not in ("pending", "voided") and order.cancelled_at is None


def _line_cells(order: OnlineOrder, line: Line) -> Row:
    return {
        "Name": f"#{order.number}",
        "Lineitem quantity": str(line.quantity),
        "Lineitem name": line.product.name,
        "Lineitem price": plain(line.product.price),
        "Lineitem sku": line.product.sku,
        "Lineitem requires shipping": "true",
        "Lineitem taxable": str(line.product.taxable).lower(),
        "Lineitem fulfillment status": "fulfilled" if _shipped(order) else "pending",
        "Vendor": plan.SHOP,
        "Lineitem discount": "0.00",
    }


def _buyer_cells(order: OnlineOrder) -> Row:
    if order.person is None:
        return {}
    place = {"City": order.person.town, "Province": "WA", "Country": "US", "Name": order.person.name}
    address_cells = {
        f"{side} {name}": cell for side in ("Billing", "Shipping") for name, cell in place.items()
    }
    contact_cells = {
        "Email": order.email,
        "Billing Phone": order.person.phone,
        "Accepts Marketing": agrees(order.email),
    }
    return address_cells | contact_cells


def agrees(email: str) -> str:
    """Two in three people agreed to letters; the same answer wherever the address stands."""
    return "no" if sum(email.encode()) % 3 == 0 else "yes"


def _money_cells(order: OnlineOrder) -> Row:
    paid = order.status not in ("pending", "voided")
    return {
        "Financial Status": order.status,
        "Paid at": moment(order.at) if paid else "",
        "Currency": plan.CURRENCY,
        "Subtotal": plain(order.subtotal),
        "Shipping": plain(order.shipping),
        "Taxes": plain(order.tax),
        "Total": plain(order.total),
        "Discount Code": order.code,
        "Discount Amount": plain(order.discount),
        "Refunded Amount": plain(order.refunded),
        "Outstanding Balance": plain(order.total if order.status == "pending" else 0),
        "Tax 1 Name": "Washington State Tax 8.8%" if order.tax else "",
        "Tax 1 Value": plain(order.tax) if order.tax else "",
    }


def _order_cells(order: OnlineOrder) -> Row:
    cells = {
        "Created at": moment(order.at),
        "Fulfillment Status": "fulfilled" if _shipped(order) else "unfulfilled",
        "Fulfilled at": moment(order.at + timedelta(hours=26)) if _shipped(order) else "",
        "Shipping Method": "Standard",
        "Payment Method": "Shopify Payments",
        "Source": "web",
        "Cancelled at": moment(order.cancelled_at) if order.cancelled_at else "",
        "Id": str(5_400_000_000_000 + order.number * 7919),
        "Risk Level": "Low",
    }
    return cells | _money_cells(order) | _buyer_cells(order)


def shopify_rows(order: OnlineOrder) -> list[Row]:
    """One row a line; what belongs to the whole order stands on the first row only."""
    rows = [_line_cells(order, line) for line in order.lines]
    return [_order_cells(order) | rows[0], *rows[1:]]


def _stall_cells(sale: StallSale, line: Line, at: datetime, sign: int) -> Row:
    return {
        "Date": f"{at:%Y-%m-%d}",
        "Time": f"{at:%H:%M:%S}",
        "Time Zone": TIME_ZONE,
        "Category": line.product.category,
        "Item": line.product.name,
        "Qty": f"{sign * line.quantity}.0",
        "Price Point Name": "Regular",
        "SKU": line.product.sku,
        "Modifiers Applied": "Own cup" if line.off and line.product.category == DRINKS else "",
        "Gross Sales": dollars(sign * line.gross),
        "Discounts": dollars(-sign * line.off * line.quantity),
        "Net Sales": dollars(sign * line.net),
        "Tax": dollars(sign * line.tax * line.quantity),
        "Event Type": "Payment" if sign > 0 else "Refund",
        "Location": "Market stall",
        "Customer ID": sale.customer,
        "Customer Name": sale.name,
        "Customer Reference ID": sale.reference,
        "Unit": "ea",
        "Count": str(sign * line.quantity),
        "Itemization Type": "Physical Good",
        "Commission": "$0.00",
        "Channel": plan.SHOP,
    }


def square_rows(sale: StallSale) -> list[Row]:
    """One row a line, then one a refund."""
    ids = {"Transaction ID": sale.transaction, "Payment ID": sale.payment}
    rows = [_stall_cells(sale, line, sale.at, 1) | ids for line in sale.lines]
    return rows + [_refund_cells(sale, refund) for refund in sale.refunds]


def _refund_cells(sale: StallSale, refund: StallRefund) -> Row:
    ids = {"Transaction ID": refund.transaction, "Payment ID": refund.payment}
    return _stall_cells(sale, refund.line, refund.at, -1) | ids


def survey_rows(answers: Iterable[Answer]) -> list[Row]:
    """One row an answer, dates as 2025-03-09."""
    return [
        {"date": a.day.isoformat(), "email": a.email, "score": str(a.score), "comment": a.comment}
        for a in answers
    ]
