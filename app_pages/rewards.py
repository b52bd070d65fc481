"""Rewards: settings to try, with who gets what, what it costs and is expected to bring; the programme; points; coupons."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from loyalty.exports.coupon_files import coupon_table, coupons_csv, coupons_xlsx, offer_text, woocommerce_csv
from loyalty.figures import hand_out, members_of, save_programme
from loyalty.models.naming import name_of
from loyalty.models.segments import Segmentation
from loyalty.rewards.coupons import coupon_cost, left_out
from loyalty.rewards.programme import Programme
from loyalty.rewards.starting import starting_offer
from loyalty.store.rewards import coupon_list, coupon_lists
from loyalty.words import Words
from ui.audience import audience, forget
from ui.cached import Desk, desk
from ui.points import points_view
from ui.programme import programme_view
from ui.rewards import offer_controls, offers_of
from ui.session import now, words
from ui.show import card, download, nothing_yet, plain, shown_table
from ui.tuning import tuning_view

say = words()


def coupons(at: Desk, current: Programme, wanted: Programme, say: Words) -> None:
    """Choose people and their offers, make the list, download it; offers that were used are kept for next time."""
    st.subheader(say.say("A list of people, each with a code"), anchor=False)
    people = audience()
    if people is not None:
        sizes = {people.key: (people.name, people.frame())}
        st.button(say.say("Choose groups instead"), key="forget-audience", on_click=forget)
    else:
        sizes = chosen_groups(at.segmentation(), say)
    customers = at.facts().customers
    every = (*wanted.offers, *offers_of(wanted, at.segmentation(), customers))
    offers = {offer.segment_key: offer for offer in every}
    for key, (name, members) in sizes.items():
        with card(say.plural("{name}: {n} customer", "{name}: {n} customers", len(members), name=name)):
            known = offers.get(key) or starting_offer(key, customers)
            offers[key] = made = offer_controls(known, f"offer-{key}", say)
            st.caption(
                plain(
                    offer_text(made.kind, made.value, made.minimum_spend, at.shop.settings.home_currency, say)
                )
            )
    if st.button(say.say("Make the list"), type="primary", key="make-coupons", disabled=not sizes):
        programme = replace(wanted, offers=tuple(offers.values()))
        everyone = pd.concat([members for _, members in sizes.values()], ignore_index=True)
        made_list = hand_out(at.shop, at.facts(), everyone, programme, say, now())
        if programme.offers != current.offers:
            save_programme(at.shop, replace(current, offers=programme.offers, starts_on=None), now())
        st.session_state["coupon-list"] = made_list.list_id
        st.session_state["coupon-left-out"] = left_out(made_list.issued, say)
    show_list(at, say)


def chosen_groups(found: Segmentation, say: Words) -> dict[str, tuple[str, pd.DataFrame]]:
    """The groups that the owner picks: key, name and members."""
    names = {segment.key: say.message(segment.name) for segment in found.segments}
    chosen = st.multiselect(
        say.say("For whom"),
        list(names),
        format_func=names.__getitem__,
        key="coupon-segments",
        placeholder=say.say("choose groups"),
    )
    return {key: (names[key], members_of(found, [key])) for key in names if key in chosen}


def show_list(at: Desk, say: Words) -> None:
    """The newest list, or an earlier one, with its downloads."""
    lists = coupon_lists(at.shop.database)
    if not lists:
        st.caption(
            say.say("Each code works once, cannot be guessed, and is kept here, so that none comes twice.")
        )
        return
    labels = {
        made.list_id: say.say(
            "List {id} · {when} · {n} coupons",
            id=made.list_id,
            when=say.moment(made.issued_at),
            n=say.number(made.coupons),
        )
        for made in lists
    }
    newest = st.session_state.pop("coupon-list", None)
    if newest in labels:
        st.session_state["coupon-shown"] = newest
    shown = st.selectbox(
        say.say("Lists so far"), list(labels), format_func=labels.__getitem__, key="coupon-shown"
    )
    made = coupon_list(at.shop.database, shown)
    contacts = at.contacts()
    names = {segment.key: segment.name for segment in at.segmentation().segments}
    shown_names = {key: say.message(names.get(key) or name_of(key)) for key in made["segment"].unique()}
    table = coupon_table(made, contacts, say, shown_names)
    cost = coupon_cost(made, at.key_figures().aov or 0.0)
    st.markdown(
        plain(
            say.plural(
                "{n} coupon; at most {cost} if every one is used.",
                "{n} coupons; at most {cost} if every one is used.",
                len(made),
                cost=say.money(cost),
            )
        )
    )
    if note := st.session_state.pop("coupon-left-out", ""):
        st.info(note)
    shown_table(table, say.say("The coupons of this list"), "coupons", height=280)
    with st.container(horizontal=True):
        download(say.say("Download CSV"), lambda: coupons_csv(table), f"coupons-{shown}.csv", "get-csv")
        download(
            say.say("Download XLSX"), lambda: coupons_xlsx(table, say), f"coupons-{shown}.xlsx", "get-xlsx"
        )
        download(
            say.say("For WooCommerce"),
            lambda: woocommerce_csv(made, contacts),
            f"coupons-{shown}-woo.csv",
            "get-woo",
        )


at = desk()
if at is None:
    nothing_yet(
        say.say(
            "Here you will set points, tiers and coupons, see at once who gets them and what they cost, and download the list."
        ),
        say,
    )
    st.stop()
assert at is not None
current, saved = at.programme()
headline = st.container()
views = {"try": say.say("Try settings"), "rules": say.say("The programme"), "points": say.say("Points")}
view = st.segmented_control(
    say.say("What to show"), list(views), default="try", format_func=views.__getitem__, key="rewards-view",
    label_visibility="collapsed", required=True,
)  # fmt: skip
if view == "points":
    points_view(at, headline, say)
elif view == "rules":
    programme_view(at, current, saved, headline, say)
else:
    wanted = tuning_view(at, current, saved, headline, say)
    coupons(at, current, wanted, say)
