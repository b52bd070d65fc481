"""Acquisition cost by channel, its payback time, and referrals. A part of Customers."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from loyalty.charts.revenue import payback_curve
from loyalty.charts.shares import share_over_time
from loyalty.measure import acquisition_cost_sentences
from loyalty.purchase_model.terms import Terms
from loyalty.services.acquisition_cost import AcquisitionCosts, ChannelCost, acquisition_costs
from loyalty.services.lifetime_value import terms_of
from loyalty.words import N_, Words
from pages.customers.lifetime_value import lifetime_value_under
from ui.cache import cache_rule, cached
from ui.shop_figures import ShopFigures
from ui.show import chart, definition, downloads, percent_table, plain, show_finding, shown_table

MOST_MONTHS = 36


@cache_rule(sales_only=True)
def costs_of(figures: ShopFigures, margin: float | None, terms: Terms) -> AcquisitionCosts:
    """Acquisition costs beside lifetime values under `terms`."""
    predicted = cached(lifetime_value_under, figures, terms).predicted.customers
    with figures.shop.database.reading() as con:
        return acquisition_costs(con, figures.facts(), predicted, margin)


def acquisition_cost(figures: ShopFigures, say: Words) -> None:
    """The finding, the payback curve of one channel, the tables; then referrals."""
    with st.spinner(say.say("Working out what your customers will bring…")):
        result = cached(costs_of, figures, figures.settings.margin or None, terms_of(figures.settings))
    whole = result.channels[0] if result.channels else None
    show_finding(
        acquisition_cost_sentences.acquisition_cost_sentence(
            whole.payback if whole else None, whole.clv_to_cac if whole else None, say
        ),
        "cac",
        say,
    )
    if whole is not None and whole.payback.cac is not None:
        paid = result.cac_of_paid_channels
        st.markdown(
            plain(
                acquisition_cost_sentences.missing_channels_sentence(say)
                if paid is None
                else acquisition_cost_sentences.paid_channels_sentence(paid, say)
            )
        )
        one_channel(result.channels, say)
        by_channel(result, say)
    referrals(result, say)


def one_channel(channels: Sequence[ChannelCost], say: Words) -> None:
    """The payback curve: revenue of new customers against their cost, of all channels or one."""
    names = [acquisition_cost_sentences.channel_name(one.channel, say) for one in channels]
    name = st.segmented_control(
        say.say("Channel"),
        names,
        default=names[0],
        key="cost-channel",
        label_visibility="collapsed",
        required=True,
    )
    chosen = channels[names.index(name or names[0])]
    answer = acquisition_cost_sentences.channel_sentence(chosen.channel, chosen.payback, say)
    show_finding(answer, "payback", say)
    if len(chosen.payback.curve):
        chart(payback_curve(chosen.payback, say), answer, "cost-curve")


def by_channel(result: AcquisitionCosts, say: Words) -> None:
    """The tables by channel and by month, each with its definition."""
    show_finding(say.say("What new customers cost, by channel"), "cac_by_channel", say)
    shown_table(
        channels_table(result.channels, say), say.say("What new customers cost, by channel"), "cost-channels"
    )
    st.caption(plain(definition("clv_to_cac", say)))
    with st.expander(say.say("What new customers cost, by month and channel")):
        if len(result.cohorts):
            months = cohorts_table(result.cohorts, say)
            shown_table(
                months, say.say("What new customers cost, by month"), "cost-cohorts", column_config=cents(say)
            )
            downloads(months, "costs-months", say, dict.fromkeys(cents(say), 2))
        split = months_table(result.months, say)
        shown_table(
            split,
            say.say("What new customers cost, by month and channel"),
            "cost-months",
            column_config=cents(say),
        )
        downloads(split, "costs", say, dict.fromkeys(cents(say), 2))


def referrals(result: AcquisitionCosts, say: Words) -> None:
    """The referral rate, and the share of referred new customers by month."""
    show_finding(acquisition_cost_sentences.referral_sentence(result.acquisition, say), "referral_rate", say)
    if result.referred.empty:
        return
    title = say.say("New customers who came by recommendation")
    shown = result.referred.tail(MOST_MONTHS).rename(columns={"new_customers": "people"})
    chart(share_over_time(shown, [say.month(m) for m in shown["month"]], say, title), title, "referred-time")
    st.caption(plain(definition("referred_share", say)))
    headings = {
        "month": say.say("Month"),
        "new_customers": say.say("New customers"),
        "referred": say.say("By recommendation"),
        "share": say.say("Share"),
        "low": say.say("From"),
        "high": say.say("To"),
    }
    table = result.referred[list(headings)].assign(month=[say.month(m) for m in result.referred["month"]])
    table = table.rename(columns=headings)
    with st.expander(say.say("New customers who came by recommendation, month by month")):
        shares = list(headings.values())[3:]
        percent_table(table, shares, title, "referred-table")
        downloads(table, "recommended", say, dict.fromkeys(shares, 4))


def channels_table(channels: Sequence[ChannelCost], words: Words) -> pd.DataFrame:
    """One row a channel, as text."""
    rows = [
        (
            acquisition_cost_sentences.channel_name(one.channel, words),
            words.money(one.payback.spend),
            words.number(one.payback.newcomers),
            "–" if one.payback.cac is None else words.money(one.payback.cac),
            "–" if one.total_value is None else words.money(one.total_value),
            "–" if one.clv_to_cac is None else words.number(one.clv_to_cac, 1),
            months_until(one, words),
        )
        for one in channels
    ]
    headings = [
        words.say("Channel"),
        words.say("Spend"),
        words.say("New customers"),
        words.say("Cost of one"),
        words.say("Worth of one"),
        words.say("Worth ÷ cost"),
        words.say("Months until it is back"),
    ]
    return pd.DataFrame(rows, columns=headings)


def months_until(channel: ChannelCost, words: Words) -> str:
    """The payback time in months, as the text of a cell."""
    if channel.payback.months is None:
        return "–"
    return words.number(channel.payback.months) if channel.payback.months else words.say("the same month")


def cents(words: Words) -> dict[str, object]:
    """Columns of money, shown to the cent."""
    return {
        words.say(name): st.column_config.NumberColumn(format="%.2f")
        for name in (N_("Spend"), N_("Cost of one"))
    }


def cohorts_table(cohorts: pd.DataFrame, words: Words) -> pd.DataFrame:
    """The cost of a new customer by month, and when it was back; the newest on top, money and months stay numbers."""
    headings = {
        "month": words.say("Month"),
        "spend": words.say("Spend"),
        "newcomers": words.say("New customers"),
        "cac": words.say("Cost of one"),
        "months": words.say("Months until it is back"),
        "watched": words.say("Months watched"),
    }
    shown = cohorts.iloc[::-1].assign(month=[words.month(month) for month in cohorts["month"].iloc[::-1]])
    return shown[list(headings)].round({"spend": 2, "cac": 2}).rename(columns=headings)


def months_table(months: pd.DataFrame, words: Words) -> pd.DataFrame:
    """The cost of a new customer by month and channel, the newest on top; money stays numbers."""
    headings = {
        "month": words.say("Month"),
        "channel": words.say("Channel"),
        "spend": words.say("Spend"),
        "new_customers": words.say("New customers"),
        "cac": words.say("Cost of one"),
    }
    newest = months.sort_values(["month", "channel"], ascending=[False, True])
    shown = newest.assign(month=[words.month(month) for month in newest["month"]])
    return shown[list(headings)].round({"spend": 2, "cac": 2}).rename(columns=headings)
