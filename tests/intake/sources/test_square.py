"""Square: items detail of three years and transactions of two, each right alone, and no sale twice in both."""

from __future__ import annotations

from pathlib import Path

import pytest

from loyalty.shop.shop import Shop
from tests.intake.builders import SQUARE_24, SQUARE_35, bring, figures, nets, save, text_of
from tests.intake.sources.builders import ENGLISH, EXPECTED, SALES, Layout, Row, Sale, check_layout, flat

SQUARE_33 = [name for name in SQUARE_35 if name not in ("Commission", "Employee")]
TRANSACTIONS_55 = [
    "Date",
    "Time",
    "Time Zone",
    "Gross Sales",
    "Discounts",
    "Service Charges",
    "Net Sales",
    "Gift Card Sales",
    "Tax",
    "Tip",
    "Partial Refunds",
    "Total Collected",
    "Source",
    "Card",
    "Card Entry Methods",
    "Cash",
    "Square Gift Card",
    "Other Tender",
    "Other Tender Type",
    "Tender Note",
    "Fees",
    "Net Total",
    "Transaction ID",
    "Payment ID",
    "Card Brand",
    "PAN Suffix",
    "Device Name",
    "Staff Name",
    "Staff ID",
    "Details",
    "Description",
    "Event Type",
    "Location",
    "Dining Option",
    "Customer ID",
    "Customer Name",
    "Customer Reference ID",
    "Device Nickname",
    "Third Party Fees",
    "Deposit ID",
    "Deposit Date",
    "Deposit Details",
    "Fee Percentage Rate",
    "Fee Fixed Rate",
    "Refund Reason",
    "Discount Name",
    "Transaction Status",
    "Cash App",
    "Order Reference ID",
    "Fulfillment Note",
    "Free Processing Applied",
    "Channel",
    "Unattributed Tips",
    "Table Info",
    "International Fee",
]
TRANSACTIONS_2017 = [
    "Date",
    "Time",
    "Time Zone",
    "Gross Sales",
    "Discounts",
    "Net Sales",
    "Gift Card Sales",
    "Tax",
    "Tip",
    "Partial Refunds",
    "Total Collected",
    "Source",
    "Card",
    "Card Entry Methods",
    "Cash",
    "Square Gift Card",
    "Other Tender",
    "Other Tender Type",
    "Other Tender Note",
    "Fees",
    "Net Total",
    "Transaction ID",
    "Payment ID",
    "Card Brand",
    "PAN Suffix",
    "Device Name",
    "Staff Name",
    "Staff ID",
    "Details",
    "Description",
    "Event Type",
    "Location",
    "Dining Option",
    "Customer ID",
    "Customer Name",
    "Customer Reference ID",
    "Device Nickname",
]


def dollars(amount: object) -> str:
    """-$7.00, $1,240.00."""
    number = float(str(amount))
    return f"{'-' if number < 0 else ''}${abs(number):,.2f}"


def at(sale: Sale, time: str = "12:59:30") -> dict[str, str]:
    """When, who, which."""
    return {
        "Date": str(sale.day),
        "Time": time,
        "Time Zone": "Eastern Time (US & Canada)",
        "Transaction ID": f"T{sale.number}",
        "Payment ID": f"P{sale.number}",
        "Customer ID": sale.who.upper(),
        "Event Type": "Payment",
    }


def items(sale: Sale) -> list[Row]:
    """A row a product sold, and one given back; what was never paid or called off is not in the file."""
    if not sale.settled:
        return []
    rows: list[Row] = [
        {
            **at(sale),
            "Category": "None",
            "Item": name,
            "Qty": f"{count}.0",
            "Gross Sales": dollars(count * price),
            "Net Sales": dollars(count * price - (sale.discount if place == 0 else 0)),
            "Tax": "$1.90",
        }
        for place, (name, count, price) in enumerate(sale.items)
    ]
    if sale.back:
        back = {
            "Event Type": "Refund",
            "Qty": "-1.0",
            "Net Sales": dollars(-sale.back),
            "Gross Sales": dollars(-sale.back),
        }
        rows.append({**rows[0], **at(sale, "18:00:00"), **back})
    return rows


def transaction(sale: Sale) -> dict[str, str]:
    """A row a payment; what was given back of it beside it, below 0."""
    status = {"cancelled": "Voided", "unpaid": "Pending"}.get(sale.fate, "Complete")
    return {
        **at(sale),
        "Gross Sales": dollars(sale.goods + sale.discount),
        "Discounts": dollars(-sale.discount),
        "Net Sales": dollars(sale.goods),
        "Tax": "$1.90",
        "Tip": "$2.00",
        "Partial Refunds": dollars(-sale.back),
        "Total Collected": dollars(sale.goods),
        "Transaction Status": status,
    }


def old(sale: Sale) -> list[Row]:
    """The same in 2017: no status, US dates, and no row of what came to nothing."""
    if not sale.settled:
        return []
    row = {name: cell for name, cell in transaction(sale).items() if name in TRANSACTIONS_2017}
    return [{**row, "Date": f"{sale.day.month}/{sale.day.day}/{sale.day.year}"}]


LAYOUTS = {
    "items-35": Layout("square", SQUARE_35, flat(map(items, SALES)), "Category"),
    "items-33": Layout("square", SQUARE_33, flat(map(items, SALES)), "SKU"),
    "items-24": Layout("square", SQUARE_24, flat(map(items, SALES)), "Discounts"),
    "transactions-55": Layout(
        "square", TRANSACTIONS_55, [transaction(sale) for sale in SALES], "Tender Note"
    ),
    "transactions-2017": Layout("square", TRANSACTIONS_2017, flat(map(old, SALES)), "Device Nickname"),
}


@pytest.mark.parametrize("variant", ENGLISH)
@pytest.mark.parametrize("name", LAYOUTS)
def test_the_story(name: str, variant: str, tmp_path: Path, shop: Shop) -> None:
    check_layout(LAYOUTS[name], variant, tmp_path, shop)


@pytest.mark.parametrize("names", [("items-35", "transactions-55"), ("transactions-55", "items-35")])
def test_both_files_double_nothing(names: tuple[str, str], tmp_path: Path, shop: Shop) -> None:
    for name in names:
        bring(shop, save(tmp_path, f"{name}.csv", LAYOUTS[name].text()))
    assert figures(shop) == EXPECTED


def test_refunds_with_rows_of_their_own(tmp_path: Path, shop: Shop) -> None:
    """T1025: 30.00, of which 12.00 and, of no item in particular, 5.00 go back. T9 gives back a sale of another file."""
    sale = SALES[24]
    back = {**at(sale, "18:00:00"), "Event Type": "Refund", "Transaction Status": "Complete"}
    rows = [
        {**transaction(sale), "Partial Refunds": "$0.00"},
        {**back, "Net Sales": "-$12.00", "Partial Refunds": "$0.00"},
        {**back, "Net Sales": "$0.00", "Partial Refunds": "-$5.00"},
        {**back, "Transaction ID": "T9", "Net Sales": "-$7.00", "Partial Refunds": "$0.00"},
    ]
    bring(shop, save(tmp_path, "t.csv", text_of(TRANSACTIONS_55, rows)))
    assert nets(shop) == {"T1025": 30.0 - 12.0 - 5.0, "T9": -7.0}


def test_thousands(tmp_path: Path, shop: Shop) -> None:
    rows = [{**transaction(SALES[0]), "Net Sales": "$1,240.00"}, transaction(SALES[1])]
    bring(shop, save(tmp_path, "t.csv", text_of(TRANSACTIONS_55, rows)))
    assert list(nets(shop).values()) == [1240.0, 10.0]
