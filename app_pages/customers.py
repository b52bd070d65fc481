"""Customers: everybody in a table, who is overdue, one person's purchases, and who is one person."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from loyalty.facts.customers import purchases_of
from loyalty.figures import all_customers
from loyalty.words import Words
from ui.cached import Desk, desk
from ui.coming_back import coming_back
from ui.figure_cards import percent
from ui.home import overdue
from ui.people import last_word, matching, one_person, section, table_key
from ui.recommend import customer_cards
from ui.satisfaction import satisfaction
from ui.session import shop, words
from ui.show import answer, card, downloads, named_channels, nothing_yet, plain, shown_table
from ui.worth import outlook, what_they_will_bring

say = words()


def everybody(at: Desk, say: Words) -> pd.DataFrame:
    """One row a customer, the highest spend first, with segment and tier in the reader's words."""
    segments, (rewards, _) = at.segmentation(), at.programme()
    found = at.keep(
        f"everybody {at.points_state()}",
        lambda: all_customers(at.facts(), at.contacts(), segments, at.balances()),
    )
    names = {segment.key: say.message(segment.name) for segment in segments.segments}
    tiers = {tier.key: say.say(tier.name) for tier in rewards.tiers}
    return found.assign(segment=found["segment"].map(names), tier=found["tier"].map(tiers))


def headings(say: Words) -> dict[str, str]:
    """Columns of the table under the reader's headings."""
    return {
        "name": say.say("Name"),
        "email": say.say("E-mail"),
        "phone": say.say("Phone"),
        "segment": say.say("Segment"),
        "orders": say.say("Orders"),
        "revenue": say.say("Spent"),
        "last_at": say.say("Last purchase"),
        "recency_days": say.say("Days since"),
        "tier": say.say("Tier"),
        "points": say.say("Points"),
        "channel": say.say("First channel"),
        "customer_id": say.say("Customer number"),
    }


def card_of(row: pd.Series, at: Desk, everyone: pd.DataFrame, say: Words) -> None:
    """A customer's purchases, and who that is."""
    name = row["name"] if isinstance(row["name"], str) else row["customer_id"]
    bought = purchases_of(shop().database.reader(), at.as_of, str(row["customer_id"]))
    with card(say.plural("{name}: {n} order", "{name}: {n} orders", int(row["orders"]), name=name)):
        table = named_channels(bought).rename(
            columns={
                "ordered_at": say.say("Date"),
                "channel": say.say("Channel"),
                "order_id": say.say("Order number"),
                "products": say.say("Products"),
                "net": say.say("Net revenue"),
            }
        )
        shown_table(table, say.say("Purchases of {name}", name=plain(str(name))), "person-orders")
        outlook(at, str(row["customer_id"]), say)
        one_person(at, str(row["customer_id"]), everyone, say)
    customer_cards(at, str(row["customer_id"]), say)


at = desk()
if at is None:
    nothing_yet(
        say.say(
            "Here you will see everyone who buys from you: what they spent, when they were last here, what they earned."
        ),
        say,
    )
    st.stop()
assert at is not None
table = everybody(at, say)
figures = at.key_figures()
late, days = overdue(at.facts().customers, at.facts().gaps, at.as_of)
repeat = int((table["orders"] >= 2).sum())
answer(
    say.say(
        "{repeat} of {all} customers have bought more than once.",
        repeat=say.number(repeat),
        all=say.number(len(table)),
    ),
    say.say(
        "{share} of all orders come from buyers who left no name; they are not in this list.",
        share=percent(figures.anonymous_share, say),
    ),
)
last_word(say)
left, right = st.columns([2, 3], vertical_alignment="bottom")
search = left.text_input(say.say("Search by name, e-mail, phone or number"), key="customer-search")
views = {
    say.say("Everyone"): None,
    say.say("Regulars overdue"): set(late["customer_id"]),
    say.plural("Bought once", "Bought {n} times", 1): set(table.loc[table["orders"] == 1, "customer_id"]),
}
view = right.segmented_control(
    say.say("Show"),
    list(views),
    default=next(iter(views)),
    key="customer-view",
    label_visibility="collapsed",
    required=True,
)
chosen = views[view] if view else None
shown = table if chosen is None else table[table["customer_id"].isin(chosen)]
if search:
    shown = matching(shown, search)
if view == say.say("Regulars overdue"):
    st.caption(
        say.say(
            "Three orders or more, and away for more than {days} days: four of five returns of your customers come sooner.",
            days=say.number(days),
        )
    )
named = headings(say)
pretty = named_channels(shown)[list(named)].rename(columns=named)
event = shown_table(
    pretty,
    say.say("All customers with what they spent and when they were last here"),
    table_key(),
    on_select="rerun",
    selection_mode="single-row",
    column_config={
        named["revenue"]: st.column_config.NumberColumn(format="%.2f"),
        named["last_at"]: st.column_config.DateColumn(),
    },
)
st.caption(
    say.plural(
        "{n} customer. Choose a row to see the purchases.",
        "{n} customers. Choose a row to see the purchases.",
        len(shown),
    )
)
downloads(pretty, "customers", say, {named["revenue"]: 2})
if event.selection.rows:
    card_of(shown.iloc[event.selection.rows[0]], at, table, say)
section(at, say)
more = st.tabs([say.say("Who comes back"), say.say("What they will bring"), say.say("How content they are")])
with more[0]:
    coming_back(at, say)
with more[1]:
    what_they_will_bring(at, say)
with more[2]:
    satisfaction(at, say)
