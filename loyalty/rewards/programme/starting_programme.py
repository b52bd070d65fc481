"""A first programme fitted to the shop's own customers, for the owner to change."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pandas as pd
from babel.numbers import get_currency_precision

from loyalty.rewards.programme.programme import Offer, Programme, Tier
from loyalty.words.message import N_

ROUND_STEPS = tuple(Decimal(step) for step in ("1", "1.2", "1.5", "2", "2.5", "3", "4", "5", "6", "8"))
SILVER_PERCENTILE, GOLD_PERCENTILE = 0.70, 0.90
EMPTY_SHOP_THRESHOLDS = (Decimal(200), Decimal(500))  # for a shop without sales, in a currency with cents
SMALLEST_THRESHOLD = Decimal("0.01")


def starting_programme(
    customers: pd.DataFrame, currency: str = "USD", segment_keys: Sequence[str] = ()
) -> Programme:
    """One point a unit of currency, worth 0.03 (3 % back); three tiers; 10 % off for each of `segment_keys`.

    `customers`: CUSTOMERS. Silver begins at the round number at or just below the 70th percentile of
    `revenue_365` of those who bought within 365 days, gold at or just below the 90th (always above silver),
    so about 30 % and 10 % hold them or better. `currency` only matters while there are no sales: 200 and
    500, a hundredfold without cents. Tier names are English sources for `words.say`.
    """
    silver, gold = _thresholds(customers, currency)
    tiers = (
        Tier("member", N_("Member"), Decimal(0), Decimal(1)),
        Tier("silver", N_("Silver"), silver, Decimal("1.25")),
        Tier("gold", N_("Gold"), gold, Decimal("1.5")),
    )
    offers = tuple(starting_offer(key, customers) for key in segment_keys)
    return Programme(N_("Regulars"), Decimal(1), Decimal("0.03"), tiers, offers)


def starting_offer(segment_key: str, customers: pd.DataFrame) -> Offer:
    """10 % off for 30 days on orders of at least the shop's average, rounded down (0 without sales)."""
    orders, revenue = int(customers["orders"].sum()), float(customers["revenue"].sum())
    minimum = round_down(Decimal(str(revenue / orders))) if orders and revenue > 0 else Decimal(0)
    return Offer(segment_key, "percent", Decimal(10), minimum, 30)


def round_down(amount: Decimal) -> Decimal:
    """The largest round number (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8 times a power of ten) not above `amount`.

    Amounts below 0.01 give 0.01.

    >>> round_down(Decimal("519.20")), round_down(Decimal(1399)), round_down(Decimal(9))
    (Decimal('500'), Decimal('1200'), Decimal('8'))
    """
    ten = Decimal(1).scaleb(max(amount, SMALLEST_THRESHOLD).adjusted())
    step = max(step for step in ROUND_STEPS if step * ten <= max(amount, SMALLEST_THRESHOLD))
    return Decimal(f"{(step * ten).normalize():f}")


def _thresholds(customers: pd.DataFrame, currency: str) -> tuple[Decimal, Decimal]:
    spent = customers.loc[customers["revenue_365"] > 0, "revenue_365"]
    if spent.empty:
        factor = 100 if get_currency_precision(currency) == 0 else 1
        return EMPTY_SHOP_THRESHOLDS[0] * factor, EMPTY_SHOP_THRESHOLDS[1] * factor
    silver, gold = (
        round_down(Decimal(str(spent.quantile(share)))) for share in (SILVER_PERCENTILE, GOLD_PERCENTILE)
    )
    return silver, max(gold, _next_step(silver))


def _next_step(threshold: Decimal) -> Decimal:
    """The round number after a round number."""
    ten = Decimal(1).scaleb(threshold.adjusted())
    higher = [step * ten for step in (*ROUND_STEPS, Decimal(10)) if step * ten > threshold]
    return Decimal(f"{min(higher).normalize():f}")
