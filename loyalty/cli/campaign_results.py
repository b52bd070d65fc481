"""campaign measure and learn: what a campaign brought, and what later campaigns learn from it."""

from __future__ import annotations

import argparse
from typing import Any

from loyalty.campaigns.results import CampaignResult
from loyalty.campaigns.sentences import (
    basis_sentence,
    conversion_sentence,
    offer_comparison_sentence,
    people_needed_sentence,
    progress_sentence,
    result_sentence,
)
from loyalty.cli.group_lift import lift_document, lift_table
from loyalty.cli.output import Outcome
from loyalty.cli.parser import WrongUsage
from loyalty.cli.session import Session
from loyalty.rewards.points.order_points import mean_order
from loyalty.services.campaign_learning import expected_offer_gains, save_measured_responses
from loyalty.services.campaign_results import campaign, campaign_result
from loyalty.store import campaigns as store


def _result(session: Session, options: argparse.Namespace) -> tuple[store.CampaignRecord, CampaignResult]:
    record = campaign(session.shop.database, options.campaign_id)
    con = session.reader()
    return record, campaign_result(con, record, session.as_of(con), session.shop.settings)


def measure(session: Session, options: argparse.Namespace) -> Outcome:
    """Show what a campaign brought so far."""
    record, result = _result(session, options)
    words = session.words
    sentences = [
        result_sentence(record.name, result, words),
        conversion_sentence(result, words),
        people_needed_sentence(result, words),
        offer_comparison_sentence(result, words),
        progress_sentence(result, words),
        basis_sentence(result, words),
    ]
    document: dict[str, Any] = {
        "campaign_id": record.campaign_id,
        "name": record.name,
        "sentence": sentences[0],
        "outcomes": {name: lift_document(lift) for name, lift in result.lifts.items()},
        "arms": {
            arm: {name: lift_document(lift) for name, lift in lifts.items()}
            for arm, lifts in result.arms.items()
        },
        "sent": result.sent,
        "held": result.control_group,
        "look": result.look.number,
        "until": result.look.until,
        "ends": result.look.ends,
        "coupons_used": result.coupons_used,
        "coupon_cost": result.cost,
        "message_cost": result.message_cost,
        "anyway": result.bought_anyway,
        "needed": result.needed,
        "detectable": result.detectable,
        "crossed": result.in_both_groups,
        "erased": result.erased,
        "segments": result.segments.to_dict("records"),
    }
    return Outcome(document, [*filter(None, sentences), *lift_table(dict(result.lifts), words)])


def learn(session: Session, options: argparse.Namespace) -> Outcome:
    """Use a measured campaign in later assumptions, or with `--undo` stop using it."""
    database, words = session.shop.database, session.words
    record = campaign(database, options.campaign_id)
    if options.undo:
        undone = store.undo_responses(database, record.campaign_id, session.stamp)
        return Outcome(
            {"undone": undone},
            [words.plural("{n} figure is forgotten.", "{n} figures are forgotten.", undone)],
        )
    record, result = _result(session, options)
    if not result.look.over:
        raise WrongUsage(
            f"campaign learn: “{record.name}” runs until {result.look.ends}; nothing is kept before"
        )
    saved = save_measured_responses(database, record, result, session.stamp)
    _, shop_facts = session.facts()
    gains = expected_offer_gains(store.responses(database), mean_order(shop_facts.customers))
    document = {"kept": saved, "beliefs": {key: vars(each) for key, each in gains.items()}}
    return Outcome(document, [words.plural("{n} figure is kept.", "{n} figures are kept.", saved)])
