"""The command of what new customers cost: CAC, CLV : CAC and payback by month and channel, and who brings others."""

from __future__ import annotations

import argparse
from typing import Any

from loyalty.cli.output import Outcome, amount, table
from loyalty.cli.session import Session
from loyalty.measure import acquisition_cost_sentences
from loyalty.services.acquisition_cost import AcquisitionCosts, ChannelCost, acquisition_costs
from loyalty.services.lifetime_value import predict_lifetime_value, terms_of
from loyalty.words import Words


def costs(session: Session, options: argparse.Namespace) -> Outcome:
    """What a new customer costs and is worth, when the money is back, and how many came by recommendation."""
    con, known = session.facts()
    words, settings = session.words, session.shop.settings
    margin = options.margin if options.margin is not None else settings.margin or None
    ahead = predict_lifetime_value(known.models, terms_of(settings, margin=margin)).predicted
    found = acquisition_costs(con, known, ahead.customers, margin)
    said = sentences(found, words)
    document = {
        "as_of": known.as_of,
        "currency": settings.home_currency,
        "margin": margin,
        "sentence": said[0],
        **_cost(found.channels[0] if found.channels else None),
        "cac_of_paid_channels": found.cac_of_paid_channels,
        "channels": [{"channel": one.channel} | _cost(one) for one in found.channels[1:]],
        "months": _records(
            found.cohorts, payback_months="months", watched_months="watched", new_customers="newcomers"
        ),
        "months_by_channel": _records(found.months),
        "referral_rate": found.acquisition.referral_rate,
        "referred_share": found.acquisition.referred_share,
        "referred": _records(found.referred),
        "missing": words.message(ahead.missing) if ahead.missing else None,
    }
    return Outcome(document, [*said, *_lines(found, words)] if found.channels else said)


def sentences(found: AcquisitionCosts, words: Words) -> list[str]:
    """What a new customer costs, in all and by those who came through what was paid for, and how many bring others."""
    whole = found.channels[0] if found.channels else None
    first = acquisition_cost_sentences.acquisition_cost_sentence(
        whole.payback if whole else None, whole.clv_to_cac if whole else None, words
    )
    paid = (
        []
        if found.cac_of_paid_channels is None
        else [acquisition_cost_sentences.paid_channels_sentence(found.cac_of_paid_channels, words)]
    )
    return [first, *paid, acquisition_cost_sentences.referral_sentence(found.acquisition, words)]


def _cost(one: ChannelCost | None) -> dict[str, Any]:
    """The figures of one channel, or of all together; None throughout without spend."""
    names = (
        "spend",
        "new_customers",
        "cac",
        "brought_so_far",
        "predicted_clv",
        "clv_to_cac",
        "payback_months",
        "curve",
    )
    if one is None:
        return dict.fromkeys(names)
    back = one.payback
    values = (
        back.spend,
        back.newcomers,
        back.cac,
        one.value_so_far,
        one.expected_value,
        one.clv_to_cac,
        back.months,
        _records(back.curve),
    )
    return dict(zip(names, values, strict=True))


def _records(frame: Any, **renamed: str) -> list[dict[str, Any]]:
    """Rows of a frame; months as 2026-03; `renamed`: key to column."""
    shown = frame.rename(columns={old: new for new, old in renamed.items()})
    if "month" in shown:
        shown = shown.assign(month=[f"{month:%Y-%m}" for month in shown["month"]])
    return list(shown.to_dict("records"))


def _lines(found: AcquisitionCosts, words: Words) -> list[str]:
    """The channels as a table."""
    headings = [
        words.say("Channel"), words.say("Spend"), words.say("New customers"), words.say("Cost of one"),
        words.say("Worth of one"), words.say("Months until it is back"),
    ]  # fmt: skip
    rows = [
        [
            acquisition_cost_sentences.channel_name(one.channel, words),
            amount(one.payback.spend, words),
            words.number(one.payback.newcomers),
            amount(one.payback.cac, words),
            amount(one.total_value, words),
            "–" if one.payback.months is None else words.number(one.payback.months),
        ]
        for one in found.channels
    ]
    return table(headings, rows)
