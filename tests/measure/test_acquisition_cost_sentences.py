"""The sentences about what new customers cost."""

from __future__ import annotations

import pandas as pd
import pytest

from loyalty.measure.acquisition_cost import Acquisition
from loyalty.measure.acquisition_cost_sentences import (
    back,
    cost_of_one,
    of_channel,
    paid_alone,
    referred,
    unknown_channels,
)
from loyalty.measure.payback import Payback
from loyalty.words import words_for

EN, ZH = words_for("en"), words_for("zh_CN")


def payback(months: int | None, watched: int = 4, cac: float | None = 12.5) -> Payback:
    """A payback watched for so many months."""
    return Payback(
        25.0, 2, cac, pd.DataFrame({"k": range(watched + 1), "customers": 1, "margin": 0.0}), months
    )


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (payback(0), "The money is back within the month of the first purchase."),
        (payback(1), "The money is back 1 month after the first purchase."),
        (payback(3), "The money is back 3 months after the first purchase."),
        (payback(None), "After 4 months the money is not back yet."),
        (payback(None, 1), "After 1 month the money is not back yet."),
        (payback(None, -1), "When the money is back shows once the first month with spend is over."),
        (payback(None, cac=None), ""),
    ],
)
def test_when_the_money_is_back(found: Payback, said: str) -> None:
    assert back(found, EN) == said


def test_what_one_costs() -> None:
    assert cost_of_one(payback(3), 1.52, EN) == (
        "A new customer costs $12.50 and is worth 1.5 times as much. The money is back 3 months after the first purchase."
    )
    assert cost_of_one(payback(3), None, EN).startswith("A new customer costs $12.50. The money")
    assert cost_of_one(payback(None, cac=None), None, EN) == (
        "$25.00 was spent on marketing, and in those months nobody bought for the first time."
    )
    assert "month, channel and amount" in cost_of_one(None, None, EN)


def test_of_one_channel() -> None:
    assert of_channel("Ads", payback(2), EN) == (
        "Ads: a new customer costs $12.50. The money is back 2 months after the first purchase."
    )
    assert (
        of_channel("", payback(None, cac=None), EN)
        == "no channel named: nobody is known to have come through it."
    )
    assert of_channel(None, payback(0), EN).startswith("All together: a new customer costs $12.50. ")
    assert paid_alone(27.06, EN).endswith("one costs $27.06.")


def test_who_recommends() -> None:
    assert referred(Acquisition(referral_rate=0.04, referred_share=0.125), EN) == (
        "4.0% of customers have brought somebody new, and 12.5% of new customers came by recommendation."
    )
    assert "who recommended whom" in referred(Acquisition(), EN)


def test_in_chinese_nothing_is_left_in_english() -> None:
    for text in (
        cost_of_one(None, None, ZH),
        cost_of_one(payback(None), 2.0, ZH),
        referred(Acquisition(), ZH),
        unknown_channels(ZH),
    ):
        assert not any(letter.isascii() and letter.isalpha() for letter in text)
