"""rewards tune: the programme at its present setting and at others, what each would cost and is expected to bring."""

from __future__ import annotations

import argparse
from typing import Any

from loyalty.cli.output import Outcome, table
from loyalty.cli.session import Session
from loyalty.columns import Floats
from loyalty.facts.orders import order_sizes
from loyalty.rewards.gain.expected_gain import Gain, Terms, basis, gain
from loyalty.rewards.gain.expected_gain_sentences import (
    benefit_name,
    benefits_sentence,
    best_setting_sentence,
    break_even_sentences,
    expected_gain_sentence,
)
from loyalty.rewards.gain.settings_grid import Setting, best, grid, sensitivity
from loyalty.rewards.gain.tuner import Tuning, headline, replay
from loyalty.rewards.offers import depth_table, spend_offers
from loyalty.rewards.points.order_points import mean_order
from loyalty.rewards.programme.programme import Programme
from loyalty.services.campaign_learning import learnt_responses
from loyalty.services.figures import Facts, segmentation
from loyalty.services.points import programme_benefits
from loyalty.store.campaigns import responses
from loyalty.words import Words

ASSUMED_MARGIN = 0.5  # while the owner gave none


def tune(session: Session, known: Facts, current: Programme, options: argparse.Namespace) -> Outcome:
    """What the programme would have meant and is expected to bring, at the present setting and at others."""
    words = session.words
    margin = options.margin if options.margin is not None else session.shop.settings.margin or ASSUMED_MARGIN
    kept = responses(session.shop.database)
    segments = segmentation(known).members[["customer_id", "segment"]]
    promises = programme_benefits(
        session.reader(), session.shop, (known.customers, segments), known.as_of, current
    )
    terms = Terms(margin, learnt_responses(kept, mean_order(known.customers)), benefits=promises)
    settings = grid(known.customers, current, terms)
    chosen = best(settings, options.budget)
    now = replay(known.customers, current, terms.benefits_of(current))
    told = gain(basis(known.customers, current), current, terms)
    orders = int(known.customers["orders_365"].sum())
    cases = sensitivity(basis(known.customers, current), current, terms)
    document = {
        "margin": margin,
        "margin_assumed": options.margin is None and not session.shop.settings.margin,
        "settings": [_setting(setting, _replayed(known, setting, terms)) for setting in settings],
        "best": None if chosen is None else _setting(chosen, _replayed(known, chosen, terms)),
        "now": {**_gain(told), "tiers": _tiers(now)},
        "sensitivity": [{"if": name, **_gain(each)} for name, each in cases],
        "offers": depth_table(margin, terms.responses.coupon).to_dict("records"),
        "promises": [{**vars(each), "expected_gain": each.expected} for each in now.benefits],
        "spend_offers": _spend_offers(order_sizes(session.reader(), known.as_of), terms),
        "responses": {
            name: {"mean": r.mean, "sd": r.sd, "source": "; ".join(r.sources)}
            for name, r in vars(terms.responses).items()
        },
    }
    lines = [
        headline(now, words),
        expected_gain_sentence(told, words),
        break_even_sentences(told, orders, words),
        best_setting_sentence(chosen, options.budget, words),
    ]
    if not now.benefits:
        return Outcome(document, [*lines, *_table(now, words)])
    return Outcome(
        document,
        [*lines, *_table(now, words), benefits_sentence(now.benefits, words), *_promised(now, words)],
    )


def _promised(now: Tuning, words: Words) -> list[str]:
    head = [
        words.say("What for"),
        words.say("Times a year"),
        words.say("Cost a year"),
        words.say("Expected gain a year"),
    ]
    rows = [
        [
            benefit_name(each, words),
            words.number(each.times),
            words.money(each.cost),
            words.money(each.expected),
        ]
        for each in now.benefits
    ]
    return table(head, rows)


def _replayed(known: Facts, setting: Setting, terms: Terms) -> Tuning:
    return replay(known.customers, setting.programme, terms.benefits_of(setting.programme))


def _gain(told: Gain) -> dict[str, Any]:
    return {
        "cost": told.cost,
        "expected_gain": told.expected,
        "low": told.low,
        "high": told.high,
        "extra_sales": told.extra_sales,
        "break_even": told.break_even,
        "needed": told.needed,
    }


def _setting(setting: Setting, replayed: Tuning) -> dict[str, Any]:
    return {
        "rate_factor": setting.rate,
        "threshold_factor": setting.threshold,
        "points_per_unit": setting.programme.points_per_unit,
        "tiers": _tiers(replayed),
        "cost_share": replayed.share_of_revenue,
        **_gain(setting.gain),
    }


def _tiers(replayed: Tuning) -> list[dict[str, Any]]:
    names = ("customers", "within_reach", "share_of_revenue", "points", "cost_per_year")
    return [
        {"key": t.tier.key, "threshold": t.tier.threshold, **{name: getattr(t, name) for name in names}}
        for t in replayed.tiers
    ]


def _spend_offers(orders: Floats, terms: Terms) -> list[dict[str, Any]]:
    """Money off from an order value on, around the usual one."""
    if not len(orders):
        return []
    middle = round(float(orders.mean()), 2)
    thresholds = [round(middle * factor, 2) for factor in (1.25, 1.5, 2.0)]
    values = [round(middle * share, 2) for share in (0.05, 0.1, 0.15)]
    return [vars(offer) for offer in spend_offers(orders, thresholds, values, terms)]


def _table(now: Tuning, words: Words) -> list[str]:
    head = [
        words.say("Tier"),
        words.say("Customers"),
        words.say("Within reach"),
        words.say("Share of revenue"),
        words.say("Cost a month"),
    ]
    rows = [
        [
            words.say(t.tier.name),
            words.number(t.customers),
            words.number(t.within_reach),
            words.percent(t.share_of_revenue),
            words.money(t.cost_per_month),
        ]
        for t in now.tiers
    ]
    return table(head, rows)
