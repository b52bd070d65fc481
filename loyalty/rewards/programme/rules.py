"""The parts of a programme besides its tiers and coupons, as frozen records with every default visible.

Points are whole. Money is in the shop's currency, as exact Decimals. Days are counted to their end: what is valid for 30
days from 1 June works until 1 July, 24:00.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated, Literal, get_args

from loyalty.rewards.programme.field_types import (
    MOST_POINTS,
    Day,
    DayOfYear,
    Days,
    DiscountKind,
    Money,
    Multiplier,
    Name,
    Number,
    Points,
    Range,
    RewardKind,
    Share,
    Weekday,
    Whole,
)

WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)


@dataclass(frozen=True)
class ProductPoints:
    """Spend on a product or a category earns `multiplier` times the points (0: none). A product's own rule
    takes precedence over its category's."""

    kind: Literal["product", "category"]
    name: Name
    multiplier: Multiplier


@dataclass(frozen=True)
class BonusDays:
    """Days on which orders earn `multiplier` times the points: between `first` and `last` (both inclusive; open where
    None), and only on `weekdays` where some are named."""

    name: Name
    multiplier: Multiplier
    weekdays: tuple[Weekday, ...] = ()
    first: Day | None = None
    last: Day | None = None


@dataclass(frozen=True)
class Earning:
    """Points besides those for money spent.

    `per_order`: for each order, whatever it costs, and at no multiplier. `sign_up`: once a customer, on the first
    day they are known. `review`: for each review. `return_days`: points of an order are pending until so many days
    after it. `together`: how the multipliers of a tier and of a bonus day combine.
    """

    per_order: Points = 0
    products: tuple[ProductPoints, ...] = ()
    bonus_days: tuple[BonusDays, ...] = ()
    sign_up: Points = 0
    review: Points = 0
    return_days: Days = 0
    together: Literal["highest", "multiplied"] = "highest"


@dataclass(frozen=True)
class Expiry:
    """When points expire: never; `days` after they were earned (rolling); at the end of the first `on` (MM-DD) that is at
    least `days` after they were earned (fixed); or when the customer has neither bought nor used points for `days`
    (inactivity). Points keep the rule that they were earned under."""

    kind: Literal["never", "rolling", "fixed", "inactivity"] = "never"
    days: Days = 365
    on: DayOfYear = "12-31"


@dataclass(frozen=True)
class Step:
    """`points` are exchanged for `value` off an order. A programme with steps lets points be used at these only."""

    points: Annotated[Whole, Range(1, MOST_POINTS)]
    value: Number


@dataclass(frozen=True)
class Tiering:
    """What tiers are measured by, and for how long they last.

    `by`: net revenue, orders, or points at the plain rate. `period`: of the last 365 days, of the calendar year, or of
    all time. Up at once: the next order counts at the new tier. Down `grace_days` after the customer no longer
    reaches it.
    """

    by: Literal["spend", "orders", "points"] = "spend"
    period: Literal["rolling", "calendar", "lifetime"] = "rolling"
    grace_days: Days = 0


@dataclass(frozen=True)
class Discount:
    """A standing discount, `kind` and `value` as in `Offer`.

    `audience`: customers before their first order (new); whose first order is at least `after_days` old
    (long_standing); of the segment, tier or product that `which` names.
    """

    name: Name
    audience: Literal["new", "long_standing", "segment", "tier", "product"]
    kind: DiscountKind
    value: Number
    which: str = ""
    minimum_spend: Money = Decimal(0)
    after_days: Days = 365


@dataclass(frozen=True)
class Gift:
    """A gift for a personal or calendar day: points on the day, or a coupon.

    `occasion`: birthday; birthday in the Chinese lunar calendar (农历); anniversary of the first order; a holiday, which
    `which` names as the `holidays` package does in English, or as MM-DD. `days_before`: the coupon begins so many days
    before the day. `valid_days`: it works until so many days after it.
    """

    occasion: Literal["birthday", "lunar_birthday", "anniversary", "holiday"]
    kind: RewardKind
    value: Number
    which: str = ""
    minimum_spend: Money = Decimal(0)
    days_before: Annotated[Whole, Range(0, 60)] = 0
    valid_days: Days = 30

    @property
    def key(self) -> str:
        """The gift's key: the occasion, for a holiday with its name."""
        return self.occasion + (f":{self.which}" if self.occasion == "holiday" else "")


@dataclass(frozen=True)
class Reward:
    """Points, percent off or money off; a value of 0 is no reward."""

    kind: RewardKind = "points"
    value: Number = Decimal(0)


@dataclass(frozen=True)
class Referral:
    """For both sides, once the new customer's first order reaches `minimum_spend`; at most `most_a_year` times a
    calendar year for one referrer (0: no limit). Points are reversed when that order is returned whole."""

    referrer: Reward = field(default_factory=Reward)
    referred: Reward = field(default_factory=Reward)
    minimum_spend: Money = Decimal(0)
    most_a_year: Points = 0


@dataclass(frozen=True)
class Caps:
    """Limits, and how several discounts combine; 0 points is no limit.

    `stacking`: the one discount that takes off most (best), or one after the other, percents before money (all).
    `discount_share`: all discounts and points together take off at most this share of an order.
    """

    points_an_order: Points = 0
    points_a_month: Points = 0
    stacking: Literal["best", "all"] = "best"
    discount_share: Share = Decimal(1)
