"""Everything planted in the made-up shop, as constants: dates, products, customer types, pairs, counts.

Money is whole cents (USD); shares are fractions of 1; days are whole days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Channel = Literal["shopify", "square"]

SHOP = "Morning Light Coffee"
CURRENCY = "USD"
SEED = 20260630
START = date(2024, 1, 1)
AS_OF = date(2026, 6, 30)
"""Last day in the files, inclusive."""
CUSTOMERS = 1560
"""People drawn; those whose only order was refunded or never paid do not become customers."""
GROWTH_PER_MONTH = 0.003
OPENING_RUSH = {(2024, 1): 6.0, (2024, 2): 4.0, (2024, 3): 2.0}
"""The export begins with people the roaster already served: more first orders in the first months."""
STALL_SHARE = 0.30
ONLINE_SEASON = (0.85, 0.85, 1.15, 1.1, 1.1, 0.8, 0.75, 0.75, 0.9, 1.0, 1.5, 2.9)
STALL_SEASON = (0.5, 0.5, 0.8, 1.0, 1.2, 1.5, 1.75, 1.6, 1.15, 0.9, 0.6, 0.5)
"""Weights of the calendar months, January first."""


@dataclass(frozen=True)
class Product:
    """One thing for sale: `price` in cents; `online` and `stall` weigh how often it is picked (0: never)."""

    sku: str
    name: str
    category: str
    price: int
    taxable: bool
    online: float
    stall: float


PRODUCTS = (
    Product("MB250", "Morning Blend 250 g", "Beans", 1350, False, 10.0, 5.0),
    Product("MB1K", "Morning Blend 1 kg", "Beans", 4600, False, 3.5, 0.0),
    Product("ES250", "Espresso Roast 250 g", "Beans", 1400, False, 6.0, 2.5),
    Product("ES1K", "Espresso Roast 1 kg", "Beans", 4800, False, 2.5, 0.0),
    Product("ETH250", "Sunrise Ethiopia 250 g", "Beans", 1700, False, 6.0, 2.0),
    Product("COL250", "Hillside Colombia 250 g", "Beans", 1550, False, 6.0, 2.0),
    Product("DEC250", "Quiet Hours Decaf 250 g", "Beans", 1450, False, 4.0, 1.5),
    Product("DRIP", "Ceramic Dripper", "Filter gear", 2800, True, 2.2, 0.5),
    Product("FILT", "Paper Filters (100)", "Filter gear", 750, True, 3.0, 0.6),
    Product("KETT", "Pouring Kettle", "Filter gear", 6200, True, 0.9, 0.0),
    Product("GRIND", "Hand Grinder", "Filter gear", 8900, True, 0.9, 0.0),
    Product("PITCH", "Milk Pitcher", "Espresso gear", 2400, True, 1.0, 0.0),
    Product("CUPSA", "Stoneware Cup - Sand", "Cups", 1900, True, 2.2, 0.0),
    Product("CUPSL", "Stoneware Cup - Slate", "Cups", 1900, True, 2.2, 0.0),
    Product("TRAV", "Travel Cup", "Cups", 2600, True, 1.6, 0.8),
    Product("GIFT", "Gift Box", "Gifts", 4200, False, 1.6, 0.3),
    Product("TAST", "Taster Set", "Gifts", 2400, False, 2.6, 0.4),
    Product("SUBM", "Monthly Beans Subscription", "Subscriptions", 2900, False, 3.0, 0.0),
    Product("SUB3", "Three-Month Gift Subscription", "Subscriptions", 8400, False, 0.9, 0.0),
    Product("FILC", "Filter Coffee", "Stall drinks", 350, False, 0.0, 11.0),
    Product("FLAT", "Flat White", "Stall drinks", 450, False, 0.0, 12.0),
    Product("COLD", "Cold Brew", "Stall drinks", 500, False, 0.0, 7.0),
    Product("BUN", "Cinnamon Bun", "Stall pastries", 400, False, 0.0, 5.0),
    Product("CROI", "Almond Croissant", "Stall pastries", 450, False, 0.0, 3.5),
)
GIFT_SKUS = ("GIFT", "TAST", "SUB3", "CUPSA", "CUPSL")
BULK_SKUS = ("MB1K", "ES1K", "ETH250", "COL250", "KETT", "GRIND")
FIRST_BUY_SKU = "MB250"
"""Most of the spring gain in coming back is among people whose first buy was this."""


@dataclass(frozen=True)
class Pair:
    """Two products bought together: when `given` is in a basket, `adds` joins it with chance `chance`."""

    given: str
    adds: str
    chance: float


PAIRS = (
    Pair("DRIP", "FILT", 0.55),
    Pair("ES250", "PITCH", 0.16),
    Pair("CROI", "FLAT", 0.60),
)
MIN_PAIR_LIFT = 2.0
"""Every planted pair realises at least this lift over all purchases of both channels."""


@dataclass(frozen=True)
class CustomerType:
    """One kind of customer: mean days between orders (0: one order only), lines and pieces a basket."""

    gap_days: float
    lines_online: tuple[float, ...]
    extra_piece: float


TYPES = {
    "regular": CustomerType(25, (0.58, 0.32, 0.09, 0.01), 0.10),
    "slipping_regular": CustomerType(25, (0.58, 0.32, 0.09, 0.01), 0.10),
    "lapsed_regular": CustomerType(25, (0.58, 0.32, 0.09, 0.01), 0.10),
    "big_spender": CustomerType(42, (0.25, 0.45, 0.25, 0.05), 0.90),
    "occasional": CustomerType(110, (0.58, 0.32, 0.09, 0.01), 0.08),
    "gift_once": CustomerType(0, (0.62, 0.32, 0.06, 0.0), 0.12),
    "tried_once": CustomerType(0, (0.70, 0.25, 0.05, 0.0), 0.04),
}
LINES_STALL = (0.74, 0.23, 0.03)
"""Chance of 1, 2, 3 different products in a basket at the stall."""
STAY_DAYS = {"occasional": 220.0, "big_spender": 365.0}
"""Mean days from the second order until such customers stop for good (exponential)."""
LAPSED_SILENT_DAYS = 150
"""Lapsed regulars bought nothing in at least this many last days."""
SLIPPING_SILENT_DAYS = (40, 100)
"""Slipping regulars last bought this many days before `AS_OF` (inclusive)."""

RETURN_WITHIN_DAYS = 90


@dataclass(frozen=True)
class ReturnTarget:
    """From `since` on: share of new customers back within 90 days, by what they bought first and where."""

    since: date
    online_first_buy: float
    online_other: float
    stall: float


RETURN_TARGETS = (
    ReturnTarget(date(2024, 1, 1), 0.31, 0.30, 0.30),
    ReturnTarget(date(2025, 3, 1), 0.32, 0.31, 0.30),
    ReturnTarget(date(2025, 6, 1), 0.36, 0.31, 0.30),
    ReturnTarget(date(2025, 11, 1), 0.38, 0.28, 0.30),
    ReturnTarget(date(2026, 3, 1), 0.50, 0.32, 0.30),
)
SPRINGS = {
    "spring_2025": (date(2025, 3, 1), date(2025, 5, 31)),
    "spring_2026": (date(2026, 3, 1), date(2026, 5, 31)),
}
"""First purchases of each spring, both ends inclusive."""

TAX_PERCENT_TENTHS = 88
"""Sales tax on gear and cups in tenths of a percent (8.8 %); food is free of it. Never inside a price."""
SHIPPING = 550
FREE_SHIPPING_FROM = 4500
CODES = {"WELCOME10": 10, "WINTER15": 15}
"""Percent off the goods: WELCOME10 on first online orders, WINTER15 in December."""
FLAT_CODE = ("THANKS5", 500)
OWN_CUP = 50
"""Cents off a stall drink for bringing one's own cup."""

REFUNDED_LATER = 45
PARTLY_REFUNDED = 54
GOODS_REFUNDED = 6
"""Status partially_refunded: all goods refunded, shipping kept; so not a purchase any more."""
CANCELLED = 30
"""Half keep status paid (money not given back yet), half are refunded."""
PENDING = 20
VOIDED = 12
ONLY_ORDER_REFUNDED = 15
ONLY_ORDER_PENDING = 10
ANONYMOUS_ONLINE = 35
STALL_ANONYMOUS_SHARE = 0.60
"""Share of Square rows without a Customer ID."""
STALL_REFUNDS_SAME = 20
STALL_REFUNDS_APART = 20

CSAT_ANSWERS = 400
CSAT_SATISFIED = 364
CSAT_LAPSED_ANSWERS = 40
CSAT_LAPSED_SATISFIED = 26
CSAT_ANONYMOUS = 20
NPS_ANSWERS = 250
NPS_PROMOTERS = 140
NPS_DETRACTORS = 35
NPS_LAPSED_ANSWERS = 25
NPS_LAPSED_PROMOTERS = 6
NPS_LAPSED_DETRACTORS = 11

MEMBERS = 360
"""Online customers on the list of customers."""
BIRTHDAYS = 240
BIRTHDAYS_WITHOUT_YEAR = 40
FOUND_THROUGH = {"Instagram": 0.32, "Search ads": 0.18, "Flyers": 0.10, "a friend": 0.22, "nothing": 0.18}
"""How members say they found the shop; "nothing": they left it blank."""
VISITS = {"view": 220, "search": 30, "cart": 60, "like": 45, "comment": 15, "share": 20}
VISITS_UNKNOWN_IN_TEN = 3
REFERRERS = 45
"""Customers who brought at least one new customer."""
BROUGHT = 60
"""New customers whom somebody brought: their first purchase follows within three weeks."""
BROUGHT_NOBODY = 12
"""Recommendations to people who have not bought."""
TOLD_TOO_LATE = 4
"""Recommendations noted only after the first purchase: they count for nobody."""
SPEND = {"Instagram": (60, 120), "Search ads": (40, 90), "Flyers": (20, 60)}
"""Dollars a month, both ends inclusive."""
FLYER_MONTHS = (3, 4, 11, 12)
