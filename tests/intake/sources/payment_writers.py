"""Orders as payment services' and tills' exports write them, and what must be read back from each."""

from __future__ import annotations

from decimal import Decimal

from tests.intake.builders import Row
from tests.intake.sources import test_square
from tests.intake.sources.builders import money
from tests.intake.sources.orders import (
    ExpectedOrder,
    Order,
    expected_order,
    item_lines,
    minute,
    settles,
)


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
