"""Gumroad: answers as 0 and 1, a row of totals at the end, two ways of writing the time; reviews, consents, ways in."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from loyalty.intake.sources.gumroad import is_purchase
from loyalty.shop.shop import Shop
from loyalty.store import imports
from tests.intake.builders import STAMP, bring, save, text_of
from tests.intake.sources.builders import (
    ENGLISH,
    EXPECTED,
    POST_FREE,
    REVENUE,
    Layout,
    Sale,
    check_layout,
    money,
)

HEADER = [
    "Purchase ID",
    "Item Name",
    "Buyer Name",
    "Purchase Email",
    "Buyer Email",
    "Do not contact?",
    "Purchase Date",
    "Purchase Time (UTC timezone)",
    "Subtotal ($)",
    "Taxes ($)",
    "Tax Type",
    "Shipping ($)",
    "Sale Price ($)",
    "Fees ($)",
    "Net Total ($)",
    "Tip ($)",
    "Tax Included in Price?",
    "Street Address",
    "City",
    "Zip Code",
    "State",
    "Country",
    "Referrer",
    "Refunded?",
    "Partial Refund ($)",
    "Fully Refunded?",
    "Disputed?",
    "Dispute Won?",
    "Access Revoked?",
    "Variants",
    "Discount Code",
    "Recurring Charge?",
    "Free trial purchase?",
    "Pre-order authorization?",
    "Product ID",
    "Order Number",
    "Pre-order authorization time (UTC timezone)",
    "Custom Fields",
    "Item Price ($)",
    "Variants Price ($)",
    "Giftee Email",
    "SKU ID",
    "Quantity",
    "Recurrence",
    "Affiliate",
    "Affiliate commission ($)",
    "Discover?",
    "Cancellation Date",
    "Subscription End Date",
    "Rating",
    "Review",
    "License Key",
    "License Key Activation Count",
    "License Key Enabled?",
    "Payment Type",
    "PayPal Transaction ID",
    "PayPal Fee Amount",
    "PayPal Fee Currency",
    "Stripe Transaction ID",
    "Stripe Fee Amount",
    "Stripe Fee Currency",
    "Purchasing Power Parity Discounted?",
    "Upsold?",
    "Sent Abandoned Cart Email?",
    "UTM Source",
    "UTM Medium",
    "UTM Campaign",
    "UTM Term",
    "UTM Content",
    "Buyer Currency",
    "Buyer Total",
    "Buyer Refunded Total",
]


def purchase(sale: Sale, time: str = "12:59:30") -> dict[str, str]:
    """A purchase: pre-orders are not charged yet, what was called off was disputed and lost."""
    flags = {
        "Refunded?": sale.fate in ("part", "refunded"),
        "Fully Refunded?": sale.fate == "refunded",
        "Disputed?": sale.fate == "cancelled",
        "Dispute Won?": False,
        "Free trial purchase?": sale.number == 1031,
        "Pre-order authorization?": sale.number == 1032,
        "Recurring Charge?": sale.number == 1002,
    }
    return {
        "Purchase ID": f"p{sale.number}==",
        "Item Name": sale.items[0][0],
        "Buyer Name": "Ann Example",
        "Purchase Email": sale.email,
        "Purchase Date": str(sale.day),
        "Purchase Time (UTC timezone)": time,
        "Subtotal ($)": money(sale.goods),
        "Taxes ($)": "0.90",
        "Shipping ($)": "0.0",
        "Sale Price ($)": money(sale.goods),
        "Fees ($)": "1.50",
        "Net Total ($)": money(sale.goods),
        "Partial Refund ($)": money(sale.back if sale.fate == "part" else 0),
        "Quantity": "1",
        "Product ID": "abc",
        **{name: str(int(answered)) for name, answered in flags.items()},
    }


TOTALS = {
    "Purchase ID": "Totals",
    "Subtotal ($)": "644.0",
    "Sale Price ($)": "644.0",
    "Partial Refund ($)": "24.0",
}
LAYOUTS = {
    "time": Layout("gumroad", HEADER, [*map(purchase, POST_FREE), TOTALS], "Tip ($)", footers=1),
    "day-and-time": Layout(
        "gumroad",
        HEADER,
        [*(purchase(s, f"{s.day} 12:59:30 UTC") for s in POST_FREE), TOTALS],
        "Review",
        footers=1,
    ),
    "before-subtotals": Layout(
        "gumroad",
        [n for n in HEADER if n != "Subtotal ($)"],
        [{k: v for k, v in purchase(s).items() if k != "Subtotal ($)"} for s in POST_FREE],
        "Rating",
    ),
}


@pytest.mark.parametrize("variant", ENGLISH)
@pytest.mark.parametrize("name", LAYOUTS)
def test_the_story(name: str, variant: str, tmp_path: Path, shop: Shop) -> None:
    record = check_layout(LAYOUTS[name], variant, tmp_path, shop)
    assert (record.accepted, record.rejected + record.not_records) == (
        34,
        0 if name == "before-subtotals" else 1,
    )
    assert record.rejected == 0 or variant == "moved"  # the word "Totals" no longer stands first
    rows_read = shop.database.cursor().execute(
        "SELECT ordered_at::VARCHAR, utc_offset FROM orders WHERE order_id = 'p1001=='"
    )
    assert rows_read.fetchall() == [("2025-03-01 12:59:30", 0)]
    assert shop.settings.currency == "USD"


def test_the_totals_are_no_record() -> None:
    assert is_purchase({"order_id": pa.array(["p1==", "Totals", " totals ", ""])}).to_pylist() == [
        True,
        False,
        False,
        True,
    ]


def test_a_dispute_that_was_won_is_a_sale(tmp_path: Path, shop: Shop) -> None:
    rows = [purchase(sale) for sale in POST_FREE]
    rows = [{**row, "Dispute Won?": "1"} if row["Disputed?"] == "1" else row for row in rows]
    customers, purchases, _, unknown, again = EXPECTED
    check_layout(
        Layout("gumroad", HEADER, rows, "", (customers + 2, purchases + 2, REVENUE + 2 * 30, unknown, again)),
        "utf-8",
        tmp_path,
        shop,
    )


def answered(n: int) -> dict[str, str]:
    """What purchase `n` of the story says besides: every third one is rated, every sixth has a text, some stay away."""
    stars = str(n % 5 + 1) if n % 3 == 0 else ""
    return {
        "Rating": stars,
        "Review": f"number {n}" if n % 6 == 0 else "",
        "Do not contact?": str(int(n % 4 == 0)),
        "UTM Source": "newsletter" if n % 5 == 0 else "",
        "Referrer": ("direct", "https://www.example.org/p?u=1")[n % 2],
    }


RATED = [{**purchase(sale), **answered(n)} for n, sale in enumerate(POST_FREE)]


def read(shop: Shop, query: str) -> list[tuple[object, ...]]:
    """Rows of the store."""
    return shop.database.cursor().execute(query).fetchall()


def test_ratings_and_reviews_are_imported_with_the_purchases(tmp_path: Path, shop: Shop) -> None:
    """The accounting is of purchases; a third of the 34 are rated, a sixth say something."""
    record = check_layout(Layout("gumroad", HEADER, [*RATED, TOTALS], "Tip ($)"), "utf-8", tmp_path, shop)
    assert (record.rows, record.accepted, record.not_records) == (35, 34, 1)
    rated = [n for n in range(34) if n % 3 == 0]
    rows_read = read(
        shop, "SELECT kind, scale, count(*), sum(score)::INT, count(comment) FROM feedback GROUP BY ALL"
    )
    assert rows_read == [
        ("review", 5, len(rated), sum(n % 5 + 1 for n in rated), len([n for n in rated if n % 6 == 0]))
    ]
    assert read(shop, "SELECT product, answered_at::VARCHAR FROM feedback WHERE comment = 'number 6'") == [
        ("Jasmine Tea", "2025-03-07 12:59:30")
    ]
    shop.undo(1, STAMP)
    assert {rows for rows, _ in shop.database.fingerprint().values()} == {0}


def test_a_later_export_adds_a_later_review(tmp_path: Path, shop: Shop) -> None:
    """Each purchase has one review: the one that the latest export shows; a purchase that is known stays a duplicate."""
    bring(shop, save(tmp_path, "a.csv", text_of(HEADER, RATED)))
    before, count = shop.database.fingerprint(), read(shop, "SELECT count(*) FROM feedback")
    later = [{**row, "Rating": "1", "Review": "broke"} if n == 3 else row for n, row in enumerate(RATED)]
    record = bring(shop, save(tmp_path, "b.csv", text_of(HEADER, later)))
    assert (record.accepted, record.duplicates) == (0, 34)
    assert read(shop, "SELECT count(*) FROM feedback") == count
    assert read(shop, "SELECT score::INT FROM feedback WHERE comment = 'broke'") == [(1,)]
    shop.undo(2, STAMP)
    assert shop.database.fingerprint() == before


def test_a_rating_outside_its_scale_is_rejected(tmp_path: Path, shop: Shop) -> None:
    rows = [{**RATED[0], "Rating": "11"}, {**RATED[1], "Rating": "great"}, RATED[2]]
    record = bring(shop, save(tmp_path, "a.csv", text_of(HEADER, rows)))
    assert (record.accepted, record.rejected) == (1, 2)
    assert [row.reason.english() for row in imports.rejected_rows(shop.database, 1)] == [
        "the score 11 is not between 0 and 5",
        "“great” is not a number",
    ]


def test_do_not_contact_is_a_refusal_as_of_the_purchase(tmp_path: Path, shop: Shop) -> None:
    """c01 buys as purchases 0, 10 and 24, and last says stay away; c02 as 1, 11 and 25, and never does."""
    bring(shop, save(tmp_path, "a.csv", text_of(HEADER, RATED)))
    query = "SELECT medium, granted, stated_at::DATE::VARCHAR, source FROM consents JOIN contacts USING (customer_id) WHERE email = '{}'"
    assert read(shop, query.format("c01@example.com")) == [("email", False, "2025-03-25", "gumroad")]
    assert read(shop, query.format("c02@example.com")) == [("email", True, "2025-03-26", "gumroad")]


def test_the_first_purchase_gives_the_acquisition_channel(tmp_path: Path, shop: Shop) -> None:
    """c01's first is of a newsletter (0 % 5), c02's of a page (1 is odd), c03's of nothing until purchase 12 of nothing either."""
    bring(shop, save(tmp_path, "a.csv", text_of(HEADER, RATED)))
    query = "SELECT email, acquired_via FROM contacts LEFT JOIN customers USING (customer_id) WHERE email < 'c04' ORDER BY 1"
    came = [("c01@example.com", "newsletter"), ("c02@example.com", "example.org"), ("c03@example.com", None)]
    assert read(shop, query) == came
    bring(shop, save(tmp_path, "b.csv", "E-mail,Found you through\nc01@example.com,a friend\n"))
    assert read(shop, query)[0] == (
        "c01@example.com",
        "a friend",
    )  # a list's own word goes before what purchases say
    shop.undo(2, STAMP)
    assert read(shop, query) == came
