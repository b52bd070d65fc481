"""The rewards command: show, set, tune, balance, coupons."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

from loyalty.cli.output import Outcome, table
from loyalty.cli.parser import WrongUsage
from loyalty.cli.session import Session
from loyalty.exports.coupon_files import coupon_table, coupons_csv, coupons_xlsx, woocommerce_csv
from loyalty.facts import customers as customer_facts
from loyalty.figures import (
    Facts,
    NoSuchCustomer,
    hand_out,
    members_of,
    programme,
    save_programme,
    segmentation,
)
from loyalty.intake.errors import NoSuchFile
from loyalty.models.segments import Segmentation
from loyalty.rewards.coupons import left_out
from loyalty.rewards.points import balances
from loyalty.rewards.programme import Programme
from loyalty.rewards.programme_file import programme_from_json, programme_to_json
from loyalty.rewards.tuner import Tuning, headline, replay
from loyalty.store.identities import resolved

#: How far the thresholds are moved in `tune`: all tiers together, as factors of the present ones.
FACTORS = tuple(Decimal(f) for f in ("0.5", "0.75", "1", "1.25", "1.5", "2"))


def rewards(session: Session, options: argparse.Namespace) -> Outcome:
    """Hand over to the action asked for."""
    if options.action in ("set", "balance") and not options.argument:
        raise WrongUsage(f"rewards {options.action} needs an argument")
    if options.action == "coupons" and not options.out:
        raise WrongUsage("rewards coupons needs --out FILE")
    if options.action == "set":
        return _set(session, options)
    _, known = session.facts()
    segments = segmentation(known)
    current, saved = programme(session.shop, known.customers, [s.key for s in segments.segments])
    if options.action == "show":
        return _show(current, saved, options)
    if options.action == "balance":
        now = resolved(session.shop.database.cursor(), options.argument)
        return _balance(known, current, now)
    if options.action == "tune":
        return _tune(session, known, current)
    return _coupons(session, options, known, segments, current)


def _set(session: Session, options: argparse.Namespace) -> Outcome:
    try:
        with open(options.argument, encoding="utf-8") as source:  # noqa: PTH123 - a path the owner typed
            wanted = programme_from_json(source.read())
    except OSError:
        raise NoSuchFile(file=options.argument) from None
    version = save_programme(session.shop, wanted, session.stamp)
    return Outcome(
        {"version": version},
        [session.words.say("The programme is saved as version {version}.", version=version)],
    )


def _show(current: Programme, saved: bool, options: argparse.Namespace) -> Outcome:
    text = programme_to_json(current)
    if options.out:
        options.out.write_text(text, encoding="utf-8")
    return Outcome({"programme": json.loads(text), "saved": saved}, [text])


def _balance(known: Facts, current: Programme, customer_id: str) -> Outcome:
    found = balances(known.customers, current)
    rows = found[found["customer_id"] == customer_id]
    if rows.empty:
        raise NoSuchCustomer(customer_id=customer_id)
    row = {str(key): value for key, value in rows.iloc[0].items()}
    return Outcome(row, [f"{key}: {value}" for key, value in row.items()])


def _moved(current: Programme, factor: Decimal) -> Programme:
    return replace(
        current, tiers=tuple(replace(tier, threshold=tier.threshold * factor) for tier in current.tiers)
    )


def _tune(session: Session, known: Facts, current: Programme) -> Outcome:
    """What the programme would have meant, at the present thresholds and at others."""
    results = [(factor, replay(known.customers, _moved(current, factor))) for factor in FACTORS]
    now = next(result for factor, result in results if factor == 1)
    words = session.words
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
    document = {"settings": [_setting(factor, result) for factor, result in results], "best": None}
    return Outcome(document, [headline(now, words), *table(head, rows)])


def _setting(factor: Decimal, result: Tuning) -> dict[str, Any]:
    tiers = [
        {
            "key": t.tier.key,
            "threshold": t.tier.threshold,
            **{
                n: getattr(t, n)
                for n in ("customers", "within_reach", "share_of_revenue", "points", "cost_per_year")
            },
        }
        for t in result.tiers
    ]
    costs = {"cost": result.cost_per_year, "cost_share": result.share_of_revenue}
    return {"factor": factor, "tiers": tiers, **costs, "expected_gain": None, "low": None, "high": None}


def _coupons(
    session: Session, options: argparse.Namespace, known: Facts, segments: Segmentation, current: Programme
) -> Outcome:
    """Issue codes for the chosen segments and write the list."""
    words = session.words
    keys = [s.key for s in segments.segments]
    unknown = [key for key in options.segment if key not in keys]
    if unknown or not options.segment:
        raise WrongUsage(f"rewards coupons needs --segment with one of: {', '.join(keys)}")
    audience = members_of(segments, options.segment)
    made = hand_out(session.shop, known, audience, current, words, session.stamp)
    contacts = customer_facts.contacts(session.reader())
    names = {s.key: words.message(s.name) for s in segments.segments}
    shown = coupon_table(made.issued.coupons, contacts, words, names)
    if options.format == "woocommerce":
        options.out.write_bytes(woocommerce_csv(made.issued.coupons, contacts))
    else:
        options.out.write_bytes(
            coupons_xlsx(shown, words) if options.format == "xlsx" else coupons_csv(shown)
        )
    document = {
        "list_id": made.list_id,
        "coupons": len(made.issued.coupons),
        "without_offer": made.issued.without_offer,
        "out": str(options.out),
    }
    said = words.plural(
        "{n} coupon is in {out}.", "{n} coupons are in {out}.", len(made.issued.coupons), out=str(options.out)
    )
    extra = left_out(made.issued, words)
    return Outcome(document, [said, *([extra] if extra else [])])
