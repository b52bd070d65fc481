"""Stripe: payments new and old, and the balance reports, where only movements of sales count."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from loyalty.intake.sources.stripe import is_movement_of_a_sale
from loyalty.shop.shop import Shop
from tests.intake.builders import STAMP, bring, figures, nets, save, text_of
from tests.intake.sources.builders import (
    ENGLISH,
    POST_FREE,
    REVENUE,
    Layout,
    Row,
    Sale,
    check_layout,
    flat,
    money,
)

NEW = [
    "id",
    "Created date (UTC)",
    "Amount",
    "Amount Refunded",
    "Currency",
    "Captured",
    "Fee",
    "Status",
    "Description",
    "Customer Email",
    "Invoice ID",
    "Transfer",
    "Name (metadata)",
    "email (metadata)",
    "merchant_reference (metadata)",
]
BARE = [
    "id",
    "Created date (UTC)",
    "Amount",
    "Amount Refunded",
    "Currency",
    "Captured",
    "Converted Amount",
    "Converted Amount Refunded",
    "Converted Currency",
    "Fee",
    "Is Link",
    "Mode",
    "Payment Source Type",
    "Status",
    "Taxes On Fee",
    "Application Fee",
    "Application ID",
]
OLD = [
    "id",
    "Description",
    "Seller Message",
    "Created (UTC)",
    "Amount",
    "Amount Refunded",
    "Currency",
    "Converted Amount",
    "Converted Amount Refunded",
    "Fee",
    "Tax",
    "Converted Currency",
    "Mode",
    "Status",
    "Statement Descriptor",
    "Customer ID",
    "Customer Description",
    "Customer Email",
    "Captured",
    "Card ID",
    "Card Last4",
    "Card Brand",
    "Card Funding",
    "Card Exp Month",
    "Card Exp Year",
    "Card Name",
    "Card Address Line1",
    "Card Address Line2",
    "Card Address City",
    "Card Address State",
    "Card Address Country",
    "Card Address Zip",
    "Card Issue Country",
    "Card Fingerprint",
    "Card CVC Status",
    "Card AVS Zip Status",
    "Card AVS Line1 Status",
    "Card Tokenization Method",
    "Disputed Amount",
    "Dispute Status",
    "Dispute Reason",
    "Dispute Date (UTC)",
    "Dispute Evidence Due (UTC)",
    "Invoice ID",
    "Payment Source Type",
    "Destination",
    "Transfer",
    "Interchange Costs",
    "Merchant Service Charge",
    "Transfer Group",
    "PaymentIntent ID",
]
BALANCE = [
    "balance_transaction_id",
    "created_utc",
    "available_on_utc",
    "currency",
    "gross",
    "fee",
    "net",
    "reporting_category",
    "description",
]
ACTIVITY = ["ID", "Type", "Source", "Amount", "Fee", "Net", "Currency", "Created (UTC)", "Available On (UTC)"]
STATUS = {"paid": "Paid", "part": "Paid", "refunded": "Refunded", "cancelled": "Failed", "unpaid": "Paid"}


def charge(sale: Sale, created: str) -> Row:
    """A payment; what was never captured is not paid."""
    return {
        "id": f"ch_{sale.number}",
        created: f"{sale.day} 20:38:34",
        "Amount": money(sale.goods),
        "Amount Refunded": money(sale.back),
        "Currency": "usd",
        "Captured": str(sale.fate != "unpaid").lower(),
        "Fee": "0.59",
        "Status": STATUS[sale.fate],
    }


def movements(sale: Sale, key: str, kind: str, at: str, amount: str, of: str) -> list[Row]:
    """A charge, what was given back of it five days later, and now and then a payout with its fee."""
    common = {"currency" if kind == "reporting_category" else "Currency": "usd"}
    day = f"{sale.day} 07:21"
    rows_read = (
        [{key: f"txn_{sale.number}", kind: "charge", amount: money(sale.goods), of: f"ch_{sale.number}"}]
        if sale.settled
        else []
    )
    if sale.back:
        rows_read.append(
            {key: f"txn_r{sale.number}", kind: "refund", amount: money(-sale.back), of: f"re_{sale.number}"}
        )
    if sale.number % 7 == 0:
        rows_read.append(
            {key: f"txn_p{sale.number}", kind: "payout", amount: "-1,000.00", of: f"po_{sale.number}"}
        )
        rows_read.append({key: f"txn_f{sale.number}", kind: "stripe_fee", amount: "-2.00", of: ""})
    return [{**common, at: day, **row} for row in rows_read]


def balance(sale: Sale) -> list[Row]:
    """The balance report has no column for what a movement is of."""
    rows = movements(
        sale, "balance_transaction_id", "reporting_category", "created_utc", "gross", "description"
    )
    return [{k: v for k, v in row.items() if k != "description"} for row in rows]


def balance_with_charges(sale: Sale) -> list[Row]:
    """The same with the column of charges, which may be added: a refund names the charge it gives back."""
    rows = movements(
        sale, "balance_transaction_id", "reporting_category", "created_utc", "gross", "charge_id"
    )
    return [{**row, "charge_id": row["charge_id"].replace("re_", "ch_")} for row in rows]


def activity(sale: Sale) -> list[Row]:
    """All activity."""
    return movements(sale, "ID", "Type", "Created (UTC)", "Amount", "Source")


# Refunds without their charge stand alone: the 4 charges that were given back count as purchases, the total is the same.
ALONE = (0, 28 + 2, REVENUE, 28 + 2, 0)
# A file without addresses: nobody is known.
UNKNOWN = (0, 28, REVENUE, 28, 0)
LAYOUTS = {
    "new": Layout(
        "stripe",
        NEW,
        [{**charge(s, "Created date (UTC)"), "Customer Email": s.email} for s in POST_FREE],
        "Invoice ID",
    ),
    "bare": Layout("stripe", BARE, [charge(s, "Created date (UTC)") for s in POST_FREE], "Mode", UNKNOWN),
    "old": Layout(
        "stripe",
        OLD,
        [{**charge(s, "Created (UTC)"), "Customer ID": s.who and f"cus_{s.who}"} for s in POST_FREE],
        "Tax",
    ),
    "balance": Layout("stripe-balance", BALANCE, flat(map(balance, POST_FREE)), "description", ALONE),
    "balance-charges": Layout(
        "stripe-balance", [*BALANCE, "charge_id"], flat(map(balance_with_charges, POST_FREE)), "fee", UNKNOWN
    ),
    "activity": Layout("stripe-activity", ACTIVITY, flat(map(activity, POST_FREE)), "Fee", ALONE),
}


@pytest.mark.parametrize("variant", ENGLISH)
@pytest.mark.parametrize("name", LAYOUTS)
def test_the_story(name: str, variant: str, tmp_path: Path, shop: Shop) -> None:
    check_layout(LAYOUTS[name], variant, tmp_path, shop)


def test_payments_are_in_utc_and_thousands_are_read(tmp_path: Path, shop: Shop) -> None:
    rows = [charge(sale, "Created date (UTC)") for sale in POST_FREE]
    rows[0] = {**rows[0], "Amount": "1,000.00"}
    check_layout(
        Layout("stripe", NEW, rows, "", (0, 28, REVENUE - 10 + 1000, 28, 0)), "utf-8", tmp_path, shop
    )
    assert nets(shop)["ch_1001"] == 1000.0
    at = "SELECT DISTINCT utc_offset FROM orders"
    assert shop.database.cursor().execute(at).fetchall() == [(0,)]
    assert shop.settings.currency == "USD"


def test_a_dispute_that_was_lost_is_given_back(tmp_path: Path, shop: Shop) -> None:
    rows = [charge(sale, "Created (UTC)") for sale in POST_FREE]
    rows[0] = {**rows[0], "Disputed Amount": "10.00", "Dispute Status": "lost"}
    rows[1] = {**rows[1], "Disputed Amount": "10.00", "Dispute Status": "won"}
    check_layout(Layout("stripe", OLD, rows, "", (0, 27, REVENUE - 10, 27, 0)), "utf-8", tmp_path, shop)
    assert figures(shop)[2] == REVENUE - 10


def test_payouts_and_fees_are_no_records() -> None:
    kinds = [
        "charge",
        "payment",
        "refund",
        "payout",
        "stripe_fee",
        "adjustment",
        "transfer",
        "Payment_Refund",
        "",
    ]
    rows_read = is_movement_of_a_sale({"kind": pa.array(kinds)})
    assert rows_read.to_pylist() == [True, True, True, False, False, False, False, True, False]


@pytest.mark.parametrize("names", [("new", "balance-charges"), ("balance-charges", "new")])
def test_payments_and_a_balance_report_with_charges_double_nothing(
    names: tuple[str, str], tmp_path: Path, shop: Shop
) -> None:
    """With its column of charges (which may be added) the balance report tells the same sales under the same numbers."""
    for name in names:
        bring(shop, save(tmp_path, f"{name}.csv", LAYOUTS[name].text()))
    assert figures(shop) == LAYOUTS["new"].expected


def test_without_charges_a_balance_report_would_double_and_the_owner_is_warned(
    tmp_path: Path, shop: Shop
) -> None:
    """Its numbers are those of movements; nothing tells that they are the charges of the other file."""
    bring(shop, save(tmp_path, "new.csv", LAYOUTS["new"].text()))
    with shop.open_import(save(tmp_path, "balance.csv", LAYOUTS["balance"].text())) as file:
        assert "bring in one of them" in file.notes()[0].english()
        file.run(STAMP)
    assert figures(shop)[2] == 2 * REVENUE


def test_a_payment_names_its_order(tmp_path: Path, shop: Shop) -> None:
    rows = [
        {**charge(s, "Created date (UTC)"), "Description": f"Order #{s.number} of {s.email}"}
        for s in POST_FREE[:2]
    ]
    rows[1]["merchant_reference (metadata)"] = "WC-77"
    bring(shop, save(tmp_path, "a.csv", text_of(NEW, rows)))
    rows_read = (
        shop.database.cursor().execute("SELECT order_reference FROM order_heads ORDER BY order_id").fetchall()
    )
    assert rows_read == [("1001",), ("wc-77 77",)]
