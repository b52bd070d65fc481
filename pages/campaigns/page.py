"""Campaigns: choose recipients and an offer, check whether its effect can be measured, create the list with a control group."""

from __future__ import annotations

import streamlit as st

from loyalty.errors import OwnerError
from loyalty.services.campaigns import create
from loyalty.store.campaigns import CampaignRecord, campaigns
from loyalty.words import Words
from pages.campaigns.campaign_lists import campaign_lists
from pages.campaigns.planner import (
    audience_extras,
    audience_inputs,
    contactable_customers,
    message_card,
    plan_form,
    power_card,
)
from ui.cache import cached
from ui.session import now, words
from ui.shop_figures import ShopFigures, require_sales
from ui.show import answer

say = words()


def headline(figures: ShopFigures, records: list[CampaignRecord], say: Words) -> None:
    """How many customers may be contacted, and how many campaigns there are."""
    active = [record for record in records if record.cancelled_on is None]
    second = (
        say.plural(
            "{n} campaign so far; see Results for what it brought.",
            "{n} campaigns so far; see Results for what they brought.",
            len(active),
        )
        if active
        else say.say("A part of every list is held back at random, so that you see what the offer added.")
    )
    answer(
        say.say(
            "You may write to {n} of {all} customers",
            n=say.number(cached(contactable_customers, figures)),
            all=say.number(len(figures.facts().customers)),
        ),
        say.sentences([say.say("Only those who agreed are ever on a list."), second]),
    )


def new_campaign(figures: ShopFigures, say: Words) -> None:
    """From audience and offer to the list."""
    left, right = st.columns([1, 1])
    with left:
        plan = plan_form(figures, say, now())
    try:
        with right:
            plan, forecast = power_card(figures, plan, say, now().date())
        plan = message_card(plan, forecast, figures, say, now().date())
    except OwnerError as problem:
        st.error(say.message(problem.message))
        return
    name = st.text_input(say.say("Name of the campaign"), plan.name, key="campaign-name", max_chars=80)
    if st.button(say.say("Draw the list"), type="primary", key="campaign-create", disabled=not name.strip()):
        named = plan.with_name(name.strip())
        campaign_id = create(
            figures.shop,
            audience_inputs(figures, audience_extras(figures, named.audience, say)),
            named,
            say,
            now(),
        )
        st.session_state["campaign-new"] = campaign_id
        st.rerun()


figures = require_sales(
    say.say(
        "Here you will choose people and an offer, see beforehand whether its effect can be told from luck, and fetch the "
        "list in your platform's format."
    ),
    say,
)
headline(figures, campaigns(figures.shop.database), say)
new_campaign(figures, say)
campaign_lists(figures, say)
