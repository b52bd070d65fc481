"""PayPal: three layouts, where most rows are no sale and a refund belongs to the order it gives back."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from loyalty.intake.sources.paypal import is_sale_or_refund
from loyalty.shop.shop import Shop
from tests.intake.builders import figures, nets
from tests.intake.sources.builders import (
    ENGLISH,
    EXPECTED,
    SALES,
    Layout,
    Row,
    Sale,
    check_layout,
    flat,
    money,
)

DEFAULT = [
    "Date",
    "Time",
    "TimeZone",
    "Name",
    "Type",
    "Status",
    "Currency",
    "Gross",
    "Fee",
    "Net",
    "From Email Address",
    "To Email Address",
    "Transaction ID",
    "Shipping Address",
    "Address Status",
    "Item Title",
    "Item ID",
    "Shipping and Handling Amount",
    "Insurance Amount",
    "Sales Tax",
    "Option 1 Name",
    "Option 1 Value",
    "Option 2 Name",
    "Option 2 Value",
    "Reference Txn ID",
    "Invoice Number",
    "Custom Number",
    "Quantity",
    "Receipt ID",
    "Balance",
    "Address Line 1",
    "Address Line 2/District/Neighborhood",
    "Town/City",
    "State/Province/Region/County/Territory/Prefecture/Republic",
    "Zip/Postal Code",
    "Country",
    "Contact Phone Number",
    "Subject",
    "Note",
    "Country Code",
    "Balance Impact",
]
FULL = [
    "Date",
    "Time",
    "TimeZone",
    "Name",
    "Type",
    "Status",
    "Currency",
    "Gross",
    "Fee",
    "Net",
    "From Email Address",
    "To Email Address",
    "Transaction ID",
    "CounterParty Status",
    "Shipping Address",
    "Address Status",
    "Item Title",
    "Item ID",
    "Shipping and Handling Amount",
    "Insurance Amount",
    "Sales Tax",
    "Option 1 Name",
    "Option 1 Value",
    "Option 2 Name",
    "Option 2 Value",
    "Escrow Id",
    "Reference Txn ID",
    "Invoice Number",
    "Custom Number",
    "Quantity",
    "Receipt ID",
    "Balance",
    "Address Line 1",
    "Address Line 2/District/Neighborhood",
    "Town/City",
    "State/Province/Region/County/Territory/Prefecture/Republic",
    "Zip/Postal Code",
    "Country",
    "Contact Phone Number",
    "Subject",
    "Note",
    "Payment Source",
    "Card Type",
    "Transaction Event Code",
    "Payment Tracking ID",
    "Bank Reference ID",
    "Transaction Buyer Country Code",
    "Item Details",
    "Country Code",
    "Balance Impact",
    "Buyer Wallet",
    "Comment 1",
    "Comment 2",
    "Invoice Number_2",
    "PO Number",
    "Customer Reference Number",
    "Payflow Transaction ID (PNREF)",
    "Tip",
    "Discount",
    "Seller ID",
    "Risk Filter",
    "Credit Transactional Fee",
    "Credit Promotional Fee",
    "Credit Term",
    "Credit Offer Type",
    "Original Invoice ID",
    "Payment Source Subtype",
    "Decline Code",
]
PERSONAL = [
    "Date",
    "Time",
    "Time Zone",
    "Description",
    "Currency",
    "Gross",
    "Fee",
    "Net",
    "Balance",
    "Transaction ID",
    "From Email Address",
    "Name",
    "Bank Name",
    "Bank Account",
    "Shipping and Handling Amount",
    "Sales Tax",
    "Invoice ID",
    "Reference Txn ID",
]
STATUS = {"cancelled": "Denied", "unpaid": "Pending"}
SHOP = "shop@example.com"


def movements(sale: Sale) -> list[dict[str, str]]:
    """The payment with postage in it, what was given back, and the noise around: authorisations, holds, withdrawals."""
    common = {
        "Date": f"{sale.day:%m/%d/%Y}",
        "Time": "09:15:00",
        "TimeZone": "PST",
        "Currency": "USD",
        "Fee": "-0.59",
    }
    own = f"TX{sale.number}"
    rows_read = [
        {
            "Type": "Express Checkout Payment",
            "Status": STATUS.get(sale.fate, "Completed"),
            "Gross": money(sale.total),
            "From Email Address": sale.email,
            "To Email Address": SHOP,
            "Transaction ID": own,
            "Shipping and Handling Amount": money(sale.shipping),
            "Balance Impact": "Credit",
            "Name": "Ann Example",
            "Item Title": sale.items[0][0],
            "Quantity": "1",
        }
    ]
    if sale.back:
        rows_read.append(
            {
                "Type": "Payment Refund",
                "Status": "Completed",
                "Gross": money(-sale.back),
                "From Email Address": SHOP,
                "To Email Address": sale.email,
                "Transaction ID": f"RF{sale.number}",
                "Reference Txn ID": own,
                "Balance Impact": "Debit",
                "Time": "18:00:00",
            }
        )
    noise = {
        0: {
            "Type": "General Authorization",
            "Gross": "99.00",
            "Status": "Completed",
            "Balance Impact": "Memo",
        },
        1: {
            "Type": "General Withdrawal - Bank Account",
            "Gross": "-1,500.00",
            "Status": "Completed",
            "Balance Impact": "Debit",
        },
        2: {
            "Type": "Account Hold for Open Authorization",
            "Gross": "-99.00",
            "Status": "Pending",
            "Balance Impact": "Memo",
        },
        3: {
            "Type": "General Currency Conversion",
            "Gross": "50.00",
            "Status": "Completed",
            "Balance Impact": "Credit",
        },
        4: {
            "Type": "Payment Refund",
            "Gross": "-10.00",
            "Status": "Pending",
            "Reference Txn ID": own,
            "Balance Impact": "Debit",
        },
    }.get(sale.number % 8)
    if noise:
        rows_read.append({**noise, "Transaction ID": f"NO{sale.number}", "From Email Address": SHOP})
    return [{**common, **row} for row in rows_read]


def personal(sale: Sale) -> list[Row]:
    """The personal statement knows no status and no impact: what was denied or waits is not in it."""
    if not sale.settled:
        return []
    rows = [row for row in movements(sale) if row["Status"] == "Completed"]
    renamed = [
        {{"Type": "Description", "TimeZone": "Time Zone"}.get(k, k): v for k, v in row.items()}
        for row in rows
    ]
    return [{k: v for k, v in row.items() if k in PERSONAL} for row in renamed]


def german(row: Row) -> Row:
    """A row as a German account writes it: 13.03.2025, 1.234,56."""
    month, day, year = row["Date"].split("/")
    amounts = ("Gross", "Fee", "Shipping and Handling Amount")
    turned = {n: row[n].translate(str.maketrans(",.", ".,")) for n in amounts if n in row}
    return {**row, "Date": f"{day}.{month}.{year}", "Currency": "EUR", **turned}


ROWS = flat(map(movements, SALES))
LAYOUTS = {
    "default": Layout("paypal", DEFAULT, ROWS, "Note"),
    "full": Layout("paypal", FULL, ROWS, "Tip"),
    "newest-first": Layout("paypal", DEFAULT, ROWS[::-1], "Item Title"),
    "personal": Layout("paypal", PERSONAL, flat(map(personal, SALES)), "Bank Name"),
    "german": Layout("paypal", DEFAULT, [german(row) for row in ROWS], "Subject"),
    "european": Layout(
        "paypal",
        DEFAULT,
        [{**german(row), "Date": german(row)["Date"].replace(".", "/")} for row in ROWS],
        "Note",
    ),
}


@pytest.mark.parametrize("variant", ENGLISH)
@pytest.mark.parametrize("name", LAYOUTS)
def test_the_story(name: str, variant: str, tmp_path: Path, shop: Shop) -> None:
    check_layout(LAYOUTS[name], variant, tmp_path, shop)


def test_a_refund_nets_off_against_its_order_and_leaves_its_buyer(tmp_path: Path, shop: Shop) -> None:
    check_layout(LAYOUTS["newest-first"], "utf-8", tmp_path, shop)
    rows_read = nets(shop)
    assert (rows_read["TX1025"], rows_read["TX1027"], rows_read["TX1001"]) == (30.0 - 12.0, 10.0 - 10.0, 10.0)
    assert "RF1025" not in rows_read
    owner = (
        shop.database.cursor()
        .execute("SELECT count(*) FROM contacts WHERE email = 'shop@example.com'")
        .fetchone()
    )
    assert owner == (0,)


def test_several_refunds_of_one_order_add_up(tmp_path: Path, shop: Shop) -> None:
    again = [
        {**row, "Gross": "-5.00", "Transaction ID": "RF2", "Time": "19:00:00"}
        for row in ROWS
        if row["Transaction ID"] == "RF1025"
    ]
    customers, purchases, revenue, *rest = EXPECTED
    check_layout(
        Layout("paypal", DEFAULT, [*ROWS, *again], "", (customers, purchases, revenue - 5, rest[0], rest[1])),
        "utf-8",
        tmp_path,
        shop,
    )
    assert nets(shop)["TX1025"] == 30.0 - 12.0 - 5.0
    assert figures(shop)[1] == purchases


def test_which_rows_are_records() -> None:
    rows = [
        ("Express Checkout Payment", "24.00", "Completed", "Credit", True),
        ("Mass Pay Payment", "-24.00", "Completed", "Debit", False),
        ("Payment Refund", "-24.00", "Completed", "Debit", True),
        ("Payment Refund", "-24,00", "Denied", "Debit", False),
        ("Payment Reversal", "(24.00)", "Completed", "Debit", True),
        ("General Payment", "24.00", "Completed", "Memo", False),
        ("Payment Hold", "24.00", "Completed", "Credit", False),
        ("Chargeback Fee", "-20.00", "Completed", "Debit", False),
        ("Website Payment", "0.00", "Completed", "Credit", False),
        ("Bank Deposit to PP Account", "24.00", "Completed", "Credit", False),
    ]
    kind, amount, status, impact, expected = zip(*rows, strict=True)
    columns = {
        "kind": pa.array(kind),
        "amount": pa.array(amount),
        "status": pa.array(status),
        "balance_impact": pa.array(impact),
    }
    assert is_sale_or_refund(columns).to_pylist() == list(expected)


def test_postage_given_back_does_not_turn_an_order_into_a_loss(tmp_path: Path, shop: Shop) -> None:
    """TX1027 was 10.00 of goods and 4.00 of postage; 10.00 are back already, now the postage as well."""
    postage = [
        {**row, "Gross": "-4.00", "Transaction ID": "RF3", "Time": "19:00:00"}
        for row in ROWS
        if row["Transaction ID"] == "RF1027"
    ]
    check_layout(Layout("paypal", DEFAULT, [*ROWS, *postage], ""), "utf-8", tmp_path, shop)
    assert nets(shop)["TX1027"] == 0
