"""Plans and offers as text and back."""

from __future__ import annotations

from decimal import Decimal

import pytest

from loyalty.campaigns.errors import NotAnOffer
from loyalty.campaigns.plan import (
    CampaignOffer,
    Plan,
    checked_offer,
    from_json,
    offer_from_key,
    offer_from_text,
    to_json,
)

TEN = CampaignOffer("percent", Decimal(10))
FIVE = CampaignOffer("fixed", Decimal("5.50"), Decimal(30))


def test_a_plan_comes_back_as_it_was() -> None:
    plan = Plan(
        "June",
        "slipping",
        "sms",
        (TEN, FIVE),
        held_share=0.25,
        message="{code} “你好”",
        message_cost=Decimal("0.07"),
    )
    assert from_json(to_json(plan)) == plan
    assert plan.arms == ("A", "B")
    assert plan.offer_of("B") == FIVE
    assert plan.with_name("July").name == "July"


def test_offers_by_key() -> None:
    assert (TEN.key, FIVE.key) == ("percent-10", "fixed-5.5-from-30")
    assert CampaignOffer("fixed", Decimal("5.500"), Decimal("30.0")).key == FIVE.key
    assert offer_from_key(FIVE.key).key == FIVE.key


def test_offers_from_text() -> None:
    assert offer_from_text("10%") == TEN
    assert offer_from_text("5.50", "30") == FIVE
    for wrong in ("ten", "0", "101%", "-5", "NaN"):
        with pytest.raises(NotAnOffer):
            offer_from_text(wrong)
    with pytest.raises(NotAnOffer, match="more than the least order"):
        checked_offer(CampaignOffer("fixed", Decimal(20), Decimal(10)))
