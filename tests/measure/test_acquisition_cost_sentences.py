"""The sentences about what new customers cost."""

from __future__ import annotations

import pandas as pd
import pytest

from loyalty.measure.acquisition_cost import Acquisition
from loyalty.measure.acquisition_cost_sentences import (
    acquisition_cost_sentence,
    channel_sentence,
    missing_channels_sentence,
    paid_channels_sentence,
    payback_sentence,
    referral_sentence,
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
    ("payback", "sentence"),
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
def test_payback_sentences(payback: Payback, sentence: str) -> None:
    assert payback_sentence(payback, EN) == sentence


def test_acquisition_cost_sentences() -> None:
    assert acquisition_cost_sentence(payback(3), 1.52, EN) == (
        "A new customer costs $12.50 and is worth 1.5 times as much. The money is back 3 months after the first purchase."
    )
    assert acquisition_cost_sentence(payback(3), None, EN).startswith(
        "A new customer costs $12.50. The money"
    )
    assert acquisition_cost_sentence(payback(None, cac=None), None, EN) == (
        "$25.00 was spent on marketing, and in those months nobody bought for the first time."
    )
    assert "month, channel and amount" in acquisition_cost_sentence(None, None, EN)


def test_of_one_channel() -> None:
    assert channel_sentence("Ads", payback(2), EN) == (
        "Ads: a new customer costs $12.50. The money is back 2 months after the first purchase."
    )
    assert (
        channel_sentence("", payback(None, cac=None), EN)
        == "no channel named: nobody is known to have come through it."
    )
    assert channel_sentence(None, payback(0), EN).startswith("All together: a new customer costs $12.50. ")
    assert paid_channels_sentence(27.06, EN).endswith("one costs $27.06.")


def test_referral_sentences() -> None:
    assert referral_sentence(Acquisition(referral_rate=0.04, referred_share=0.125), EN) == (
        "4.0% of customers have brought somebody new, and 12.5% of new customers came by recommendation."
    )
    assert "who recommended whom" in referral_sentence(Acquisition(), EN)


def test_in_chinese_nothing_is_left_in_english() -> None:
    for text in (
        acquisition_cost_sentence(None, None, ZH),
        acquisition_cost_sentence(payback(None), 2.0, ZH),
        referral_sentence(Acquisition(), ZH),
        missing_channels_sentence(ZH),
    ):
        assert not any(letter.isascii() and letter.isalpha() for letter in text)
