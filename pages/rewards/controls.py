"""The controls of the rewards page: sliders that make a programme, and offers by segment."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Literal

import numpy as np
import pandas as pd
import streamlit as st

from loyalty.models.segments.segmentation import Segmentation
from loyalty.rewards.points.order_points import tier_measure
from loyalty.rewards.programme.programme import Offer, Programme, Tier
from loyalty.rewards.programme.starting_programme import starting_offer
from loyalty.words import Words


def _decimal(value: float, places: int = 2) -> Decimal:
    """A slider's number as a short decimal."""
    return Decimal(str(round(value, places))).normalize() + 0


def point_controls(current: Programme, key: str, words: Words) -> Programme:
    """Points: how many a unit of money earns, what one takes off, how many will be used."""
    per_unit = st.slider(
        words.say("Points for each {unit} spent", unit=words.money(1, cents=False)),
        0.0,
        10.0,
        float(current.points_per_unit),
        0.5,
        format="%.1f",
        key=f"{key}-rate",
    )
    worth = st.slider(
        words.say("100 points take off"),
        0.0,
        max(20.0, float(current.point_value) * 200),
        float(current.point_value) * 100,
        0.5,
        format="%.1f",
        key=f"{key}-value",
    )
    used = st.slider(
        words.say("Share of points that will be used"),
        0,
        100,
        round(float(current.expected_redemption) * 100),
        5,
        format="%d%%",
        key=f"{key}-used",
        help=words.say("An assumption: change it once you know how many of your points come back."),
    )
    return replace(
        current,
        points_per_unit=_decimal(per_unit),
        point_value=_decimal(worth / 100, 4),
        expected_redemption=_decimal(used / 100),
    )


def tier_controls(current: Programme, customers: pd.DataFrame, key: str, words: Words) -> Programme:
    """A threshold and a multiplier for each tier above the first; each slider ends where what customers reach does."""
    measure = tier_measure(customers, current)
    reached = measure[measure > 0]
    highest = float(np.quantile(reached, 0.99)) if len(reached) else 1000.0
    tiers: list[Tier] = [current.tiers[0]]
    for tier in current.tiers[1:]:
        top = max(highest, float(tier.threshold) * 1.5)
        step = float(Decimal(1).scaleb(max(Decimal(str(top)).adjusted() - 2, 0)))
        left, right = st.columns([3, 1], vertical_alignment="bottom")
        threshold = left.slider(
            threshold_label(current, words.say(tier.name), words),
            step,
            max(top // step * step, step * 2),
            float(tier.threshold),
            step,
            format="%.0f" if step >= 1 else "%.2f",
            key=f"{key}-{tier.key}",
        )
        multiplier = right.number_input(
            words.say("Points ×"), 1.0, 10.0, float(tier.multiplier), 0.25, key=f"{key}-{tier.key}-times"
        )
        tiers.append(replace(tier, threshold=_decimal(threshold), multiplier=_decimal(multiplier)))
    return replace(current, tiers=tuple(tiers))


def threshold_label(current: Programme, tier: str, words: Words) -> str:
    """What a tier's threshold is counted in."""
    if current.tiering.by == "orders":
        return words.say("{tier}: from so many orders within 12 months", tier=tier)
    if current.tiering.by == "points":
        return words.say("{tier}: from so many points within 12 months", tier=tier)
    return words.say("{tier}: from a spend within 12 months of", tier=tier)


def offers_of(current: Programme, segments: Segmentation, customers: pd.DataFrame) -> tuple[Offer, ...]:
    """The programme's offer for each segment there is now; one to start from where it has none."""
    by_segment = {offer.segment_key: offer for offer in current.offers}
    return tuple(by_segment.get(s.key) or starting_offer(s.key, customers) for s in segments.segments)


def offer_controls(offer: Offer, key: str, words: Words) -> Offer:
    """One segment's coupon: kind, value, least spend, days."""
    kinds = {"percent": words.say("percent off"), "fixed": words.say("money off")}
    kind_box, value_box, least_box, days_box = st.columns(4)
    kind: Literal["percent", "fixed"] = kind_box.selectbox(
        words.say("Kind"),
        ["percent", "fixed"],
        index=["percent", "fixed"].index(offer.kind),
        format_func=kinds.__getitem__,
        key=f"{key}-kind",
    )
    most = 100.0 if kind == "percent" else 1_000_000.0
    value = value_box.number_input(
        words.say("Value"), 0.5, most, min(float(offer.value), most), 1.0, key=f"{key}-value"
    )
    least = least_box.number_input(
        words.say("From an order of"), 0.0, 1_000_000.0, float(offer.minimum_spend), 1.0, key=f"{key}-least"
    )
    days = days_box.number_input(words.say("Valid for days"), 1, 3650, offer.valid_days, 1, key=f"{key}-days")
    return replace(
        offer, kind=kind, value=_decimal(value), minimum_spend=_decimal(least), valid_days=int(days)
    )
