"""One customer's card: the next step, what to expect, usual products, the timeline, product suggestions."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from loyalty.customers.status import STATUSES, STILL_A_CUSTOMER
from loyalty.models.customer_advice import rhythm
from loyalty.models.recommendations.tables import MODE_NAMES
from loyalty.services.customer_story import Story, story
from loyalty.services.points import statement
from loyalty.services.timeline import KINDS, Entry
from loyalty.words import Words
from pages.customers.lifetime_value import lifetime_value_of
from ui.cache import cache_rule, cached
from ui.recommendations import offers_of, reason_of
from ui.shop_figures import ShopFigures
from ui.show import card, downloads, plain

FIRST = 8
MOST_HABITS = 5
ICONS = {
    "order": "shopping_bag",
    "refund": "undo",
    "answer": "rate_review",
    "act": "visibility",
    "message": "mail",
    "reward": "redeem",
    "referral": "group_add",
}


@cache_rule(entries=32)
def story_of(figures: ShopFigures, customer_id: str) -> Story:
    """One customer's story."""
    rewards, saved = figures.programme()
    control_group = figures.control_groups().get(customer_id)
    with figures.shop.database.reading() as con:
        return story(
            con, figures.facts(), figures.lookups(), rewards if saved else None, customer_id, control_group
        )


def show_story(figures: ShopFigures, customer_id: str, say: Words) -> None:
    """The story: the next step, what to expect, usual products, the timeline."""
    customer_story = cached(story_of, figures, customer_id)
    step = customer_story.step(say)
    st.markdown(f"**{plain(say.say('Next: {what}', what=step.what))}** {plain(step.why)}")
    if expectation := _expectation(figures, customer_id, say):
        st.markdown(plain(expectation))
    _usual_products(customer_story, say)
    _timeline(figures, customer_story, say)


def _expectation(figures: ShopFigures, customer_id: str, say: Words) -> str:
    """Status, chance to be still a customer, expected revenue and next order; empty for a shop too small."""
    customers, expected = figures.facts().customers, figures.customer_states().customers
    customer = customers[customers["customer_id"] == customer_id].merge(expected, on="customer_id")
    if customer.empty:
        return ""
    row, ranges = customer.iloc[0], lifetime_value_of(figures).customers
    ends = ranges[ranges["customer_id"] == customer_id].iloc[0]
    bring = say.say(
        "Will bring {expected} in the next 12 months (range {low} to {high}).",
        expected=say.money(row["clv"]),
        low=say.money(ends["low"]),
        high=say.money(ends["high"]),
    )
    status = say.say("Status: {status}.", status=say.say(STATUSES[row["status"]]))
    parts = [status, say.say("Still a customer: {share}.", share=say.percent(row["p_alive"])), bring]
    if row["p_alive"] >= STILL_A_CUSTOMER:
        days = {name: say.date(row[f"next_{name}"].date()) for name in ("early", "late")}
        parts.append(say.say("If they come, then most likely between {early} and {late}.", **days))
    return say.sentences(parts)


def _usual_products(customer_story: Story, say: Words) -> None:
    """Products they usually buy, with how often."""
    if not customer_story.usual_products:
        return
    orders = customer_story.facts.orders
    lines = [f"**{plain(say.say('Usually buys'))}**"]
    for habit in customer_story.usual_products[:MOST_HABITS]:
        share = say.plural(
            "in {n} of {all} order", "in {n} of {all} orders", habit.orders, all=say.number(orders)
        )
        often = rhythm(habit.gap_days, habit.silent_days, say)
        lines.append(f"{plain(habit.product)} :gray[· {plain(share)} · {plain(often)}]")
    st.markdown("  \n".join(lines))


def _timeline(figures: ShopFigures, customer_story: Story, say: Words) -> None:
    """The timeline, the newest entry first, filtered by kind."""
    points = (
        statement(figures.ledger(), customer_story.records.customer_id) if figures.programme()[1] else None
    )
    entries = customer_story.timeline(names_of(figures, customer_story), say, points)
    kinds = [kind for kind in KINDS if any(entry.kind == kind for entry in entries)]
    st.markdown(
        f"**{plain(say.plural('What happened: {n} entry', 'What happened: {n} entries', len(entries)))}**"
    )
    if len(kinds) > 1:
        chosen = st.pills(
            say.say("Show"),
            kinds,
            selection_mode="multi",
            format_func=lambda kind: say.say(KINDS[kind]),
            key=f"story-kinds-{customer_story.records.customer_id}",
            label_visibility="collapsed",
        )
        entries = [entry for entry in entries if not chosen or entry.kind in chosen]
    everything = len(entries) > FIRST and st.toggle(
        say.say("Show all {n}", n=say.number(len(entries))),
        key=f"story-all-{customer_story.records.customer_id}",
    )
    with st.container(key="story-lines", gap="small"):
        for entry in entries if everything else entries[:FIRST]:
            st.markdown(entry_line(entry, say))
    downloads(timeline_table(entries, say), "story", say, {say.say("Amount"): 2})


def entry_line(entry: Entry, say: Words) -> str:
    """An entry as one or two lines of Markdown."""
    day = say.date(entry.at.date()) if entry.at else say.say("no date")
    amount = "" if entry.amount is None else f" · **{plain(say.money(entry.amount, cents=True))}**"
    first = f":material/{ICONS[entry.kind]}: :gray[{plain(day)}] {plain(entry.what)}{amount}"
    return f"{first}  \n:gray[{plain(entry.detail)}]" if entry.detail else first


def timeline_table(entries: list[Entry], say: Words) -> pd.DataFrame:
    """One row an entry, under the reader's headings."""
    return pd.DataFrame(
        {
            say.say("When"): pd.Series([entry.at for entry in entries], dtype="datetime64[ns]"),
            say.say("Kind"): [say.say(KINDS[entry.kind]) for entry in entries],
            say.say("What happened"): [entry.what for entry in entries],
            say.say("Details"): [entry.detail for entry in entries],
            say.say("Amount"): pd.Series([entry.amount for entry in entries], dtype="float64"),
        }
    )


def names_of(figures: ShopFigures, customer_story: Story) -> dict[str, str]:
    """Names of the other customers in a story, by id."""
    brought = customer_story.records.referrals
    others = {*brought["referrer_id"], *brought["referred_id"]}
    contacts = figures.contacts()
    named = contacts[contacts["customer_id"].isin(others) & contacts["name"].notna()]
    return dict(zip(named["customer_id"], named["name"], strict=True))


def recommendation_cards(figures: ShopFigures, customer_id: str, say: Words) -> None:
    """One customer's two lists, side by side, each product with its reason."""
    offers = offers_of(figures, say)
    if offers is None:
        return
    if customer_id in offers.opted_out:
        st.caption(
            say.say("This customer does not want to be written to, so no list is made of what to offer them.")
        )
        return
    rows = offers.of_customer(customer_id)
    if rows.empty:
        return
    columns = st.columns(2)
    for column, mode in zip(columns, MODE_NAMES, strict=True):
        with column, card(say.say(MODE_NAMES[mode])):
            _recommendations(rows[rows["mode"] == mode], say)


def _recommendations(rows: pd.DataFrame, say: Words) -> None:
    """Products of a list with their reasons."""
    if rows.empty:
        st.caption(say.say("Nothing on sale to suggest."))
    for row in rows.to_dict("records"):
        st.markdown(f"**{plain(str(row['product']))}**  \n:gray[{plain(reason_of(row, say))}]")
