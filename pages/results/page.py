"""Results: what each campaign added against its control group, and what to learn from it."""

from __future__ import annotations

import streamlit as st

from loyalty.campaigns.sentences import (
    basis_sentence,
    conversion_sentence,
    people_needed_sentence,
    progress_sentence,
    result_sentence,
)
from loyalty.store.campaigns import CampaignRecord, campaigns
from loyalty.words import Words
from pages.results.results import (
    before_after,
    by_segment,
    learning_card,
    outcome_figures,
    result_of,
    two_offers,
    uplift_card,
)
from ui.cache import cached
from ui.session import words
from ui.shop_figures import ShopFigures, require_sales
from ui.show import answer, plain

say = words()


def choose_campaign(records: list[CampaignRecord], say: Words) -> CampaignRecord:
    """The campaign to look at; the newest first."""
    names = {record.campaign_id: f"{record.campaign_id} · {record.name}" for record in records}
    key = st.selectbox(
        say.say("Campaign"),
        list(names),
        format_func=names.__getitem__,
        key="result-campaign",
        label_visibility="collapsed",
    )
    return next(record for record in records if record.campaign_id == key)


def campaign_view(figures: ShopFigures, records: list[CampaignRecord], say: Words) -> None:
    """One campaign's result."""
    slot = st.container()
    record = choose_campaign(records, say)
    result = cached(result_of, figures, record)
    with slot:
        detail = (
            [conversion_sentence(result, say), people_needed_sentence(result, say)]
            if result.look.number
            else []
        )
        answer(result_sentence(record.name, result, say), say.sentences(detail))
    st.caption(plain(say.sentences([progress_sentence(result, say), basis_sentence(result, say)])))
    if not result.look.number:
        return
    outcome_figures(result, say)
    two_offers(result, say)
    by_segment(figures, result, say)
    uplift_card(figures, record, say)
    learning_card(figures, record, result, say)


figures = require_sales(
    say.say(
        "Here you will see what each campaign added: those written to beside those held back, with the range that luck leaves."
    ),
    say,
)
active = [record for record in campaigns(figures.shop.database) if record.cancelled_on is None]
if active:
    campaign_view(figures, active, say)
else:
    answer(
        say.say("No campaign has been sent yet"),
        say.say(
            "Draw a list on the page Campaigns; a part of it is held back, and here you will see what the others bought more."
        ),
    )
    if st.button(say.say("Plan a campaign"), key="go-campaigns", type="primary", icon=":material/campaign:"):
        st.switch_page("pages/campaigns/page.py")
st.divider()
st.subheader(say.say("The whole programme, before and after"), anchor=False)
before_after(figures, say)
