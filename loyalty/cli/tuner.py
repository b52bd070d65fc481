"""rewards tune: cost and expected gain of the programme, as it is and with other settings."""

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


def tune(session: Session, shop_facts: Facts, current: Programme, options: argparse.Namespace) -> Outcome:
    """Show what the programme would have cost last year and its expected gain, as it is and with other settings."""
    words = session.words
    margin = options.margin if options.margin is not None else session.shop.settings.margin or ASSUMED_MARGIN
    saved_responses = responses(session.shop.database)
    segments = segmentation(shop_facts).members[["customer_id", "segment"]]
    promises = programme_benefits(
        session.reader(), session.shop, (shop_facts.customers, segments), shop_facts.as_of, current
    )
    terms = Terms(
        margin, learnt_responses(saved_responses, mean_order(shop_facts.customers)), benefits=promises
    )
    settings = grid(shop_facts.customers, current, terms)
    best_setting = best(settings, options.budget)
    replayed = replay(shop_facts.customers, current, terms.benefits_of(current))
    expected = gain(basis(shop_facts.customers, current), current, terms)
    orders = int(shop_facts.customers["orders_365"].sum())
    cases = sensitivity(basis(shop_facts.customers, current), current, terms)
    document = {
        "margin": margin,
        "margin_assumed": options.margin is None and not session.shop.settings.margin,
        "settings": [_setting(setting, _replayed(shop_facts, setting, terms)) for setting in settings],
        "best": None
        if best_setting is None
        else _setting(best_setting, _replayed(shop_facts, best_setting, terms)),
        "now": {**_gain(expected), "tiers": _tiers(replayed)},
        "sensitivity": [{"if": name, **_gain(each)} for name, each in cases],
        "offers": depth_table(margin, terms.responses.coupon).to_dict("records"),
        "promises": [{**vars(each), "expected_gain": each.expected} for each in replayed.benefits],
        "spend_offers": _spend_offers(order_sizes(session.reader(), shop_facts.as_of), terms),
        "responses": {
            name: {"mean": r.mean, "sd": r.sd, "source": "; ".join(r.sources)}
            for name, r in vars(terms.responses).items()
        },
    }
    lines = [
        headline(replayed, words),
        expected_gain_sentence(expected, words),
        break_even_sentences(expected, orders, words),
        best_setting_sentence(best_setting, options.budget, words),
    ]
    if not replayed.benefits:
        return Outcome(document, [*lines, *_table(replayed, words)])
    return Outcome(
        document,
        [
            *lines,
            *_table(replayed, words),
            benefits_sentence(replayed.benefits, words),
            *_promised(replayed, words),
        ],
    )


def _promised(replayed: Tuning, words: Words) -> list[str]:
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
        for each in replayed.benefits
    ]
    return table(head, rows)


def _replayed(shop_facts: Facts, setting: Setting, terms: Terms) -> Tuning:
    return replay(shop_facts.customers, setting.programme, terms.benefits_of(setting.programme))


def _gain(expected: Gain) -> dict[str, Any]:
    return {
        "cost": expected.cost,
        "expected_gain": expected.expected,
        "low": expected.low,
        "high": expected.high,
        "extra_sales": expected.extra_sales,
        "break_even": expected.break_even,
        "needed": expected.needed,
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
    """Discounts from a minimum order on, around the mean order value."""
    if not len(orders):
        return []
    middle = round(float(orders.mean()), 2)
    thresholds = [round(middle * factor, 2) for factor in (1.25, 1.5, 2.0)]
    values = [round(middle * share, 2) for share in (0.05, 0.1, 0.15)]
    return [vars(offer) for offer in spend_offers(orders, thresholds, values, terms)]


def _table(replayed: Tuning, words: Words) -> list[str]:
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
        for t in replayed.tiers
    ]
    return table(head, rows)
