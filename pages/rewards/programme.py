"""The programme on the Rewards page: every rule, ready-made programmes, the file, and the history of versions."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from loyalty.errors import OwnerError
from loyalty.rewards.points.history import Version
from loyalty.rewards.programme.programme import Programme
from loyalty.rewards.programme.programme_file import programme_from_json, programme_to_json
from loyalty.rewards.programme.ready_made import READY_MADE, ready_made
from loyalty.services import points as point_service
from loyalty.services.figures import save_programme
from loyalty.store import points as point_store
from loyalty.words import Words
from pages.rewards.rule_forms import earning_form, gift_tables, going_form, tier_table_form
from ui.session import now
from ui.shop_figures import ShopFigures
from ui.show import answer, card, download, plain, shown_table

_DRAFT = "programme-draft"


def programme_view(figures: ShopFigures, current: Programme, saved: bool, slot: Any, say: Words) -> None:
    """Edit, start from a ready-made programme, keep as a new version."""
    versions = point_service.versions_of(figures.shop, current)
    with slot:
        answer(in_force(current, saved, versions[-1], say), rule_sentences(current, say))
    start_from(figures, say)
    draft = _draft(figures, current)
    document: dict[str, Any] = json.loads(programme_to_json(draft))
    key = f"rules-{figures.shop.folder.name}-{figures.points_state()}-{st.session_state.get(_DRAFT + '-turn', 0)}"
    with card(say.say("The rules")):
        name = st.text_input(
            say.say("Name of the programme"), say.say(draft.name), max_chars=80, key=f"{key}-name"
        )
        document["name"] = draft.name if name == say.say(draft.name) else name
        earn, go, tiers, gifts = st.tabs(
            [
                say.say("Earning"),
                say.say("Using and expiring"),
                say.say("Tiers"),
                say.say("Gifts and discounts"),
            ]
        )
        with earn:
            earning_form(document, key, say)
        with go:
            going_form(document, key, say)
        with tiers:
            tier_table_form(document, key, say)
        with gifts:
            gift_tables(document, key, say)
        save_form(figures, document, key, say)
    file_controls(figures, draft, say)
    version_history(figures, versions, say)


def _draft(figures: ShopFigures, current: Programme) -> Programme:
    """The programme being edited: one that was chosen to start from, else the one in force."""
    draft = st.session_state.get(_DRAFT)
    return draft[1] if draft and draft[0] == figures.shop.folder.name else current


def _begin(figures: ShopFigures, programme: Programme | None) -> None:
    """Edit another programme, or the one in force again."""
    st.session_state[_DRAFT] = (figures.shop.folder.name, programme) if programme else None
    st.session_state[_DRAFT + "-turn"] = st.session_state.get(_DRAFT + "-turn", 0) + 1


def in_force(current: Programme, saved: bool, version: Version, say: Words) -> str:
    """Which rules apply, and since when."""
    if not saved:
        return say.say("No programme is saved yet: these rules are a proposal fitted to your customers")
    if version.starts == dt.date.min:
        return say.say(
            "“{name}” holds for all sales, version {n}", name=say.say(current.name), n=version.number
        )
    return say.say(
        "“{name}” holds from {day} on, version {n}",
        name=say.say(current.name),
        day=say.date(version.starts),
        n=version.number,
    )


def rule_sentences(current: Programme, say: Words) -> str:
    """The main rules in two sentences."""
    parts = []
    if current.points_per_unit:
        parts.append(
            say.say(
                "Points for each {unit} spent: {points}.",
                points=say.number(
                    current.points_per_unit,
                    0 if current.points_per_unit == int(current.points_per_unit) else 2,
                ),
                unit=say.money(1, cents=False),
            )
        )
    if current.earning.per_order:
        parts.append(say.plural("{n} point an order.", "{n} points an order.", current.earning.per_order))
    if current.steps:
        steps = [
            say.say("{points} take off {value}", points=say.number(s.points), value=say.money(s.value))
            for s in current.steps
        ]
        parts.append(say.say("Steps: {steps}.", steps=say.listing(steps)))
    else:
        parts.append(say.say("100 points take off {value}.", value=say.money(100 * current.point_value)))
    kinds = {
        "never": say.say("Points do not expire."),
        "rolling": say.plural(
            "Points expire after {n} day.", "Points expire after {n} days.", current.expiry.days
        ),
        "fixed": say.say("Points expire once a year, on {day}.", day=current.expiry.on),
        "inactivity": say.plural(
            "Points expire after {n} day without a purchase.",
            "Points expire after {n} days without a purchase.",
            current.expiry.days,
        ),
    }
    return say.sentences([*parts, kinds[current.expiry.kind]])


def start_from(figures: ShopFigures, say: Words) -> None:
    """The ready-made programmes, with numbers fitted to the shop."""
    with st.expander(say.say("Start from a ready-made programme"), icon=":material/auto_awesome:"):
        columns = st.columns(len(READY_MADE))
        for column, (key, (title, about, _)) in zip(columns, READY_MADE.items(), strict=True):
            with column:
                st.markdown(f"**{plain(say.say(title))}**")
                st.caption(plain(say.say(about)))
                if st.button(say.say("Look at it"), key=f"ready-{key}"):
                    segments = [segment.key for segment in figures.segmentation().segments]
                    currency = figures.shop.settings.home_currency
                    _begin(figures, ready_made(key, figures.facts().customers, currency, segments))
                    st.rerun()
    if st.session_state.get(_DRAFT):
        st.info(say.say("You are looking at a proposal. Nothing changes until you save it as a version."))
        if st.button(say.say("Back to the rules in force"), key="drop-draft"):
            _begin(figures, None)
            st.rerun()


def save_form(figures: ShopFigures, document: dict[str, Any], key: str, say: Words) -> None:
    """Check the edited programme, and save it as a version that applies from a day on."""
    whens = {
        "today": say.say("from today on"),
        "always": say.say("for all sales, past ones too"),
        "day": say.say("from a day on"),
    }
    left, right = st.columns(2)
    when = left.radio(
        say.say("These rules hold"), list(whens), format_func=whens.__getitem__, key=f"{key}-when"
    )
    today = now().date()
    start = {"today": today, "always": figures.first}.get(when, today)
    if when == "day":
        start = right.date_input(say.say("First day"), today, key=f"{key}-day")
    try:
        wanted = replace(programme_from_json(json.dumps(document)), starts_on=start)
    except OwnerError as problem:
        st.error(say.message(problem.message))
        return
    if st.button(say.say("Save as a new version"), type="primary", key="save-version"):
        save_programme(figures.shop, wanted, now())
        _begin(figures, None)
        st.toast(say.say("Saved."))
        st.rerun()


def file_controls(figures: ShopFigures, draft: Programme, say: Words) -> None:
    """The programme as one readable file, out and in."""
    with st.expander(say.say("The programme as a file"), icon=":material/description:"):
        text = programme_to_json(draft)
        download(say.say("Download the file"), text.encode, "programme.json", "get-programme")
        dropped = st.file_uploader(
            say.say("A programme file"), type=["json"], key="programme-file", label_visibility="collapsed"
        )
        if dropped is not None and st.button(say.say("Look at this file"), key="take-programme"):
            try:
                _begin(figures, programme_from_json(dropped.getvalue().decode("utf-8", "replace")))
            except OwnerError as problem:
                st.error(say.message(problem.message))
                return
            st.rerun()
        st.code(text, language="json", height=300)


def version_history(figures: ShopFigures, versions: tuple[Version, ...], say: Words) -> None:
    """Every version, the newest first; any can be looked at again."""
    saved = {number: stamp for number, _, stamp in point_store.versions(figures.shop.database)}
    if not saved:
        return
    with card(say.plural("{n} version so far", "{n} versions so far", len(saved))):
        rows = [
            {
                say.say("Version"): v.number,
                say.say("Name"): say.say(v.programme.name),
                say.say("Holds from"): say.say("the first sale on")
                if v.starts == dt.date.min
                else say.date(v.starts),
                say.say("Saved"): say.moment(saved[v.number]),
                say.say("Rules"): rule_sentences(v.programme, say),
            }
            for v in reversed(versions)
        ]
        shown_table(pd.DataFrame(rows), say.say("Versions of the programme"), "versions")
        numbers = {v.number: v for v in reversed(versions)}
        chosen = st.selectbox(say.say("Version"), list(numbers), key="version-chosen")
        if st.button(say.say("Look at this version"), key="look-version"):
            _begin(figures, numbers[chosen].programme)
            st.rerun()
