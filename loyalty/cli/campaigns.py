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
    shop_facts = facts(con, session.as_of(con))
    segments = segmentation(shop_facts)
    rewards, saved = programme(session.shop, shop_facts.customers, [s.key for s in segments.segments])
    suggestions = _suggestions(con, shop_facts.as_of) if wanted("suggested") else None
    prepared = [
        *_predicted(session, con, shop_facts.as_of, wanted),
        *_moved(session, con, shop_facts.as_of, wanted),
    ]
    if wanted(PAIR):
        prepared += pair_audience(shop_actions(session.shop, con, shop_facts, session.stamp.date()))
    return AudienceInputs(con, shop_facts, segments, rewards, suggestions, tuple(prepared), in_force=saved)


def _suggestions(con: ibis.BaseBackend, as_of: dt.date) -> pd.DataFrame | None:
    """Everybody's products, where anything was bought."""
    try:
        inputs = recommendations.load_inputs(con, as_of)
    except recommendations.NoProductPurchases:
        return None
    outcomes = recommendations.evaluate_outcomes(con, inputs)
    return recommendations.suggest_for_all(
        recommendations.build_recommender(inputs, outcomes), outcomes, as_of
    )


def _predicted(
    session: Session, con: ibis.BaseBackend, as_of: dt.date, wanted: Callable[[str], bool]
) -> list[PreparedAudience]:
    """Whom a message would keep, where it can be told."""
    if not wanted(WORTH_CONTACTING):
        return []
    try:
        inputs = predictions.prediction_inputs(con, as_of)
    except predictions.NothingToPredict:
        return []
    costs = predictions.usual_costs(inputs, session.shop.settings)
    last = selected_model(session.shop.database, inputs.horizon_days, as_of)
    return [predictions.worth_contacting_audience(predictions.predict_by_selected_model(inputs, costs, last))]


def _moved(
    session: Session, con: ibis.BaseBackend, as_of: dt.date, wanted: Callable[[str], bool]
) -> list[PreparedAudience]:
    """Whom earlier campaigns would move most, where their own data can tell."""
    responsive = []
    for record in store.campaigns(session.shop.database):
        if wanted(f"moved-{record.campaign_id}") and record.cancelled_on is None:
            result = campaign_result(con, record, as_of, session.shop.settings)
            ranking = rank_by_uplift(con, record, result, as_of)
            if ranking is not None and ranking.useful:
                responsive.append(most_responsive_audience(record, ranking))
    return responsive


def _audiences(session: Session, options: argparse.Namespace) -> Outcome:
    """Every audience, or one with the ids of its customers."""
    words, key = session.words, options.key
    inputs = audience_inputs(session, lambda audience_key: key in (None, audience_key))
    listed = audiences(inputs) if key is None else [audience_named(audiences(inputs), key)]
    reachable = reachable_now(session.shop.database, inputs.con, session.stamp.date())
    entries: list[dict[str, Any]] = [
        {
            "key": audience.key,
            "name": words.message(audience.name),
            "customers": len(audience.members),
            "reachable": len(reachable.intersection(audience.members["customer_id"])),
        }
        for audience in listed
    ]
    if key is not None:
        entries[0]["customer_ids"] = sorted(listed[0].members["customer_id"])
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
        audience=options.audience or EVERYONE,
        medium=options.medium,
        offers=offers,
        days=options.days,
        effect=options.effect,
        rest_days=options.rest,
        seed=options.seed,
        message=text,
        message_cost=_amount(options.message_cost),
        currency=session.shop.settings.home_currency,
        language=words.language,
    )


def _amount(text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise WrongUsage(f"campaign: {text!r} is no amount") from None
    if not 0 <= amount < 1000:
        raise WrongUsage(f"campaign: {text!r} is no amount")
    return amount


def _planned(session: Session, options: argparse.Namespace) -> tuple[AudienceInputs, Plan, CampaignPreview]:
    inputs = audience_inputs(session, lambda key: key == options.audience)
    plan = plan_of(session, options)
    preview = preview_campaign(session.shop, inputs, plan, session.stamp.date())
    share = preview.best.share if options.hold_back is None else options.hold_back
    return inputs, replace(plan, base=preview.base, held_share=share), preview


def _plan(session: Session, options: argparse.Namespace) -> Outcome:
    _, plan, preview = _planned(session, options)
    words, size = session.words, message_length(plan.message, plan.medium)
    document = {
        "audience": plan.audience,
        "medium": plan.medium,
        "people": len(preview.audience.members),
        "reachable": len(preview.reach.people),
        "left_out": dict(preview.reach.left_out),
        "base_rate": preview.base,
        "base_from": preview.base_people,
        "effect": plan.effect,
        "seen": preview.seen,
        "needed": preview.needed,
        "suggested_share": preview.best.share,
        "detectable": preview.best.detectable,
        "coupon_cost": preview.cost,
        "choices": [vars(choice) for choice in preview.choices],
        "message_parts": size.parts,
        "way_out": has_opt_out(plan.message, plan.medium),
    }
    people = len(preview.reach.people)
    lines = [
        words.plural("{n} person can be written to.", "{n} people can be written to.", people),
        left_out_sentence(preview.reach, plan.medium, words),
        power_sentence(people, plan.effect, preview.best, preview.needed, words),
        detectable_effect_sentence(preview.best, words),
    ]
    return Outcome(document, [line for line in lines if line])


def _create(session: Session, options: argparse.Namespace) -> Outcome:
    inputs, plan, preview = _planned(session, options)
    number = create(session.shop, inputs, plan, session.words, session.stamp)
    record = store.campaigns(session.shop.database)[0]
    control_size = control_group_size(len(preview.reach.people), plan.held_share)
    document = {
        "campaign_id": number,
        "name": record.name,
        "people": len(preview.reach.people),
        "held_share": plan.held_share,
        "seen": preview.seen,
        "needed": preview.needed,
    }
    text = session.words.say(
        "Campaign {id}: {n} people, about {held} of them held back.",
        id=number,
        n=session.words.number(len(preview.reach.people)),
        held=session.words.number(control_size),
    )
    return Outcome(document, [text])


def _list(session: Session, _options: argparse.Namespace) -> Outcome:
    words, records = session.words, store.campaigns(session.shop.database)
    document = [
        {
            "campaign_id": record.campaign_id,
            "name": record.name,
            "audience": from_json(record.plan).audience,
            "created_at": record.created_at,
            "sent_on": record.sent_on,
            "cancelled_on": record.cancelled_on,
        }
        for record in records
    ]
    rows = [
        [
            str(record.campaign_id),
            record.name,
            words.date(record.created_at.date()),
            words.date(record.sent_on) if record.sent_on else "–",
        ]
        for record in records
    ]
    head = [words.say("Number"), words.say("Campaign"), words.say("Drawn on"), words.say("Sent on")]
    return Outcome({"campaigns": document}, table(head, rows))


def segment_names(inputs: AudienceInputs, words: Words) -> Mapping[str, str]:
    """Shown names of the segments there are now."""
    return {segment.key: words.message(segment.name) for segment in inputs.segments.segments}


def _export(session: Session, options: argparse.Namespace) -> Outcome:
    if not options.out:
        raise WrongUsage("campaign export needs --out FILE")
    layout = LAYOUTS.get(options.format)
    if layout is None:
        raise WrongUsage(f"campaign export: --format is one of {', '.join(LAYOUTS)}")
    record = campaign(session.shop.database, options.campaign_id)
    if from_json(record.plan).medium not in layout.media:
        raise WrongUsage(f"campaign export: {options.format} is for messages by {', '.join(layout.media)}")
    inputs = audience_inputs(session)
    rows = recipients(
        session.shop.database,
        inputs.con,
        record,
        session.words,
        segment_names(inputs, session.words),
        session.shop.settings.shop_name,
    )
    options.out.write_bytes(layout.write(rows, session.words))
    store.record_event(
        session.shop.database,
        record.campaign_id,
        store.EXPORTED,
        session.stamp.date(),
        session.stamp,
        layout.key,
    )
    text = session.words.plural(
        "{n} person is in {out}.", "{n} people are in {out}.", len(rows), out=str(options.out)
    )
    return Outcome({"campaign_id": record.campaign_id, "people": len(rows), "out": str(options.out)}, [text])


def _note(what: str) -> Callable[[Session, argparse.Namespace], Outcome]:
    def act(session: Session, options: argparse.Namespace) -> Outcome:
        record = require_active(campaign(session.shop.database, options.campaign_id))
        day = session.asked or session.stamp.date()
        store.record_event(session.shop.database, record.campaign_id, what, day, session.stamp)
        text = (
            session.words.say(
                "Kept: “{name}” was sent on {day}.", name=record.name, day=session.words.date(day)
            )
            if what == store.SENT
            else session.words.say("“{name}” is taken back.", name=record.name)
        )
        return Outcome({"campaign_id": record.campaign_id, what: day}, [text])

    return act


def _measured(session: Session, options: argparse.Namespace) -> tuple[store.CampaignRecord, CampaignResult]:
    record = campaign(session.shop.database, options.campaign_id)
    con = session.reader()
    return record, campaign_result(con, record, session.as_of(con), session.shop.settings)


def _measure(session: Session, options: argparse.Namespace) -> Outcome:
    record, result = _measured(session, options)
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


def _learn(session: Session, options: argparse.Namespace) -> Outcome:
    database, words = session.shop.database, session.words
    record = campaign(database, options.campaign_id)
    if options.undo:
        undone = store.undo_responses(database, record.campaign_id, session.stamp)
        return Outcome(
            {"undone": undone},
            [words.plural("{n} figure is forgotten.", "{n} figures are forgotten.", undone)],
        )
    record, result = _measured(session, options)
    if not result.look.over:
        raise WrongUsage(
            f"campaign learn: “{record.name}” runs until {result.look.ends}; nothing is kept before"
        )
    saved = save_measured_responses(database, record, result, session.stamp)
    con = session.reader()
    shop_facts = facts(con, session.as_of(con))
    gains = expected_offer_gains(store.responses(database), mean_order(shop_facts.customers))
    document = {"kept": saved, "beliefs": {key: vars(each) for key, each in gains.items()}}
    return Outcome(document, [words.plural("{n} figure is kept.", "{n} figures are kept.", saved)])


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
