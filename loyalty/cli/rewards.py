"""The rewards command: show, set, ready, versions, tune, ledger, balance, redeem, opening, files, coupons, gifts, discounts."""

from __future__ import annotations

import argparse
import json
from collections.abc import Collection, Mapping

from loyalty.cli.output import Outcome, table, write_table
from loyalty.cli.parser import WrongUsage
from loyalty.cli.points import ACCOUNT_ACTIONS
from loyalty.cli.session import Session
from loyalty.cli.tuner import tune
from loyalty.exports.coupon_files import coupon_table, coupons_csv, coupons_xlsx, woocommerce_csv
from loyalty.facts.recommendations import allowed_contacts
from loyalty.intake.errors import NoSuchFile
from loyalty.models.segments.segmentation import Segmentation
from loyalty.rewards.coupons import excluded_sentence, without_offer_sentence
from loyalty.rewards.points.entry_names import gift_name
from loyalty.rewards.programme.programme import Programme
from loyalty.rewards.programme.programme_file import programme_from_json, programme_to_json
from loyalty.services.campaigns import current_control_groups
from loyalty.services.coupons import CouponList, issue_coupons, issue_gift_coupons, standing_discounts
from loyalty.services.figures import Facts, members_of, programme, save_programme, segmentation
from loyalty.services.points import balances, ledger_of

MOST_DAYS = 365
NEEDS_ARGUMENT = ("set", "balance", "redeem", "opening", "undo")


def rewards(session: Session, options: argparse.Namespace) -> Outcome:
    """Run the action of the command line."""
    if options.action in NEEDS_ARGUMENT and not options.argument:
        raise WrongUsage(f"rewards {options.action} needs an argument")
    if options.action in ("coupons", "gifts", "files") and not options.out:
        raise WrongUsage(f"rewards {options.action} needs --out FILE")
    if not 1 <= options.days <= MOST_DAYS:
        raise WrongUsage(f"rewards: --days is from 1 to {MOST_DAYS}")
    if options.action == "set":
        return _set(session, options)
    _, shop_facts = session.facts()
    segments = segmentation(shop_facts)
    current, saved = programme(session.shop, shop_facts.customers, [s.key for s in segments.segments])
    if options.action == "show":
        return _show(current, saved, options)
    if options.action == "tune":
        return tune(session, shop_facts, current, options)
    if options.action in OF_GROUPS:
        return OF_GROUPS[options.action](session, options, shop_facts, segments, current)
    return ACCOUNT_ACTIONS[options.action](session, options, shop_facts, current)


def _set(session: Session, options: argparse.Namespace) -> Outcome:
    try:
        with open(options.argument, encoding="utf-8") as source:  # noqa: PTH123 - a path the owner typed
            new_programme = programme_from_json(source.read())
    except OSError:
        raise NoSuchFile(file=options.argument) from None
    version = save_programme(session.shop, new_programme, session.stamp)
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
    session: Session,
    options: argparse.Namespace,
    shop_facts: Facts,
    segments: Segmentation,
    current: Programme,
) -> Outcome:
    """Issue codes for the chosen segments and write the list."""
    words = session.words
    keys = [s.key for s in segments.segments]
    unknown = [key for key in options.segment if key not in keys]
    if unknown or not options.segment:
        raise WrongUsage(f"rewards coupons needs --segment with one of: {', '.join(keys)}")
    audience = members_of(segments, options.segment)
    coupon_list = issue_coupons(
        session.shop, shop_facts, audience, current, words, session.stamp, _held(session, shop_facts)
    )
    names = {s.key: words.message(s.name) for s in segments.segments}
    return _written(session, options, coupon_list, names)


def _gifts(
    session: Session,
    options: argparse.Namespace,
    shop_facts: Facts,
    _segments: Segmentation,
    current: Programme,
) -> Outcome:
    """Issue coupons for gifts whose day is coming and that were not issued yet."""
    coupon_list = issue_gift_coupons(
        session.shop,
        shop_facts,
        current,
        session.words,
        session.stamp,
        options.days,
        _held(session, shop_facts),
    )
    keys = coupon_list.issued.coupons["segment"].unique()
    return _written(
        session, options, coupon_list, {key: gift_name(key, session.words) or key for key in keys}
    )


def _held(session: Session, shop_facts: Facts) -> Collection[str]:
    return current_control_groups(session.shop.database, session.reader(), shop_facts.as_of)


def _written(
    session: Session, options: argparse.Namespace, coupon_list: CouponList, names: Mapping[str, str]
) -> Outcome:
    """Write the coupon list to a file and report its size."""
    words, coupons = session.words, coupon_list.issued.coupons
    contacts = allowed_contacts(session.reader())
    shown = coupon_table(coupons, contacts, words, names)
    if options.format == "woocommerce":
        options.out.write_bytes(woocommerce_csv(coupons, contacts))
    else:
        options.out.write_bytes(
            coupons_xlsx(shown, words) if options.format == "xlsx" else coupons_csv(shown)
        )
    document = {
        "list_id": coupon_list.list_id,
        "coupons": len(coupons),
        "without_offer": coupon_list.issued.without_offer,
        "silent": coupon_list.excluded,
        "out": str(options.out),
    }
    text = words.plural(
        "{n} coupon is in {out}.", "{n} coupons are in {out}.", len(coupons), out=str(options.out)
    )
    return Outcome(
        document,
        [
            line
            for line in (
                text,
                without_offer_sentence(coupon_list.issued, words),
                excluded_sentence(coupon_list.excluded, words),
            )
            if line
        ],
    )


def _discounts(
    session: Session,
    options: argparse.Namespace,
    shop_facts: Facts,
    segments: Segmentation,
    current: Programme,
) -> Outcome:
    """List who has which standing discount."""
    words, con = session.words, session.reader()
    tiers = balances(ledger_of(con, session.shop, current, shop_facts.as_of))[["customer_id", "tier"]]
    groups = segments.members[["customer_id", "segment"]].merge(tiers, how="outer", on="customer_id")
    customers = standing_discounts(con, shop_facts, groups, current)
    if options.out:
        write_table(
            customers.rename(
                columns={"customer_id": words.say("Customer number"), "discount": words.say("Discount")}
            ),
            options.out,
        )
    counts = {
        d.name: None if d.audience == "product" else int((customers["discount"] == d.name).sum())
        for d in current.discounts
    }
    rows = [
        [name, words.say("everybody, on this product") if n is None else words.number(n)]
        for name, n in counts.items()
    ]
    document = {
        "discounts": [{"name": name, "customers": n} for name, n in counts.items()],
        "customers": customers.to_dict("records"),
    }
    return Outcome(document, table([words.say("Discount"), words.say("Customers")], rows))


OF_GROUPS = {"coupons": _coupons, "gifts": _gifts, "discounts": _discounts}
