"""campaign: audiences, plan, create, list, export, sent, cancel, measure, learn."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

import ibis
import pandas as pd

from loyalty.campaigns.messages import has_opt_out, message_length, starting_template
from loyalty.campaigns.plan import Plan, from_json, offer_from_text
from loyalty.campaigns.power import control_group_size
from loyalty.campaigns.reachable import left_out_sentence
from loyalty.campaigns.results import CampaignResult
from loyalty.campaigns.sentences import (
    basis_sentence,
    conversion_sentence,
    detectable_effect_sentence,
    offer_comparison_sentence,
    people_needed_sentence,
    power_sentence,
    progress_sentence,
    result_sentence,
)
from loyalty.cli.group_lift import lift_document, lift_table
from loyalty.cli.output import Outcome, table
from loyalty.cli.parser import WrongUsage
from loyalty.cli.session import Session
from loyalty.exports.campaign_files import LAYOUTS
from loyalty.intake.errors import NoSuchFile
from loyalty.models.next_actions import PAIR
from loyalty.rewards.points.order_points import mean_order
from loyalty.services import predictions, recommendations
from loyalty.services.audiences import (
    EVERYONE,
    WORTH_CONTACTING,
    AudienceInputs,
    PreparedAudience,
    audience_named,
    audiences,
)
from loyalty.services.campaign_learning import expected_offer_gains, save_measured_responses
from loyalty.services.campaign_results import (
    campaign,
    campaign_result,
    most_responsive_audience,
    rank_by_uplift,
    recipients,
    require_active,
)
from loyalty.services.campaigns import CampaignPreview, create, preview_campaign, reachable_now
from loyalty.services.figures import facts, programme, segmentation
from loyalty.services.next_actions import pair_audience, shop_actions
from loyalty.store import campaigns as store
from loyalty.store.selected_models import selected_model
from loyalty.words import Words


def campaign_command(session: Session, options: argparse.Namespace) -> Outcome:
    """Hand over to the action asked for."""
    if options.action in NEEDS_ID and options.campaign_id is None:
        raise WrongUsage(f"campaign {options.action} needs the campaign's number (see `campaign list`)")
    return ACTIONS[options.action](session, options)


def audience_inputs(session: Session, wanted: Callable[[str], bool] = lambda key: False) -> AudienceInputs:
    """All that audiences are made of; what takes long only where an audience that is `wanted` is made of it."""
    con = session.reader()
    known = facts(con, session.as_of(con))
    segments = segmentation(known)
    rewards, saved = programme(session.shop, known.customers, [s.key for s in segments.segments])
    lists = _suggestions(con, known.as_of) if wanted("suggested") else None
    groups = [*_predicted(session, con, known.as_of, wanted), *_moved(session, con, known.as_of, wanted)]
    if wanted(PAIR):
        groups += pair_audience(shop_actions(session.shop, con, known, session.stamp.date()))
    return AudienceInputs(con, known, segments, rewards, lists, tuple(groups), in_force=saved)


def _suggestions(con: ibis.BaseBackend, as_of: dt.date) -> pd.DataFrame | None:
    """Everybody's products, where anything was bought."""
    try:
        found = recommendations.load_inputs(con, as_of)
    except recommendations.NoProductPurchases:
        return None
    heard = recommendations.evaluate_outcomes(con, found)
    return recommendations.suggest_for_all(recommendations.build_recommender(found, heard), heard, as_of)


def _predicted(
    session: Session, con: ibis.BaseBackend, as_of: dt.date, wanted: Callable[[str], bool]
) -> list[PreparedAudience]:
    """Whom a message would keep, where it can be told."""
    if not wanted(WORTH_CONTACTING):
        return []
    try:
        found = predictions.prediction_inputs(con, as_of)
    except predictions.NothingToPredict:
        return []
    costs = predictions.usual_costs(found, session.shop.settings)
    last = selected_model(session.shop.database, found.horizon_days, as_of)
    return [predictions.worth_contacting_audience(predictions.predict_by_selected_model(found, costs, last))]


def _moved(
    session: Session, con: ibis.BaseBackend, as_of: dt.date, wanted: Callable[[str], bool]
) -> list[PreparedAudience]:
    """Whom earlier campaigns would move most, where their own data can tell."""
    found = []
    for record in store.campaigns(session.shop.database):
        if wanted(f"moved-{record.campaign_id}") and record.cancelled_on is None:
            proof = campaign_result(con, record, as_of, session.shop.settings)
            ranked = rank_by_uplift(con, record, proof, as_of)
            if ranked is not None and ranked.useful:
                found.append(most_responsive_audience(record, ranked))
    return found


def _audiences(session: Session, options: argparse.Namespace) -> Outcome:
    """Every audience, or one with the ids of its customers."""
    words, wanted = session.words, options.key
    inputs = audience_inputs(session, lambda key: wanted in (None, key))
    found = audiences(inputs) if wanted is None else [audience_named(audiences(inputs), wanted)]
    reachable = reachable_now(session.shop.database, inputs.con, session.stamp.date())
    entries: list[dict[str, Any]] = [
        {
            "key": audience.key,
            "name": words.message(audience.name),
            "customers": len(audience.members),
            "reachable": len(reachable.intersection(audience.members["customer_id"])),
        }
        for audience in found
    ]
    if wanted is not None:
        entries[0]["customer_ids"] = sorted(found[0].members["customer_id"])
    rows = [
        [
            str(entry["key"]),
            str(entry["name"]),
            words.number(entry["customers"]),
            words.number(entry["reachable"]),
        ]
        for entry in entries
    ]
    head = [words.say("Key"), words.say("Audience"), words.say("Customers"), words.say("Can be contacted")]
    return Outcome({"audiences": entries}, table(head, rows))


def plan_of(session: Session, options: argparse.Namespace) -> Plan:
    """The plan that the options describe, its held-back share still the usual one where none is given."""
    words = session.words
    offers = tuple(offer_from_text(text, options.minimum) for text in options.offer or ["10%"])
    if len(offers) > 2:
        raise WrongUsage("campaign: --offer may stand twice at most")
    if not 0 < options.effect < 1:
        raise WrongUsage("campaign: --effect is a rise of a share, such as .05 for 5 points")
    if not 1 <= options.days <= 365 or not 0 <= options.rest <= 365:
        raise WrongUsage("campaign: --days is from 1 to 365, --rest from 0 to 365")
    if options.hold_back is not None and not 0 <= options.hold_back <= 0.9:
        raise WrongUsage("campaign: --hold-back is a share from 0 to .9")
    try:
        text = (
            options.message.read_text(encoding="utf-8")
            if options.message
            else starting_template(options.medium, words)
        )
    except OSError:
        raise NoSuchFile(file=str(options.message)) from None
    return Plan(
        name=options.name or words.say("Campaign of {day}", day=words.date(session.stamp.date())),
        audience=options.audience or EVERYONE, medium=options.medium, offers=offers, days=options.days,
        effect=options.effect, rest_days=options.rest, seed=options.seed, message=text,
        message_cost=_amount(options.message_cost), currency=session.shop.settings.home_currency, language=words.language,
    )  # fmt: skip


def _amount(text: str) -> Decimal:
    try:
        found = Decimal(text)
    except InvalidOperation:
        raise WrongUsage(f"campaign: {text!r} is no amount") from None
    if not 0 <= found < 1000:
        raise WrongUsage(f"campaign: {text!r} is no amount")
    return found


def _planned(session: Session, options: argparse.Namespace) -> tuple[AudienceInputs, Plan, CampaignPreview]:
    ground = audience_inputs(session, lambda key: key == options.audience)
    plan = plan_of(session, options)
    ahead = preview_campaign(session.shop, ground, plan, session.stamp.date())
    share = ahead.best.share if options.hold_back is None else options.hold_back
    return ground, replace(plan, base=ahead.base, held_share=share), ahead


def _plan(session: Session, options: argparse.Namespace) -> Outcome:
    _, plan, ahead = _planned(session, options)
    words, size = session.words, message_length(plan.message, plan.medium)
    document = {
        "audience": plan.audience, "medium": plan.medium, "people": len(ahead.audience.members),
        "reachable": len(ahead.reach.people), "left_out": dict(ahead.reach.left_out), "base_rate": ahead.base,
        "base_from": ahead.base_people, "effect": plan.effect, "seen": ahead.seen, "needed": ahead.needed,
        "suggested_share": ahead.best.share, "detectable": ahead.best.detectable, "coupon_cost": ahead.cost,
        "choices": [vars(choice) for choice in ahead.choices], "message_parts": size.parts,
        "way_out": has_opt_out(plan.message, plan.medium),
    }  # fmt: skip
    people = len(ahead.reach.people)
    lines = [
        words.plural("{n} person can be written to.", "{n} people can be written to.", people),
        left_out_sentence(ahead.reach, plan.medium, words),
        power_sentence(people, plan.effect, ahead.best, ahead.needed, words),
        detectable_effect_sentence(ahead.best, words),
    ]
    return Outcome(document, [line for line in lines if line])


def _create(session: Session, options: argparse.Namespace) -> Outcome:
    ground, plan, ahead = _planned(session, options)
    number = create(session.shop, ground, plan, session.words, session.stamp)
    drawn = store.campaigns(session.shop.database)[0]
    held = control_group_size(len(ahead.reach.people), plan.held_share)
    document = {"campaign_id": number, "name": drawn.name, "people": len(ahead.reach.people), "held_share": plan.held_share,
                "seen": ahead.seen, "needed": ahead.needed}  # fmt: skip
    said = session.words.say(
        "Campaign {id}: {n} people, about {held} of them held back.",
        id=number, n=session.words.number(len(ahead.reach.people)), held=session.words.number(held),
    )  # fmt: skip
    return Outcome(document, [said])


def _list(session: Session, _options: argparse.Namespace) -> Outcome:
    words, found = session.words, store.campaigns(session.shop.database)
    document = [
        {"campaign_id": r.campaign_id, "name": r.name, "audience": from_json(r.plan).audience, "created_at": r.created_at,
         "sent_on": r.sent_on, "cancelled_on": r.cancelled_on}
        for r in found
    ]  # fmt: skip
    rows = [
        [
            str(r.campaign_id),
            r.name,
            words.date(r.created_at.date()),
            words.date(r.sent_on) if r.sent_on else "–",
        ]
        for r in found
    ]
    head = [words.say("Number"), words.say("Campaign"), words.say("Drawn on"), words.say("Sent on")]
    return Outcome({"campaigns": document}, table(head, rows))


def segment_names(ground: AudienceInputs, words: Words) -> Mapping[str, str]:
    """Shown names of the segments there are now."""
    return {segment.key: words.message(segment.name) for segment in ground.segments.segments}


def _export(session: Session, options: argparse.Namespace) -> Outcome:
    if not options.out:
        raise WrongUsage("campaign export needs --out FILE")
    layout = LAYOUTS.get(options.format)
    if layout is None:
        raise WrongUsage(f"campaign export: --format is one of {', '.join(LAYOUTS)}")
    record = campaign(session.shop.database, options.campaign_id)
    if from_json(record.plan).medium not in layout.media:
        raise WrongUsage(f"campaign export: {options.format} is for messages by {', '.join(layout.media)}")
    ground = audience_inputs(session)
    rows = recipients(session.shop.database, ground.con, record, session.words, segment_names(ground, session.words),
                   session.shop.settings.shop_name)  # fmt: skip
    options.out.write_bytes(layout.write(rows, session.words))
    store.record_event(
        session.shop.database,
        record.campaign_id,
        store.EXPORTED,
        session.stamp.date(),
        session.stamp,
        layout.key,
    )
    said = session.words.plural(
        "{n} person is in {out}.", "{n} people are in {out}.", len(rows), out=str(options.out)
    )
    return Outcome({"campaign_id": record.campaign_id, "people": len(rows), "out": str(options.out)}, [said])


def _note(what: str) -> Callable[[Session, argparse.Namespace], Outcome]:
    def act(session: Session, options: argparse.Namespace) -> Outcome:
        record = require_active(campaign(session.shop.database, options.campaign_id))
        day = session.asked or session.stamp.date()
        store.record_event(session.shop.database, record.campaign_id, what, day, session.stamp)
        said = (
            session.words.say(
                "Kept: “{name}” was sent on {day}.", name=record.name, day=session.words.date(day)
            )
            if what == store.SENT
            else session.words.say("“{name}” is taken back.", name=record.name)
        )
        return Outcome({"campaign_id": record.campaign_id, what: day}, [said])

    return act


def _measured(session: Session, options: argparse.Namespace) -> tuple[store.CampaignRecord, CampaignResult]:
    record = campaign(session.shop.database, options.campaign_id)
    con = session.reader()
    return record, campaign_result(con, record, session.as_of(con), session.shop.settings)


def _measure(session: Session, options: argparse.Namespace) -> Outcome:
    record, found = _measured(session, options)
    words = session.words
    sentences = [result_sentence(record.name, found, words), conversion_sentence(found, words), people_needed_sentence(found, words), offer_comparison_sentence(found, words),
                 progress_sentence(found, words), basis_sentence(found, words)]  # fmt: skip
    document: dict[str, Any] = {
        "campaign_id": record.campaign_id, "name": record.name, "sentence": sentences[0],
        "outcomes": {name: lift_document(lift) for name, lift in found.lifts.items()},
        "arms": {arm: {name: lift_document(lift) for name, lift in lifts.items()} for arm, lifts in found.arms.items()},
        "sent": found.sent, "held": found.control_group, "look": found.look.number, "until": found.look.until,
        "ends": found.look.ends, "coupons_used": found.coupons_used, "coupon_cost": found.cost, "message_cost": found.message_cost,
        "anyway": found.bought_anyway, "needed": found.needed, "detectable": found.detectable, "crossed": found.in_both_groups,
        "erased": found.erased, "segments": found.segments.to_dict("records"),
    }  # fmt: skip
    return Outcome(document, [*filter(None, sentences), *lift_table(dict(found.lifts), words)])


def _learn(session: Session, options: argparse.Namespace) -> Outcome:
    database, words = session.shop.database, session.words
    record = campaign(database, options.campaign_id)
    if options.undo:
        undone = store.undo_responses(database, record.campaign_id, session.stamp)
        return Outcome(
            {"undone": undone},
            [words.plural("{n} figure is forgotten.", "{n} figures are forgotten.", undone)],
        )
    record, found = _measured(session, options)
    if not found.look.over:
        raise WrongUsage(
            f"campaign learn: “{record.name}” runs until {found.look.ends}; nothing is kept before"
        )
    kept = save_measured_responses(database, record, found, session.stamp)
    con = session.reader()
    known = facts(con, session.as_of(con))
    believed = expected_offer_gains(store.responses(database), mean_order(known.customers))
    document = {"kept": kept, "beliefs": {key: vars(each) for key, each in believed.items()}}
    return Outcome(document, [words.plural("{n} figure is kept.", "{n} figures are kept.", kept)])


NEEDS_ID = ("export", "sent", "cancel", "measure", "learn")
ACTIONS: Mapping[str, Callable[[Session, argparse.Namespace], Outcome]] = {
    "audiences": _audiences,
    "plan": _plan,
    "create": _create,
    "list": _list,
    "export": _export,
    "sent": _note(store.SENT),
    "cancel": _note(store.CANCELLED),
    "measure": _measure,
    "learn": _learn,
}
