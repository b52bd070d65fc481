"""Whether the parts of a programme make sense: each raises the named error of the first value that does not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from loyalty.rewards.errors import DaysEndBeforeTheyBegin, NotADayOfTheYear, StepsDoNotRise
from loyalty.rewards.programme.rules import (
    WEEKDAYS,
    Caps,
    Discount,
    Earning,
    Expiry,
    Gift,
    Referral,
    Reward,
    Step,
    Tiering,
)
from loyalty.rewards.programme.value_checks import (
    KINDS,
    MOST_MONEY,
    MOST_POINTS,
    all_different,
    check_choice,
    check_number,
    check_text,
    check_value,
    check_whole,
)

LONGEST_DAYS = 36_500
REWARD_KINDS = ("points", *KINDS)
AUDIENCES = ("new", "long_standing", "segment", "tier", "product")
OCCASIONS = ("birthday", "lunar_birthday", "anniversary", "holiday")
A_LEAP_YEAR = 2024


def check_rules(earning: Earning, expiry: Expiry, steps: Sequence[Step], tiering: Tiering) -> None:
    """How points come, go and are used, and what tiers are made of."""
    _check_earning(earning)
    check_choice("expiry.kind", expiry.kind, ("never", "rolling", "fixed", "inactivity"))
    check_whole("expiry.days", expiry.days, 0 if expiry.kind == "fixed" else 1, LONGEST_DAYS)
    _day_of_year("expiry.on", expiry.on)
    for i, step in enumerate(steps):
        check_whole(f"steps[{i}].points", step.points, 1, MOST_POINTS)
        check_value(f"steps[{i}]", "fixed", step.value)
        if i and (step.points <= steps[i - 1].points or step.value <= steps[i - 1].value):
            raise StepsDoNotRise(key=f"steps[{i}]")
    check_choice("tiering.by", tiering.by, ("spend", "orders", "points"))
    check_choice("tiering.period", tiering.period, ("rolling", "calendar", "lifetime"))
    check_whole("tiering.grace_days", tiering.grace_days, 0, LONGEST_DAYS)


def check_promises(
    discounts: Sequence[Discount], gifts: Sequence[Gift], referral: Referral, caps: Caps
) -> None:
    """Discounts, gifts, referral rewards and their limits."""
    for i, discount in enumerate(discounts):
        _check_discount(f"discounts[{i}]", discount)
    all_different("discounts", "name", [discount.name for discount in discounts])
    for i, gift in enumerate(gifts):
        _check_gift(f"gifts[{i}]", gift)
    _check_reward("referral.referrer", referral.referrer)
    _check_reward("referral.referred", referral.referred)
    check_number("referral.minimum_spend", referral.minimum_spend, MOST_MONEY)
    check_whole("referral.most_a_year", referral.most_a_year, 0, MOST_POINTS)
    check_whole("caps.points_an_order", caps.points_an_order, 0, MOST_POINTS)
    check_whole("caps.points_a_month", caps.points_a_month, 0, MOST_POINTS)
    check_choice("caps.stacking", caps.stacking, ("best", "all"))
    check_number("caps.discount_share", caps.discount_share, Decimal(1))


def _check_earning(earning: Earning) -> None:
    for name in ("per_order", "sign_up", "review"):
        check_whole(f"earning.{name}", getattr(earning, name), 0, MOST_POINTS)
    check_whole("earning.return_days", earning.return_days, 0, LONGEST_DAYS)
    check_choice("earning.together", earning.together, ("highest", "multiplied"))
    for i, product in enumerate(earning.products):
        path = f"earning.products[{i}]"
        check_choice(f"{path}.kind", product.kind, ("product", "category"))
        check_text(f"{path}.name", product.name)
        check_number(f"{path}.multiplier", product.multiplier, Decimal(100))
    all_different("earning.products", "name", [f"{p.kind} {p.name}" for p in earning.products])
    for i, days in enumerate(earning.bonus_days):
        path = f"earning.bonus_days[{i}]"
        check_text(f"{path}.name", days.name)
        check_number(f"{path}.multiplier", days.multiplier, Decimal(100))
        for weekday in days.weekdays:
            check_choice(f"{path}.weekdays", weekday, WEEKDAYS)
        if days.first and days.last and days.last < days.first:
            raise DaysEndBeforeTheyBegin(key=f"{path}.last", first=days.first, came=days.last)


def _check_discount(path: str, discount: Discount) -> None:
    check_text(f"{path}.name", discount.name)
    check_choice(f"{path}.audience", discount.audience, AUDIENCES)
    check_choice(f"{path}.kind", discount.kind, KINDS)
    check_value(path, discount.kind, discount.value)
    if discount.audience in ("segment", "tier", "product"):
        check_text(f"{path}.which", discount.which)
    check_number(f"{path}.minimum_spend", discount.minimum_spend, MOST_MONEY)
    check_whole(f"{path}.after_days", discount.after_days, 0, LONGEST_DAYS)


def _check_gift(path: str, gift: Gift) -> None:
    check_choice(f"{path}.occasion", gift.occasion, OCCASIONS)
    check_choice(f"{path}.kind", gift.kind, REWARD_KINDS)
    check_value(path, gift.kind, gift.value)
    if gift.occasion == "holiday":
        check_text(f"{path}.which", gift.which)
    check_number(f"{path}.minimum_spend", gift.minimum_spend, MOST_MONEY)
    check_whole(f"{path}.days_before", gift.days_before, 0, 60)
    check_whole(f"{path}.valid_days", gift.valid_days, 0, LONGEST_DAYS)


def _check_reward(path: str, reward: Reward) -> None:
    check_choice(f"{path}.kind", reward.kind, REWARD_KINDS)
    if reward.value:
        check_value(path, reward.kind, reward.value)


def _day_of_year(key: str, text: str) -> None:
    try:
        dt.date.fromisoformat(f"{A_LEAP_YEAR}-{text}")
    except ValueError:
        raise NotADayOfTheYear(key=key, came=text) from None
