"""Makes the files of "Morning Light Coffee", a made-up coffee roaster with an online shop and a market stall.

`python sample_data/make.py [--out DIR]` writes the same bytes every time. Everything planted is a constant in
`sample_data.plan` and can be imported from here as well.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sample_data import plan
from sample_data.answers import Answer, make_csat, make_nps
from sample_data.figures import all_figures, planted_pairs, truth_rows
from sample_data.further import (
    CUSTOMERS_HEADER,
    REFERRALS_HEADER,
    SPEND_HEADER,
    VISITS_HEADER,
    customers_rows,
    further_figures,
    make_further,
    referrals_rows,
    spend_rows,
    visits_rows,
)
from sample_data.layouts import (
    SHOPIFY_HEADER,
    SQUARE_HEADER,
    SURVEY_HEADER,
    as_csv,
    shopify_rows,
    square_rows,
    survey_rows,
)
from sample_data.people import Person, Random, make_people
from sample_data.plan import *  # noqa: F403  the planted truths are this script's public face
from sample_data.purchases import purchases_of
from sample_data.sales import Draft, make_anonymous_drafts, make_customer_drafts, make_draft
from sample_data.settle import OnlineOrder, StallSale, second_email, settle_online, settle_stall, two_channels

GUEST_CARD = "CARD-0001"
"""Customer Reference ID of the online customer who also comes to the stall."""
GUEST_VISITS = 12
SECOND_EMAIL_FROM = 6
"""From this order on (counting from 0) the person with two e-mails uses the second one."""
TRUTH_HEADER = "key,channel,type,same_person_as"


@dataclass(frozen=True)
class Shop:
    """The whole made-up shop; `second` is the second e-mail of `doubled`, `guest` buys in both channels."""

    people: list[Person]
    orders: list[OnlineOrder]
    sales: list[StallSale]
    csat: list[Answer]
    nps: list[Answer]
    doubled: Person
    second: str
    guest: Person


def _by_time(drafts: list[Draft]) -> list[Draft]:
    return sorted(drafts, key=lambda d: (d.at, d.person.key if d.person else ""))


def _online(rng: Random, customer_drafts: list[Draft], doubled: Person, second: str) -> list[OnlineOrder]:
    """All online orders by time."""
    anonymous = make_anonymous_drafts(rng, "shopify", plan.ANONYMOUS_ONLINE * 2)[: plan.ANONYMOUS_ONLINE]
    drafts = _by_time([d for d in customer_drafts if d.channel == "shopify"] + anonymous)
    emails = [
        second if d.person == doubled and d.ordinal >= SECOND_EMAIL_FROM else d.person.key if d.person else ""
        for d in drafts
    ]
    return settle_online(rng, drafts, emails)


def _stall(rng: Random, customer_drafts: list[Draft], guest: Person) -> list[StallSale]:
    """All stall sales by time, with enough unknown buyers to reach the planted share of rows."""
    stall_drafts = [draft for draft in customer_drafts if draft.channel == "square"]
    saturday = guest.first + timedelta((5 - guest.first.weekday()) % 7 + 28)
    visits = [make_draft(rng, saturday + timedelta(42 * i), "square", guest, i) for i in range(GUEST_VISITS)]
    rows = sum(len(draft.lines) for draft in stall_drafts)
    visit_rows = sum(len(draft.lines) for draft in visits)
    share = plan.STALL_ANONYMOUS_SHARE
    anonymous = make_anonymous_drafts(rng, "square", round(rows * share / (1 - share)) - visit_rows)
    return settle_stall(rng, _by_time(stall_drafts + visits + anonymous), guest, GUEST_CARD)


def make_shop(seed: int = plan.SEED) -> Shop:
    """The shop, from nothing but the seed."""
    rng = Random(seed)
    people = make_people(rng)
    doubled, second = second_email(people)
    guest = two_channels(people)
    customer_drafts = make_customer_drafts(rng, people)
    orders = _online(rng, customer_drafts, doubled, second)
    sales = _stall(rng, customer_drafts, guest)
    return Shop(people, orders, sales, make_csat(rng, orders), make_nps(rng, orders), doubled, second, guest)


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode()


def _shopify_file(orders: list[OnlineOrder]) -> bytes:
    """Newest order first, as the platform writes it."""
    return as_csv(SHOPIFY_HEADER, (row for order in reversed(orders) for row in shopify_rows(order)))


def _square_file(sales: list[StallSale]) -> bytes:
    """Newest row first; rows of one moment keep their order."""
    rows = [row for sale in sales for row in square_rows(sale)]
    return as_csv(SQUARE_HEADER, sorted(rows, key=lambda row: (row["Date"], row["Time"]), reverse=True))


def make_files(shop: Shop) -> dict[str, bytes]:
    """File name (with folder) to content."""
    doubles: list[tuple[str, plan.Channel, str, str]] = [
        (shop.second, "shopify", shop.doubled.kind, shop.doubled.key),
        (GUEST_CARD, "square", shop.guest.kind, shop.guest.key),
    ]
    truth = truth_rows(shop.people, doubles)
    types = {row["key"]: row["type"] for row in truth}
    purchases = purchases_of(shop.orders, shop.sales)
    further = make_further(shop.people, purchases)
    return {
        "shopify_orders.csv": _shopify_file(shop.orders),
        "square_items.csv": _square_file(shop.sales),
        "survey.csv": as_csv(SURVEY_HEADER, survey_rows(shop.csat)),
        "survey_nps.csv": as_csv(SURVEY_HEADER, survey_rows(shop.nps)),
        "customers.csv": as_csv(CUSTOMERS_HEADER, customers_rows(further)),
        "visits.csv": as_csv(VISITS_HEADER, visits_rows(further)),
        "referrals.csv": as_csv(REFERRALS_HEADER, referrals_rows(further)),
        "spend.csv": as_csv(SPEND_HEADER, spend_rows(further)),
        "truth/truth_customers.csv": as_csv(TRUTH_HEADER, truth),
        "truth/pairs.json": _json(planted_pairs(purchases)),
        "truth/further.json": _json(further_figures(further, purchases)),
        "truth/figures.json": _json(all_figures(shop.orders, shop.sales, shop.csat, shop.nps, types)),
    }


def main(arguments: list[str] | None = None) -> None:
    """Write all files into `--out` (default: beside this script)."""
    parser = argparse.ArgumentParser(description="Make the files of a made-up coffee roaster.")
    here = Path(__file__).resolve().parent
    parser.add_argument("--out", type=Path, default=here, help="folder to write into")
    out: Path = parser.parse_args(arguments).out
    for name, content in make_files(make_shop()).items():
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        print(f"{len(content):>9,} bytes  {name}")


if __name__ == "__main__":
    main()
