"""Gumroad: answers as 0 and 1, a row of totals at the end, two ways of writing the time."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from loyalty.intake.sources.gumroad import is_purchase
from loyalty.shop import Shop
from tests.intake.sources.builders import ENGLISH, POST_FREE, REVENUE, TOLD, Layout, Sale, money, told

HEADER = ["Purchase ID", "Item Name", "Buyer Name", "Purchase Email", "Buyer Email", "Do not contact?", "Purchase Date", "Purchase Time (UTC timezone)", "Subtotal ($)", "Taxes ($)", "Tax Type", "Shipping ($)", "Sale Price ($)", "Fees ($)", "Net Total ($)", "Tip ($)", "Tax Included in Price?", "Street Address", "City", "Zip Code", "State", "Country", "Referrer", "Refunded?", "Partial Refund ($)", "Fully Refunded?", "Disputed?", "Dispute Won?", "Access Revoked?", "Variants", "Discount Code", "Recurring Charge?", "Free trial purchase?", "Pre-order authorization?", "Product ID", "Order Number", "Pre-order authorization time (UTC timezone)", "Custom Fields", "Item Price ($)", "Variants Price ($)", "Giftee Email", "SKU ID", "Quantity", "Recurrence", "Affiliate", "Affiliate commission ($)", "Discover?", "Cancellation Date", "Subscription End Date", "Rating", "Review", "License Key", "License Key Activation Count", "License Key Enabled?", "Payment Type", "PayPal Transaction ID", "PayPal Fee Amount", "PayPal Fee Currency", "Stripe Transaction ID", "Stripe Fee Amount", "Stripe Fee Currency", "Purchasing Power Parity Discounted?", "Upsold?", "Sent Abandoned Cart Email?", "UTM Source", "UTM Medium", "UTM Campaign", "UTM Term", "UTM Content", "Buyer Currency", "Buyer Total", "Buyer Refunded Total"]


def purchase(sale: Sale, time: str = "12:59:30") -> dict[str, str]:
    """A purchase: pre-orders are not charged yet, what was called off was disputed and lost."""
    flags = {
        "Refunded?": sale.fate in ("part", "refunded"), "Fully Refunded?": sale.fate == "refunded",
        "Disputed?": sale.fate == "cancelled", "Dispute Won?": False, "Free trial purchase?": sale.number == 1031,
        "Pre-order authorization?": sale.number == 1032, "Recurring Charge?": sale.number == 1002,
    }  # fmt: skip
    return {
        "Purchase ID": f"p{sale.number}==", "Item Name": sale.items[0][0], "Buyer Name": "Ann Example",
        "Purchase Email": sale.email, "Purchase Date": str(sale.day), "Purchase Time (UTC timezone)": time,
        "Subtotal ($)": money(sale.goods), "Taxes ($)": "0.90", "Shipping ($)": "0.0", "Sale Price ($)": money(sale.goods),
        "Fees ($)": "1.50", "Net Total ($)": money(sale.goods), "Partial Refund ($)": money(sale.back if sale.fate == "part" else 0),
        "Quantity": "1", "Product ID": "abc", **{name: str(int(said)) for name, said in flags.items()},
    }  # fmt: skip


TOTALS = {"Purchase ID": "Totals", "Subtotal ($)": "644.0", "Sale Price ($)": "644.0", "Partial Refund ($)": "24.0"}
LAYOUTS = {
    "time": Layout("gumroad", HEADER, [*map(purchase, POST_FREE), TOTALS], "Tip ($)", footers=1),
    "day-and-time": Layout("gumroad", HEADER, [*(purchase(s, f"{s.day} 12:59:30 UTC") for s in POST_FREE), TOTALS], "Review", footers=1),
    "before-subtotals": Layout("gumroad", [n for n in HEADER if n != "Subtotal ($)"], [
        {k: v for k, v in purchase(s).items() if k != "Subtotal ($)"} for s in POST_FREE], "Rating"),
}  # fmt: skip


@pytest.mark.parametrize("variant", ENGLISH)
@pytest.mark.parametrize("name", LAYOUTS)
def test_the_story(name: str, variant: str, tmp_path: Path, shop: Shop) -> None:
    record = told(LAYOUTS[name], variant, tmp_path, shop)
    assert (record.accepted, record.rejected + record.not_records) == (34, 0 if name == "before-subtotals" else 1)
    assert record.rejected == 0 or variant == "moved"  # the word "Totals" no longer stands first
    found = shop.database.cursor().execute("SELECT ordered_at::VARCHAR, utc_offset FROM orders WHERE order_id = 'p1001=='")
    assert found.fetchall() == [("2025-03-01 12:59:30", 0)]
    assert shop.settings.currency == "USD"


def test_the_totals_are_no_record() -> None:
    assert is_purchase({"order_id": pa.array(["p1==", "Totals", " totals ", ""])}).to_pylist() == [True, False, False, True]


def test_a_dispute_that_was_won_is_a_sale(tmp_path: Path, shop: Shop) -> None:
    rows = [purchase(sale) for sale in POST_FREE]
    rows = [{**row, "Dispute Won?": "1"} if row["Disputed?"] == "1" else row for row in rows]
    customers, purchases, _, unknown, again = TOLD
    told(Layout("gumroad", HEADER, rows, "", (customers + 2, purchases + 2, REVENUE + 2 * 30, unknown, again)), "utf-8", tmp_path, shop)
