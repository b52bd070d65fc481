"""costs: CAC, CLV : CAC and payback of new customers by month and channel, and referrals."""

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
    """Show what a new customer costs and is worth, how long until that is earned back, and how many were referred."""
    con, shop_facts = session.facts()
    words, settings = session.words, session.shop.settings
    margin = options.margin if options.margin is not None else settings.margin or None
    prediction = predict_lifetime_value(shop_facts.models, terms_of(settings, margin=margin)).predicted
    acquisition = acquisition_costs(con, shop_facts, prediction.customers, margin)
    texts = sentences(acquisition, words)
    document = {
        "as_of": shop_facts.as_of,
        "currency": settings.home_currency,
        "margin": margin,
        "sentence": texts[0],
        **_cost(acquisition.channels[0] if acquisition.channels else None),
        "cac_of_paid_channels": acquisition.cac_of_paid_channels,
        "channels": [
            {"channel": channel_cost.channel} | _cost(channel_cost)
            for channel_cost in acquisition.channels[1:]
        ],
        "months": _records(
            acquisition.cohorts, payback_months="months", watched_months="watched", new_customers="newcomers"
        ),
        "months_by_channel": _records(acquisition.months),
        "referral_rate": acquisition.acquisition.referral_rate,
        "referred_share": acquisition.acquisition.referred_share,
        "referred": _records(acquisition.referred),
        "missing": words.message(prediction.missing) if prediction.missing else None,
    }
    return Outcome(document, [*texts, *_lines(acquisition, words)] if acquisition.channels else texts)


def sentences(acquisition: AcquisitionCosts, words: Words) -> list[str]:
    """Sentences on the cost of a new customer, in total and through paid channels, and on referrals."""
    total = acquisition.channels[0] if acquisition.channels else None
    first = acquisition_cost_sentences.acquisition_cost_sentence(
        total.payback if total else None, total.clv_to_cac if total else None, words
    )
    paid = (
        []
        if acquisition.cac_of_paid_channels is None
        else [acquisition_cost_sentences.paid_channels_sentence(acquisition.cac_of_paid_channels, words)]
    )
    return [first, *paid, acquisition_cost_sentences.referral_sentence(acquisition.acquisition, words)]


def _cost(channel_cost: ChannelCost | None) -> dict[str, Any]:
    """The figures of one channel, or of all together; all None without spend."""
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
    if channel_cost is None:
        return dict.fromkeys(names)
    payback = channel_cost.payback
    values = (
        payback.spend,
        payback.newcomers,
        payback.cac,
        channel_cost.value_so_far,
        channel_cost.expected_value,
        channel_cost.clv_to_cac,
        payback.months,
        _records(payback.curve),
    )
    return dict(zip(names, values, strict=True))


def _records(frame: Any, **renamed: str) -> list[dict[str, Any]]:
    """Rows of a frame; months as 2026-03; `renamed`: key to column."""
    shown = frame.rename(columns={old: new for new, old in renamed.items()})
    if "month" in shown:
        shown = shown.assign(month=[f"{month:%Y-%m}" for month in shown["month"]])
    return list(shown.to_dict("records"))


def _lines(acquisition: AcquisitionCosts, words: Words) -> list[str]:
    """The channels as a table."""
    headings = [
        words.say("Channel"),
        words.say("Spend"),
        words.say("New customers"),
        words.say("Cost of one"),
        words.say("Worth of one"),
        words.say("Months until it is back"),
    ]
    rows = [
        [
            acquisition_cost_sentences.channel_name(channel_cost.channel, words),
            amount(channel_cost.payback.spend, words),
            words.number(channel_cost.payback.newcomers),
            amount(channel_cost.payback.cac, words),
            amount(channel_cost.total_value, words),
            "–" if channel_cost.payback.months is None else words.number(channel_cost.payback.months),
        ]
        for channel_cost in acquisition.channels
    ]
    return table(headings, rows)
