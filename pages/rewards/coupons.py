"""Coupons on the Rewards page: lists for chosen people, upcoming gifts, and standing discounts."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pandas as pd
import streamlit as st

from loyalty.campaigns.sentences import discount_text
from loyalty.exports.coupon_files import coupon_table, coupons_csv, coupons_xlsx, woocommerce_csv
from loyalty.models.segments.segmentation import Segmentation
from loyalty.rewards.coupons import coupon_cost, excluded_sentence, without_offer_sentence
from loyalty.rewards.points.entry_names import gift_name
from loyalty.rewards.programme.programme import Programme
from loyalty.rewards.programme.starting_programme import starting_offer
from loyalty.services.coupons import (
    DAYS_AHEAD,
    CouponList,
    issue_coupons,
    issue_gift_coupons,
    standing_discounts,
    upcoming_gifts,
)
from loyalty.services.figures import members_of, save_programme
from loyalty.store.rewards import CouponListLine, coupon_list, coupon_lists
from loyalty.words import Words
from pages.rewards.controls import offer_controls, offers_of
from ui.audience import audience, clear_audience
from ui.cache import cache_rule, cached
from ui.session import now
from ui.shop_figures import ShopFigures
from ui.show import card, download, downloads, plain, shown_table


def coupons(figures: ShopFigures, current: Programme, wanted: Programme, say: Words) -> None:
    """Choose people and their offers, create and download the list; the offers are saved for next time."""
    st.subheader(say.say("A list of people, each with a code"), anchor=False)
    people = audience()
    if people is not None:
        sizes = {people.key: (people.name, people.frame())}
        st.button(say.say("Choose groups instead"), key="forget-audience", on_click=clear_audience)
    else:
        sizes = chosen_groups(figures.segmentation(), say)
    customers = figures.facts().customers
    every = (*wanted.offers, *offers_of(wanted, figures.segmentation(), customers))
    offers = {offer.segment_key: offer for offer in every}
    for key, (name, members) in sizes.items():
        with card(say.plural("{name}: {n} customer", "{name}: {n} customers", len(members), name=name)):
            usual = offers.get(key) or starting_offer(key, customers)
            offers[key] = chosen = offer_controls(usual, f"offer-{key}", say)
            st.caption(
                plain(
                    discount_text(
                        chosen.kind,
                        chosen.value,
                        chosen.minimum_spend,
                        figures.shop.settings.home_currency,
                        say,
                    )
                )
            )
    if st.button(say.say("Make the list"), type="primary", key="make-coupons", disabled=not sizes):
        programme = replace(wanted, offers=tuple(offers.values()))
        everyone = pd.concat([members for _, members in sizes.values()], ignore_index=True)
        made_list = issue_coupons(
            figures.shop, figures.facts(), everyone, programme, say, now(), figures.control_groups()
        )
        if programme.offers != current.offers:
            save_programme(figures.shop, replace(current, offers=programme.offers, starts_on=None), now())
        keep_in_session(made_list, say)
    gifts_card(figures, current, say)
    discounts_card(figures, current, say)
    show_list(figures, say)


def keep_in_session(issued: CouponList, say: Words) -> None:
    """Show this list next, with what was left out."""
    if issued.list_id:
        st.session_state["coupon-list"] = issued.list_id
    st.session_state["coupon-left-out"] = say.sentences(
        [without_offer_sentence(issued.issued, say), excluded_sentence(issued.excluded, say)]
    )


def gifts_card(figures: ShopFigures, current: Programme, say: Words) -> None:
    """Upcoming coupon gifts, and a button that creates their list."""
    if all(gift.kind == "points" for gift in current.gifts):
        return
    with card(say.say("Gifts whose day is coming")):
        due = cached(gifts_due, figures, now().date())
        counts = due["segment"].value_counts(sort=False)
        names = [f"{gift_name(str(key), say)} {say.number(int(n))}" for key, n in counts.items()]
        if names:
            sentence = say.plural(
                "Within {n} day: {gifts}.", "Within {n} days: {gifts}.", DAYS_AHEAD, gifts=say.listing(names)
            )
        else:
            sentence = say.plural(
                "Nobody whose day comes within {n} day lacks a coupon.",
                "Nobody whose day comes within {n} days lacks a coupon.",
                DAYS_AHEAD,
            )
        st.markdown(plain(sentence))
        if st.button(say.say("Make the list of gifts"), key="make-gifts", disabled=due.empty):
            keep_in_session(
                issue_gift_coupons(
                    figures.shop, figures.facts(), current, say, now(), without=figures.control_groups()
                ),
                say,
            )
            st.rerun()


def gifts_due(figures: ShopFigures, today: dt.date) -> pd.DataFrame:
    """Upcoming gifts of the programme in force."""
    control_groups = figures.control_groups()
    return upcoming_gifts(
        figures.shop, figures.facts(), figures.programme()[0], today, without=control_groups
    ).due


def discounts_card(figures: ShopFigures, current: Programme, say: Words) -> None:
    """Who has which standing discount, as a file for the till or the shop platform."""
    if not current.discounts:
        return
    title = say.say("Who has which standing discount")
    with card(title):
        assignments = cached(discounts_of, figures)
        counts = assignments["discount"].value_counts()
        terms = {
            d.name: discount_text(d.kind, d.value, d.minimum_spend, figures.shop.settings.home_currency, say)
            for d in current.discounts
        }
        table = pd.DataFrame(
            {
                say.say("Discount"): list(terms),
                say.say("What it takes off"): list(terms.values()),
                say.say("Customers"): [
                    say.say("everybody, on this product")
                    if d.audience == "product"
                    else say.number(int(counts.get(d.name, 0)))
                    for d in current.discounts
                ],
            }
        )
        shown_table(table, title, "standing-discounts")
        downloads(lambda: discount_table(figures, assignments, terms, say), "standing-discounts", say)


@cache_rule(entries=4)
def discounts_of(figures: ShopFigures) -> pd.DataFrame:
    """customer_id and discount, by the programme in force."""
    groups = (
        figures.segmentation()
        .members[["customer_id", "segment"]]
        .merge(figures.balances()[["customer_id", "tier"]], how="outer", on="customer_id")
    )
    return standing_discounts(figures.shop.database.reader(), figures.facts(), groups, figures.programme()[0])


def discount_table(
    figures: ShopFigures, assignments: pd.DataFrame, terms: dict[str, str], say: Words
) -> pd.DataFrame:
    """The file: one row a customer and discount."""
    contacts = figures.contacts().set_index("customer_id").reindex(assignments["customer_id"])
    return pd.DataFrame(
        {
            say.say("Customer number"): assignments["customer_id"].to_numpy(),
            say.say("Name"): contacts["name"].fillna("").to_numpy(),
            say.say("Discount"): assignments["discount"].to_numpy(),
            say.say("What it takes off"): assignments["discount"].map(terms).to_numpy(),
        }
    )


def chosen_groups(segmentation: Segmentation, say: Words) -> dict[str, tuple[str, pd.DataFrame]]:
    """The groups that the owner picks: key, name and members."""
    names = {segment.key: say.message(segment.name) for segment in segmentation.segments}
    chosen = st.multiselect(
        say.say("For whom"),
        list(names),
        format_func=names.__getitem__,
        key="coupon-segments",
        placeholder=say.say("choose groups"),
    )
    return {key: (names[key], members_of(segmentation, [key])) for key in names if key in chosen}


def show_list(figures: ShopFigures, say: Words) -> None:
    """The newest list, or an earlier one, with its downloads."""
    if note := st.session_state.pop("coupon-left-out", ""):
        st.info(note)
    lists = coupon_lists(figures.shop.database)
    if not lists:
        st.caption(
            say.say("Each code works once, cannot be guessed, and is kept here, so that none comes twice.")
        )
        return
    shown = choose_list(lists, say)
    issued = coupon_list(figures.shop.database, shown)
    refused_since = issued["customer_id"].isin(figures.lookups().opted_out)
    if refused_since.any():
        st.caption(plain(excluded_sentence(int(refused_since.sum()), say)))
        issued = issued[~refused_since].reset_index(drop=True)
    contacts = figures.addresses()
    table = coupon_table(issued, contacts, say, list_names(figures, issued, say))
    cost = coupon_cost(issued, figures.key_figures().aov or 0.0)
    st.markdown(
        plain(
            say.plural(
                "{n} coupon; at most {cost} if every one is used.",
                "{n} coupons; at most {cost} if every one is used.",
                len(issued),
                cost=say.money(cost),
            )
        )
    )
    shown_table(table, say.say("The coupons of this list"), "coupons", height=280)
    with st.container(horizontal=True):
        download(say.say("Download CSV"), lambda: coupons_csv(table), f"coupons-{shown}.csv", "get-csv")
        download(
            say.say("Download XLSX"), lambda: coupons_xlsx(table, say), f"coupons-{shown}.xlsx", "get-xlsx"
        )
        download(
            say.say("For WooCommerce"),
            lambda: woocommerce_csv(issued, contacts),
            f"coupons-{shown}-woo.csv",
            "get-woo",
        )


def choose_list(lists: list[CouponListLine], say: Words) -> int:
    """The list to show, the newest unless the owner says otherwise."""
    labels = {
        line.list_id: say.say(
            "List {id} · {when} · {n} coupons",
            id=line.list_id,
            when=say.moment(line.issued_at),
            n=say.number(line.coupons),
        )
        for line in lists
    }
    newest = st.session_state.pop("coupon-list", None)
    if newest in labels:
        st.session_state["coupon-shown"] = newest
    return st.selectbox(
        say.say("Lists so far"), list(labels), format_func=labels.__getitem__, key="coupon-shown"
    )


def list_names(figures: ShopFigures, issued: pd.DataFrame, say: Words) -> dict[str, str]:
    """What the groups of a list are called."""
    keys = [str(key) for key in issued["segment"].unique()]
    return {key: gift_name(key, say) or name for key, name in figures.segment_names(keys, say).items()}
