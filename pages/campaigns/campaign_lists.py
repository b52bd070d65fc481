"""Campaigns so far: recipients, files for the sending platform, when it was sent, and the calendar."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import streamlit as st

from loyalty.campaigns.plan import HELD, MEDIA, Plan, from_json
from loyalty.exports.campaign_files import LAYOUTS, Layout, full_table
from loyalty.facts.campaigns import assigned_customers, assignments
from loyalty.services.campaign_results import recipients
from loyalty.store.campaigns import CANCELLED, EXPORTED, SENT, CampaignRecord, campaigns, record_event
from loyalty.words import Words
from ui.cache import cached
from ui.session import now
from ui.shop_figures import ShopFigures
from ui.show import CSV, XLSX, card, downloads, plain, shown_table

FIRST_LAYOUTS = 4  # shown as buttons; the others are chosen


def recipients_of(figures: ShopFigures, record: CampaignRecord, say: Words) -> pd.DataFrame:
    """Recipients of a campaign, with their messages and codes (LETTERS)."""
    database, con = figures.shop.database, figures.shop.database.reader()
    keys = [str(key) for key in assignments(con, record.campaign_id)["segment"].dropna().unique()]
    return recipients(
        database, con, record, say, figures.segment_names(keys, say), figures.settings.shop_name
    )


def campaign_lists(figures: ShopFigures, say: Words) -> None:
    """Choose a campaign; its recipients, files and state, and the calendar of all campaigns."""
    records = campaigns(figures.shop.database)
    if not records:
        return
    st.subheader(say.say("Lists so far"), anchor=False)
    names = {record.campaign_id: f"{record.campaign_id} · {record.name}" for record in records}
    newest = st.session_state.pop("campaign-new", None)
    if newest in names:
        st.session_state["campaign-shown"] = newest
    shown = st.selectbox(
        say.say("Campaign"),
        list(names),
        format_func=names.__getitem__,
        key="campaign-shown",
        label_visibility="collapsed",
    )
    record = next(record for record in records if record.campaign_id == shown)
    if record.cancelled_on is not None:
        st.caption(say.say("This campaign was taken back."))
    else:
        campaign_card(figures, record, say)
    calendar(figures, records, say)


def campaign_card(figures: ShopFigures, record: CampaignRecord, say: Words) -> None:
    """The recipients of a campaign that was not cancelled."""
    plan = from_json(record.plan)
    rows = cached(recipients_of, figures, record, say)
    assigned = assignments(figures.shop.database.reader(), record.campaign_id)
    control_size = int((assigned["arm"] == HELD).sum())
    title = say.plural(
        "{n} person to write to, {held} held back",
        "{n} people to write to, {held} held back",
        len(rows),
        held=say.number(control_size),
    )
    with card(title):
        shown_table(full_table(rows, say), title, "campaign-people", height=240)
        file_choice(figures, record, plan, rows, say)
        sending_controls(figures, record, say)


def file_choice(
    figures: ShopFigures, record: CampaignRecord, plan: Plan, rows: pd.DataFrame, say: Words
) -> None:
    """The list in the layout that the owner's platform imports."""
    fitting = {key: layout for key, layout in LAYOUTS.items() if plan.medium in layout.media}
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    key = left.selectbox(
        say.say("File for"),
        list(fitting),
        format_func=lambda each: say.say(fitting[each].title),
        key="campaign-layout",
    )
    layout = fitting[key]
    with right:
        _download(figures, record, layout, rows, say)


def _download(
    figures: ShopFigures, record: CampaignRecord, layout: Layout, rows: pd.DataFrame, say: Words
) -> None:
    """The download button of one layout; the download is recorded."""
    database, stamp = figures.shop.database, now()

    def data() -> bytes:
        record_event(database, record.campaign_id, EXPORTED, stamp.date(), stamp, layout.key)
        return layout.write(rows, say)

    st.download_button(
        say.say("Download"),
        data=data,
        file_name=f"campaign-{record.campaign_id}-{layout.key}.{layout.suffix}",
        mime=XLSX if layout.suffix == "xlsx" else CSV,
        key="campaign-file",
        on_click="ignore",
        icon=":material/download:",
        type="primary",
    )


def sending_controls(figures: ShopFigures, record: CampaignRecord, say: Words) -> None:
    """Record that the campaign was sent, or cancel it."""
    left, middle, right = st.columns([2, 2, 2], vertical_alignment="bottom")
    day = left.date_input(
        say.say("Sent on"),
        record.starts_on,
        min_value=record.created_at.date(),
        max_value=max(now().date(), record.starts_on),
        key=f"campaign-day-{record.campaign_id}",
        format="YYYY-MM-DD",
    )
    if middle.button(say.say("I have sent it"), key="campaign-sent") and isinstance(day, dt.date):
        record_event(figures.shop.database, record.campaign_id, SENT, day, now())
        st.toast(say.say("Kept. Sales are counted from that day on."))
        st.rerun()
    if right.button(
        say.say("Take it back"),
        key="campaign-cancel",
        type="tertiary",
        icon=":material/undo:",
        help=say.say("Nobody of it rests any more, and no result is worked out. Its codes stay used up."),
    ):
        record_event(figures.shop.database, record.campaign_id, CANCELLED, now().date(), now())
        st.rerun()
    sentence = (
        say.say("Sent on {day}.", day=say.date(record.sent_on))
        if record.sent_on
        else say.say(
            "Not sent yet, as far as is known here; sales are counted from {day} on.",
            day=say.date(record.starts_on),
        )
    )
    st.caption(plain(sentence))


def calendar(figures: ShopFigures, records: list[CampaignRecord], say: Words) -> None:
    """What was sent when and to how many, the newest first."""
    assigned = assigned_customers(figures.shop.database.reader())
    control_sizes, recipients = (
        assigned.loc[part, "campaign_id"].value_counts()
        for part in (assigned["arm"] == HELD, assigned["arm"] != HELD)
    )
    rows = []
    for record in records:
        plan = from_json(record.plan)
        rows.append(
            {
                say.say("Campaign"): record.name,
                say.say("How"): say.say(MEDIA[plan.medium]),
                say.say("Drawn on"): say.date(record.created_at.date()),
                say.say("Sent on"): say.date(record.sent_on) if record.sent_on else "",
                say.say("Counted until"): say.date(record.starts_on + dt.timedelta(days=plan.days - 1)),
                say.say("Written to"): int(recipients.get(record.campaign_id, 0)),
                say.say("Held back"): int(control_sizes.get(record.campaign_id, 0)),
                say.say("Taken back"): say.date(record.cancelled_on) if record.cancelled_on else "",
            }
        )
    table = pd.DataFrame(rows)
    with card(say.say("Calendar")):
        shown_table(table, say.say("Calendar"), "campaign-calendar")
        downloads(table, "campaigns", say)
