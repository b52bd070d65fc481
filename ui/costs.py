"""What new customers cost, what they are worth beside it, and when the money is back. A part of Customers."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from loyalty.charts.money import payback_curve
from loyalty.costs import ChannelCost, Costs, back, costs, headline
from loyalty.words import Words
from ui.cached import Desk
from ui.show import chart, definition, downloads, plain, said, shown_table
from ui.worth import worth_of


def costs_of(at: Desk) -> Costs:
    """The costs for the present margin, once a data version."""
    margin = at.shop.settings.margin or None

    def work() -> Costs:
        predicted = worth_of(at).predicted.customers
        with at.shop.database.reading() as con:
            return costs(con, at.facts(), predicted, margin)

    return at.keep(f"costs {margin}", work)


def what_they_cost(at: Desk, say: Words) -> None:
    """The answer, the curve of one channel, the tables."""
    found = costs_of(at)
    said(headline(found, say), "payback", say)
    if not found.channels or found.channels[0].payback.cac is None:
        return
    names = [channel_name(one, say) for one in found.channels]
    name = st.segmented_control(
        say.say("Channel"), names, default=names[0], key="cost-channel", label_visibility="collapsed", required=True
    )
    chosen = found.channels[names.index(name or names[0])]
    if chosen.payback.cac is not None and len(chosen.payback.curve):
        answer = back(chosen.payback, say)
        if name != names[0]:
            st.markdown(plain(answer))
        chart(payback_curve(chosen.payback, say), answer, "cost-curve")
    table = channels_table(found.channels, say)
    shown_table(table, say.say("What new customers cost, by channel"), "cost-channels")
    st.caption(plain(say.sentences([definition("cac_by_channel", say), definition("clv_to_cac", say)])))
    with st.expander(say.say("By month")):
        months = months_table(found.months, say)
        shown_table(months, say.say("What new customers cost, by month and channel"), "cost-months")
        downloads(months, "costs", say)


def channel_name(one: ChannelCost, words: Words) -> str:
    """A channel of the spend; spend without a channel's name."""
    if one.channel is None:
        return words.say("all together")
    return one.channel or words.say("no channel named")


def channels_table(found: Sequence[ChannelCost], words: Words) -> pd.DataFrame:
    """One row a channel, as text."""
    rows = [
        (
            channel_name(one, words),
            words.money(one.payback.spend),
            words.number(one.payback.newcomers),
            "–" if one.payback.cac is None else words.money(one.payback.cac),
            "–" if one.worth is None else words.money(one.worth),
            "–" if one.ratio is None else words.number(one.ratio, 1),
            "–" if one.payback.months is None else words.number(one.payback.months),
        )
        for one in found
    ]
    headings = [
        words.say("Channel"), words.say("Spend"), words.say("New customers"), words.say("Cost of one"),
        words.say("Worth of one"), words.say("Worth ÷ cost"), words.say("Months until it is back"),
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=headings)


def months_table(months: pd.DataFrame, words: Words) -> pd.DataFrame:
    """The cost of a new customer by month and channel; money stays numbers."""
    headings = {
        "month": words.say("Month"),
        "channel": words.say("Channel"),
        "spend": words.say("Spend"),
        "new_customers": words.say("New customers"),
        "cac": words.say("Cost of one"),
    }
    shown = months.assign(month=[words.month(month) for month in months["month"]])
    return shown[list(headings)].round({"spend": 2, "cac": 2}).rename(columns=headings)
