"""campaign: audiences, plan, create, list, export, sent, cancel, measure, learn."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from loyalty.campaigns.messages import has_opt_out, message_length, starting_template
from loyalty.campaigns.plan import Plan, from_json, offer_from_text
from loyalty.campaigns.power import control_group_size
from loyalty.campaigns.reachable import left_out_sentence
from loyalty.campaigns.sentences import detectable_effect_sentence, power_sentence
from loyalty.cli.campaign_audiences import audience_inputs, audiences_action
from loyalty.cli.campaign_results import learn, measure
from loyalty.cli.output import Outcome, table
from loyalty.cli.parser import WrongUsage
from loyalty.cli.session import Session
from loyalty.exports.campaign_files import LAYOUTS
from loyalty.intake.errors import NoSuchFile
from loyalty.services.audiences import EVERYONE, AudienceInputs, current_key
from loyalty.services.campaign_results import campaign, recipients, require_active
from loyalty.services.campaigns import CampaignPreview, create, preview_campaign
from loyalty.services.figures import segmentation
from loyalty.store import campaigns as store


def campaign_command(session: Session, options: argparse.Namespace) -> Outcome:
    """Run the action of the command line."""
    if options.action in NEEDS_ID and options.campaign_id is None:
        raise WrongUsage(f"campaign {options.action} needs the campaign's number (see `campaign list`)")
    return ACTIONS[options.action](session, options)


def _plan_of(session: Session, options: argparse.Namespace) -> Plan:
    """The plan that the options describe; its control group has the default size until it is previewed."""
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
    inputs = audience_inputs(session, lambda key: key == current_key(options.audience))
    plan = _plan_of(session, options)
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
    control_size = control_group_size(len(preview.reach.people), plan.held_share)
    document = {
        "campaign_id": number,
        "name": plan.name,
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


def _export(session: Session, options: argparse.Namespace) -> Outcome:
    if not options.out:
        raise WrongUsage("campaign export needs --out FILE")
    layout = LAYOUTS.get(options.format)
    if layout is None:
        raise WrongUsage(f"campaign export: --format is one of {', '.join(LAYOUTS)}")
    record = campaign(session.shop.database, options.campaign_id)
    if from_json(record.plan).medium not in layout.media:
        raise WrongUsage(f"campaign export: {options.format} is for messages by {', '.join(layout.media)}")
    con, shop_facts = session.facts()
    words = session.words
    names = {segment.key: words.message(segment.name) for segment in segmentation(shop_facts).segments}
    shop_name = session.shop.settings.shop_name
    rows = recipients(session.shop.database, con, record, words, names, shop_name)
    options.out.write_bytes(layout.write(rows, words))
    store.record_event(
        session.shop.database,
        record.campaign_id,
        store.EXPORTED,
        session.stamp.date(),
        session.stamp,
        layout.key,
    )
    text = words.plural(
        "{n} person is in {out}.", "{n} people are in {out}.", len(rows), out=str(options.out)
    )
    return Outcome({"campaign_id": record.campaign_id, "people": len(rows), "out": str(options.out)}, [text])


def _record_event(what: str) -> Callable[[Session, argparse.Namespace], Outcome]:
    def act(session: Session, options: argparse.Namespace) -> Outcome:
        record = require_active(campaign(session.shop.database, options.campaign_id))
        day = session.as_of_option or session.stamp.date()
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


NEEDS_ID = ("export", "sent", "cancel", "measure", "learn")
ACTIONS: Mapping[str, Callable[[Session, argparse.Namespace], Outcome]] = {
    "audiences": audiences_action,
    "plan": _plan,
    "create": _create,
    "list": _list,
    "export": _export,
    "sent": _record_event(store.SENT),
    "cancel": _record_event(store.CANCELLED),
    "measure": measure,
    "learn": learn,
}
