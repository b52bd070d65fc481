"""The rewards command: show, set, ready, versions, tune, ledger, balance, redeem, opening, files, coupons."""

from __future__ import annotations

import argparse
import json

from loyalty.cli.output import Outcome
from loyalty.cli.parser import WrongUsage
from loyalty.cli.points import ACCOUNT_ACTIONS
from loyalty.cli.session import Session
from loyalty.cli.tune import tune
from loyalty.exports.coupon_files import coupon_table, coupons_csv, coupons_xlsx, woocommerce_csv
from loyalty.facts import customers as customer_facts
from loyalty.figures import (
    Facts,
    hand_out,
    members_of,
    programme,
    save_programme,
    segmentation,
)
from loyalty.intake.errors import NoSuchFile
from loyalty.models.segments import Segmentation
from loyalty.rewards.coupons import left_out
from loyalty.rewards.programme import Programme
from loyalty.rewards.programme_file import programme_from_json, programme_to_json

NEEDS_ARGUMENT = ("set", "balance", "redeem", "opening", "undo")


def rewards(session: Session, options: argparse.Namespace) -> Outcome:
    """Hand over to the action asked for."""
    if options.action in NEEDS_ARGUMENT and not options.argument:
        raise WrongUsage(f"rewards {options.action} needs an argument")
    if options.action in ("coupons", "files") and not options.out:
        raise WrongUsage(f"rewards {options.action} needs --out FILE")
    if options.action == "set":
        return _set(session, options)
    _, known = session.facts()
    segments = segmentation(known)
    current, saved = programme(session.shop, known.customers, [s.key for s in segments.segments])
    if options.action == "show":
        return _show(current, saved, options)
    if options.action == "tune":
        return tune(session, known, current, options)
    if options.action == "coupons":
        return _coupons(session, options, known, segments, current)
    return ACCOUNT_ACTIONS[options.action](session, options, known, current)


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
