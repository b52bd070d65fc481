"""Settings to try on the Rewards page: sliders, who is affected, what it costs, what it is expected to bring."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from loyalty.charts.rewards import gain_chart
from loyalty.charts.segments import tier_curve
from loyalty.columns import Floats
from loyalty.errors import OwnerError
from loyalty.facts.orders import order_sizes
from loyalty.rewards.gain.expected_gain import Basis, Gain, Terms, basis, gain, gain_curve
from loyalty.rewards.gain.expected_gain_sentences import (
    benefits_sentence,
    benefits_table,
    best_setting_sentence,
    break_even_sentences,
    depth_sentences,
    expected_gain_sentence,
    margin_sentences,
    sensitivity_table,
    spend_offer_sentences,
)
from loyalty.rewards.gain.programme_benefits import Benefit, ProgrammeBenefits
from loyalty.rewards.gain.settings_grid import Setting, best, budget_curve, grid, sensitivity
from loyalty.rewards.gain.tuner import Tuning, assumptions, compare, headline, replay, threshold_curve
from loyalty.rewards.offers import depth_table, spend_offer, spend_offer_curve
from loyalty.rewards.points.order_points import mean_order
from loyalty.rewards.programme.programme import Programme
from loyalty.rewards.programme.validation import checked
from loyalty.services.campaign_learning import learnt_responses
from loyalty.services.figures import save_programme
from loyalty.services.personal_offers import COUPON_DAYS, personal_offers
from loyalty.services.points import programme_benefits
from loyalty.store.campaigns import responses
from loyalty.words import Words
from pages.rewards.controls import point_controls, tier_controls
from ui.cache import cache_rule, cached
from ui.session import now
from ui.shop_figures import ShopFigures
from ui.show import answer, card, chart, definition, downloads, plain, show_finding, shown_table

ASSUMED_MARGIN = 50  # percent, while the owner gave none
CURVE_POINTS = 24


def tuning_view(figures: ShopFigures, current: Programme, saved: bool, slot: Any, say: Words) -> Programme:
    """Sliders, charts, who is affected and the expected gain; returns the rules that the sliders describe."""
    customers = figures.facts().customers
    wanted, margin = controls(figures, current, saved, say)
    terms = terms_at(figures, margin)
    spending, tuning = basis(customers, wanted), replay(customers, wanted, terms.benefits_of(wanted))
    expected = gain(spending, wanted, terms)
    with slot:
        answer(
            headline(tuning, say),
            say.sentences([expected_gain_sentence(expected, say), assumptions(tuning, say)]),
        )
    curves(figures, wanted, margin, say)
    if saved and wanted != current:
        comparison(replay(customers, current, terms.benefits_of(current)), tuning, say)
    with card(say.say("Who would be affected")):
        shown_table(tier_table(tuning, say), say.say("Who would be affected"), "tiers")
        st.markdown(plain(margin_sentences(tuning, margin, say)))
        st.caption(plain(say.sentences([definition("tier_reach", say), definition("programme_cost", say)])))
    promised_card(tuning.benefits, say)
    expected_gain_card(figures, wanted, (spending, expected, terms), say)
    spend_offer_card(figures, terms, say)
    personal_offers_card(figures, terms, say)
    return wanted


def terms_at(figures: ShopFigures, margin: float) -> Terms:
    """The terms of expected gains at a margin."""
    learnt = learnt_responses(responses(figures.shop.database), mean_order(figures.facts().customers))
    return Terms(margin, learnt, benefits=cached(promises, figures))


@cache_rule(entries=4)
def promises(figures: ShopFigures) -> ProgrammeBenefits:
    """Inputs to replay a year of benefits other than points for sales; they do not depend on the sliders."""
    segments = figures.segmentation().members[["customer_id", "segment"]]
    with figures.shop.database.reading() as con:
        return programme_benefits(
            con, figures.shop, (figures.facts().customers, segments), figures.as_of, figures.programme()[0]
        )


def promised_card(promised: tuple[Benefit, ...], say: Words) -> None:
    """What the programme promises besides points for sales, each with its cost and gain."""
    if not promised:
        return
    title = say.say("Discounts, gifts and acts")
    with card(title):
        st.markdown(plain(benefits_sentence(promised, say)))
        table = benefits_table(promised, say)
        shown_table(table, title, "promises")
        st.caption(
            say.say(
                "Whether a welcome, sign-ups, reviews and recommendations bring more customers cannot be told from sales that "
                "happened: they stand here with their cost alone."
            )
        )
        downloads(table, "rewards-promises", say)


def controls(figures: ShopFigures, current: Programme, saved: bool, say: Words) -> tuple[Programme, float]:
    """The sliders: rules and margin; and the button that adopts the rules."""
    key = f"tune-{figures.shop.folder.name}-{figures.points_state()}"
    with card(say.say("Thresholds and rewards")):
        left, right = st.columns(2, gap="large")
        with left:
            wanted = point_controls(current, key, say)
        with right:
            wanted = tier_controls(wanted, figures.facts().customers, key, say)
            margin = margin_control(figures, say)
        try:
            checked(wanted)
        except OwnerError as problem:
            st.error(say.message(problem.message))
            return current, margin
        if st.button(
            say.say("Adopt these rules"), type="primary", key="adopt", disabled=saved and wanted == current
        ):
            save_programme(figures.shop, replace(wanted, starts_on=None), now())
            st.toast(say.say("Saved."))
            st.rerun()
    return wanted, margin


def margin_control(figures: ShopFigures, say: Words) -> float:
    """Share of revenue left after cost of goods, in [0, 1]."""
    own_margin = round(figures.shop.settings.margin * 100)
    percent = st.slider(
        say.say("What is left of each sale after the cost of goods"),
        5,
        100,
        own_margin or ASSUMED_MARGIN,
        5,
        format="%d%%",
        key=f"tune-margin-{figures.shop.folder.name}",
        help=say.say("From your settings where you gave a margin; an assumption of a half otherwise."),
    )
    return percent / 100


def curves(figures: ShopFigures, wanted: Programme, margin: float, say: Words) -> None:
    """For one tier, wherever its threshold is set: who reaches it, and what that is expected to bring."""
    movable = {tier.key: say.say(tier.name) for tier in wanted.tiers[1:]}
    if not movable:
        return
    tier_key = st.segmented_control(
        say.say("Tier"),
        list(movable),
        default=next(iter(movable)),
        format_func=movable.__getitem__,
        key="curve-tier",
        label_visibility="collapsed",
        required=True,
    )
    place = next((i for i, tier in enumerate(wanted.tiers) if tier.key == tier_key), 1)
    reach, brings = st.columns(2)
    with reach, card(say.say("How many reach a tier, wherever you set it")):
        drawn = cached(reach_chart, figures, wanted, place, say)
        chart(drawn, say.say("How many reach a tier, wherever you set it"), "tier-curve")
    with brings, card(say.say("What it is expected to bring, wherever you set it")):
        alt = say.say("Expected gain a year with its range, by threshold")
        chart(cached(threshold_gain_chart, figures, wanted, margin, place, say), alt, "gain-curve")


def reach_chart(figures: ShopFigures, wanted: Programme, place: int, say: Words) -> go.Figure:
    """How many reach a tier, by its threshold."""
    tier = wanted.tiers[place]
    middle = float(tier.threshold)
    many = np.linspace(middle * 0.25, middle * 2.5, 120).tolist()
    return tier_curve(threshold_curve(figures.facts().customers, wanted, tier.key, many), middle, say)


def threshold_gain_chart(
    figures: ShopFigures, wanted: Programme, margin: float, place: int, say: Words
) -> go.Figure:
    """What the programme is expected to bring, by the threshold of a tier."""
    middle = float(wanted.tiers[place].threshold)
    few = np.linspace(middle * 0.25, middle * 2.5, CURVE_POINTS).tolist()
    money = wanted.tiering.by == "spend"
    title = say.say("from a spend within 12 months of") if money else say.say("threshold")
    spending, terms = basis(figures.facts().customers, wanted), terms_at(figures, margin)
    return gain_chart(
        gain_curve(spending, wanted, place, [*few, middle], terms), middle, title, say, money=money
    )


def comparison(before: Tuning, after: Tuning, say: Words) -> None:
    """What changes against the rules in force."""
    change = compare(before, after)
    cost = ("+" if change.cost_per_month >= 0 else "") + say.money(change.cost_per_month)
    st.caption(plain(say.say("Beside the rules in force: {cost} a month.", cost=cost)))


def tier_table(tuning: Tuning, say: Words) -> pd.DataFrame:
    """Who would be affected, tier by tier, the highest first."""
    by = tuning.programme.tiering.by
    from_heading = {
        "spend": say.say("Spend within 12 months"),
        "orders": say.say("Orders within 12 months"),
        "points": say.say("Points within 12 months"),
    }[by]
    rows = [
        {
            say.say("Tier"): say.say(t.tier.name),
            from_heading: say.money(float(t.tier.threshold))
            if by == "spend"
            else say.number(float(t.tier.threshold)),
            say.say("Customers"): t.customers,
            say.say("Within reach"): t.within_reach,
            say.say("Share of revenue"): say.percent(t.share_of_revenue),
            say.say("Cost a month"): say.money(t.cost_per_month),
        }
        for t in reversed(tuning.tiers)
    ]
    return pd.DataFrame(rows)


def expected_gain_card(
    figures: ShopFigures, wanted: Programme, inputs: tuple[Basis, Gain, Terms], say: Words
) -> None:
    """What it takes to break even, the best setting within a budget, sensitivity, and personal offers."""
    customers = figures.facts().customers
    spending, expected, terms = inputs
    with card(say.say("What you would have to believe")):
        show_finding(
            break_even_sentences(expected, int(customers["orders_365"].sum()), say), "expected_gain", say
        )
        budget = st.number_input(
            say.say("At most so much a year (0: no limit)"),
            0.0,
            1e9,
            0.0,
            100.0,
            key="tune-budget",
            format="%.0f",
        )
        settings = cached(grid_of, figures, wanted, terms.margin)
        st.markdown(plain(best_setting_sentence(best(settings, budget or None), budget, say)))
        by_budget(budget_curve(settings), budget or expected.cost, say)
        table = sensitivity_table(sensitivity(spending, wanted, terms), say)
        shown_table(table, say.say("What the gain hangs on"), "sensitivity")
        assumed = (terms.responses.step, terms.responses.back, terms.responses.coupon)
        sources = "; ".join(say.say(source) for each in assumed for source in each.sources)
        st.caption(
            plain(
                say.say("{first} {second}", first=say.say("Where the assumptions are from:"), second=sources)
            )
        )
        downloads(table, "rewards-sensitivity", say)


@cache_rule(entries=8)
def grid_of(figures: ShopFigures, wanted: Programme, margin: float) -> list[Setting]:
    """Every setting around the one that is tried, with what it costs and is expected to bring."""
    return grid(figures.facts().customers, wanted, terms_at(figures, margin))


def by_budget(curve: pd.DataFrame, now: float, say: Words) -> None:
    """What the best setting brings for each budget, where any pays and a larger one brings more."""
    if curve.empty or curve["expected"].max() <= 0:
        return
    if len(curve) < 2:
        st.caption(say.say("No setting that costs more is expected to bring more."))
        return
    alt = say.say("Expected gain a year with its range, by budget")
    chart(
        gain_chart(curve.assign(threshold=curve["cost"]), now, say.say("budget a year"), say),
        alt,
        "budget-curve",
    )


def spend_offer_card(figures: ShopFigures, terms: Terms, say: Words) -> None:
    """Discount on orders over a threshold: who gets it anyway, and the expected gain by threshold."""
    orders = cached(sizes_of_orders, figures)
    if not len(orders) or orders.mean() <= 0:
        return
    usual = _usual_size(orders)
    title = say.say("Money off any order from a value on")
    with card(title):
        left, right = st.columns(2)
        key = figures.shop.folder.name
        start = left.number_input(
            say.say("From an order of"),
            usual / 100,
            100 * usual,
            1.5 * usual,
            usual / 10,
            key=f"spend-from-{key}",
        )
        off = right.number_input(
            say.say("Money off"), usual / 100, 10 * usual, usual / 10, usual / 20, key=f"spend-off-{key}"
        )
        if off >= start:
            st.warning(say.say("It must take off less than the order it asks for."))
            return
        st.markdown(plain(spend_offer_sentences(spend_offer(orders, start, off, terms), say)))
        curve, drawn = cached(spend_curve, figures, start, off, terms.margin, say)
        chart(drawn, say.say("Expected gain a year with its range, by threshold"), "spend-curve")
        names = {
            "threshold": say.say("From an order of"),
            "value": say.say("Money off"),
            "qualify": say.say("Orders that reach it anyway"),
            "near": say.say("Orders that lack a quarter at most"),
            "cost": say.say("Cost a year"),
            "expected": say.say("Expected gain a year"),
            "low": say.say("Low"),
            "high": say.say("High"),
        }
        downloads(curve.rename(columns=names)[list(names.values())], "spend-offers", say)


@cache_rule(sales_only=True, entries=4)
def sizes_of_orders(figures: ShopFigures) -> Floats:
    """What is paid for each order."""
    return order_sizes(figures.shop.database.reader(), figures.as_of)


def _usual_size(orders: Floats) -> float:
    """What is paid for an order on average, in two digits."""
    return float(f"{orders.mean():.2g}")


def spend_curve(
    figures: ShopFigures, start: float, off: float, margin: float, say: Words
) -> tuple[pd.DataFrame, go.Figure]:
    """What money off is expected to bring wherever it begins, as a table and drawn."""
    orders = cached(sizes_of_orders, figures)
    usual = _usual_size(orders)
    many = [*np.linspace(usual * 0.5, usual * 4, CURVE_POINTS), start]
    curve = spend_offer_curve(orders, many, off, terms_at(figures, margin))
    return curve, gain_chart(curve, start, say.say("from an order of"), say)


def personal_offers_card(figures: ShopFigures, terms: Terms, say: Words) -> None:
    """The discount by chance to buy, and everyone's offer as a file."""
    with card(say.say("How much off, for whom: the smallest coupon that is expected to pay for itself")):
        rule = depth_table(terms.margin, terms.responses.coupon)
        st.markdown("\n".join(f"- {plain(line)}" for line in depth_sentences(rule, say)))
        st.caption(
            say.say("The same chance, the same offer, on every product: nobody has a price of their own.")
        )
        st.caption(
            plain(
                say.plural(
                    "The chance is that of buying within {n} day, told from each one's own purchases (BG/NBD).",
                    "The chance is that of buying within {n} days, told from each one's own purchases (BG/NBD).",
                    COUPON_DAYS,
                )
            )
        )
        con = figures.shop.database.reader()
        downloads(
            lambda: offers_table(personal_offers(con, figures.as_of, terms), say), "personal-offers", say
        )


def offers_table(offers: pd.DataFrame, say: Words) -> pd.DataFrame:
    """Everybody's offer under the reader's headings."""
    return pd.DataFrame(
        {
            say.say("Customer id"): offers["customer_id"],
            say.say("Chance to buy anyway"): offers["p"],
            say.say("Share off"): offers["depth"],
            say.say("Expected gain"): offers["gain"],
            say.say("Low"): offers["low"],
            say.say("High"): offers["high"],
        }
    )
