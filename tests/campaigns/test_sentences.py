"""Before sending: what a list can show, in words."""

from __future__ import annotations

from decimal import Decimal

from loyalty.campaigns.plan import CampaignOffer
from loyalty.campaigns.power import control_group_choices, people_needed, suggested_choice
from loyalty.campaigns.sentences import (
    detectable_effect_sentence,
    offer_key_text,
    offer_text,
    points_text,
    power_sentence,
)
from loyalty.words import words_for

SAY = words_for("en", "USD")


def test_four_hundred_customers_and_five_points() -> None:
    """The issue's own case: the sentence before sending, and how many people it takes."""
    best = suggested_choice(control_group_choices(400, 0.10, 0.05, 1.0))
    sentence = power_sentence(400, 0.05, best, people_needed(0.10, 0.05), SAY)
    assert sentence.startswith("With 400 people an effect of 5 points cannot be seen: it would take 1,372.")


def test_enough_people() -> None:
    best = suggested_choice(control_group_choices(4000, 0.10, 0.05, 1.0))
    assert power_sentence(4000, 0.05, best, 1372, SAY) == (
        f"Holding {best.held_back} of 4,000 people back at random is enough to see an effect of 5 points."
    )
    assert "or more is seen in 4 of 5 cases" in detectable_effect_sentence(best, SAY)


def test_points_and_offers() -> None:
    assert [points_text(share, SAY) for share in (0.05, 0.007, 0.123)] == ["5", "0.7", "12"]
    assert offer_text(CampaignOffer("percent", Decimal("12.5")), "USD", SAY) == "12.5% off"
    assert offer_key_text("fixed-5-from-30", "USD", SAY) == "$5.00 off orders from $30.00"
    assert offer_key_text("", "USD", SAY) == "no offer"
