"""Cross-selling: the search, rules as sentences, network, heat map and table; bundles; all products."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import streamlit as st

from loyalty.charts.cross_sell import heat_map, network
from loyalty.models.cross_sell.basket_index import index_baskets
from loyalty.models.cross_sell.bundles import Bundle, BundleTerms, find_bundles
from loyalty.models.cross_sell.pairs import lift_table
from loyalty.models.cross_sell.rule_survival import survival_sentence
from loyalty.models.cross_sell.rules import Rule, RuleSet, exclude_products, one_direction
from loyalty.models.cross_sell.search import KINDS, LEVELS, Search
from loyalty.models.cross_sell.sentences import (
    assumption_sentences,
    bundle_sentences,
    bundles_table,
    rule_sentence,
    rules_table,
)
from loyalty.words import Words
from ui.cache import cache_rule, cached
from ui.shop_figures import ShopFigures
from ui.show import card, chart, definition, downloads, in_pairs, plain, shown_table

SENTENCES = 12
SHOWN = 500
MAP_PRODUCTS = 15


def controls(figures: ShopFigures, say: Words) -> Search:
    """Controls of the search: baskets, products or categories, minimum count and confidence."""
    kinds = dict(
        zip(
            KINDS,
            (say.say("in one order"), say.say("on one day"), say.say("one after the other")),
            strict=True,
        )
    )
    levels = dict(zip(LEVELS, (say.say("products"), say.say("categories")), strict=True))
    left, right = st.columns(2)
    kind = left.segmented_control(
        say.say("Bought together"),
        KINDS,
        default="order",
        format_func=kinds.__getitem__,
        key="rule-kind",
        required=True,
    )
    level = right.segmented_control(
        say.say("What is compared"),
        LEVELS,
        default="product",
        format_func=levels.__getitem__,
        key="rule-level",
        required=True,
    )
    search = Search(kind=kind or "order", level=level or "product")
    with st.expander(say.say("How often, how sure"), key="rule-thresholds"):
        return thresholds(figures, search, say)


def thresholds(figures: ShopFigures, search: Search, say: Words) -> Search:
    """The owner's thresholds on top of a search."""
    first, second, third = st.columns(3)
    if search.kind == "window":
        days = third.slider(say.say("Within so many days"), 7, 180, search.days, key="rule-days")
        search = replace(search, days=days)
    else:
        length = third.slider(say.say("Products in a rule, at most"), 2, 4, 3, key="rule-length")
        search = replace(search, max_len=length)
    usual = figures.default_count(search)
    count = first.slider(
        say.say("At least so many customers")
        if search.kind == "window"
        else say.say("At least so many orders with both"),
        2,
        max(50, usual * 3),
        usual,
        key=f"rule-count-{search.kind}-{search.level}",
        help=definition("support", say),
    )
    confidence = second.slider(
        say.say("Holds in at least so many of 100"),
        0,
        90,
        5 if search.kind == "window" else 10,
        5,
        format="%d%%",
        key=f"rule-confidence-{search.kind}",
        help=definition("confidence", say),
    )
    every = st.toggle(
        say.say("Show all rules, also those that may be chance"),
        key="rule-all",
        help=say.say(
            "Without this, only rules show that are very unlikely to be chance, that rest on five customers or more, "
            "that say more than a shorter one, and whose products were sold within the last 90 days."
        ),
    )
    return replace(search, count=count, min_confidence=confidence / 100, all_rules=every)


def left_out(rules: RuleSet, key: str, say: Words) -> list[str]:
    """Products that the owner leaves out, such as postage or bags."""
    products = sorted({name for rule in rules for name in (*rule.antecedent, rule.consequent)})
    chosen = [name for name in st.session_state.get(key, []) if name not in products]
    return st.multiselect(
        say.say("Leave out"),
        [*chosen, *products],
        key=key,
        placeholder=say.say("products that are never offered, such as postage"),
    )


@st.fragment
def bought_together(figures: ShopFigures, say: Words) -> None:
    """The rules of the owner's search."""
    search = controls(figures, say)
    if search.level == "category" and figures.baskets(search.basket_kind, "category").empty:
        st.info(say.say("Your exports name no categories. Bring in an export with a category on each line."))
        return
    with st.spinner(say.say("Looking through all orders…"), show_time=True):
        rule_set, survival = figures.rules(search), figures.survival(replace(search, all_rules=False))
    if rule_set.note:
        st.info(say.message(rule_set.note))
    if rule_set.rules.empty:
        if not rule_set.note:
            st.info(nothing_found(search, say))
        return
    st.markdown(f":gray[{plain(say.message(survival_sentence(survival)))}]")
    views = [say.say("In words"), say.say("As a picture"), say.say("As a heat map")]
    first, second = st.columns(2, vertical_alignment="bottom")
    view = first.segmented_control(
        say.say("Show"), views, default=views[0], key="rule-view", label_visibility="collapsed", required=True
    )
    with second:
        rule_set = exclude_products(rule_set, left_out(rule_set, "rule-left-out", say))
    rules = one_direction(rule_set) if search.kind != "window" else list(rule_set)
    if rules and view == views[1]:
        rule_chart(rules, search, say)
    elif rules and view == views[2]:
        cells(figures, rules, search, say)
    else:
        rule_sentences(rules, search, say)
    rule_table(rule_set, search, say)


def finding(rule: Rule, say: Words) -> str:
    """The strongest rule as the title of a chart."""
    return say.say(
        "{left} and {right} go together more than any others",
        left=say.listing(list(rule.antecedent)),
        right=rule.consequent,
    )


def rule_chart(rules: Sequence[Rule], search: Search, say: Words) -> None:
    """The network of products."""
    with card(finding(rules[0], say)):
        drawn = network(rules, say, directed=search.kind == "window")
        chart(drawn, say.say("Products that go together, joined by lines"), "rule-network")
        st.caption(
            say.say(
                "The thicker a line, the more often together. In colour: three times as often as by chance, or more."
            )
        )


def cells(figures: ShopFigures, rules: Sequence[Rule], search: Search, say: Words) -> None:
    """The heat map."""
    with card(finding(rules[0], say)):
        chart(
            heat_map(heat_table(figures, search, rules), say),
            say.say("How often each two products meet"),
            "rule-heat",
        )
        st.caption(
            say.say(
                "The darker, the more often together; the scale says how many times as often as by chance. Pale: about as "
                "often, or less."
            )
        )


def nothing_found(search: Search, say: Words) -> str:
    """Why there may be nothing, and what to do."""
    if search.kind == "window":
        return say.say(
            "After no product do customers buy another for the first time more often than at other times, at these thresholds. Lower them, or bring in more sales."
        )
    return say.say(
        "No products are bought together more often than by chance at these thresholds. Lower them, or bring in more sales."
    )


def rule_sentences(rules: Sequence[Rule], search: Search, say: Words) -> None:
    """The first rules as cards."""
    for box, rule in in_pairs(rules[:SENTENCES]):
        with box:
            left = say.listing(list(rule.antecedent))
            st.markdown(f"**{plain(say.say('{left} → {right}', left=left, right=rule.consequent))}**")
            st.markdown(plain(rule_sentence(rule, say, search.kind, search.days)))


def heat_table(figures: ShopFigures, search: Search, rules: Sequence[Rule]) -> pd.DataFrame:
    """Lifts among the products of the best rules, filled up with the best sellers."""
    named = dict.fromkeys(name for rule in rules for name in (*rule.antecedent, rule.consequent))
    return cached(lifts_among, figures, search.basket_kind, search.level, tuple(named)[:MAP_PRODUCTS])


@cache_rule(sales_only=True)
def lifts_among(figures: ShopFigures, kind: str, level: str, named: tuple[str, ...]) -> pd.DataFrame:
    """Lifts among some products and, up to MAP_PRODUCTS, the best sellers."""
    baskets = figures.baskets(kind, level)
    often = baskets["product"].value_counts().index[:MAP_PRODUCTS]
    return lift_table(baskets, list(dict.fromkeys([*named, *often]))[:MAP_PRODUCTS])


def rule_table(rule_set: RuleSet, search: Search, say: Words) -> None:
    """All rules with their figures, and the download."""
    st.markdown(f"**{say.plural('{n} rule', '{n} rules', len(rule_set.rules))}**")
    st.caption(definition("next_lift" if search.kind == "window" else "lift", say))
    table = rules_table(replace(rule_set, rules=rule_set.rules.head(SHOWN)), say, search.kind, search.days)
    shares, times = table.columns[[2, 3]], table.columns[[4, 5, 6]]
    table = table.assign(**{name: 100 * table[name] for name in shares})
    formats = {
        **{name: st.column_config.NumberColumn(format="%.1f%%") for name in shares},
        **{name: st.column_config.NumberColumn(format="%.1f") for name in times},
        table.columns[9]: st.column_config.NumberColumn(format="%.4f"),
    }
    shown_table(table, say.say("All rules with their figures"), "rules-table", column_config=formats)
    if len(rule_set.rules) > SHOWN:
        st.caption(say.say("The table shows the first {n}; the download holds all.", n=say.number(SHOWN)))
    downloads(lambda: rules_table(rule_set, say, search.kind, search.days), "rules", say)


@cache_rule(sales_only=True)
def bundles_of(figures: ShopFigures, terms: BundleTerms, never: tuple[str, ...]) -> list[Bundle]:
    """The bundles of the last 12 months."""
    baskets = figures.baskets()
    year = baskets[baskets["at"] > pd.Timestamp(figures.as_of) - pd.Timedelta(days=364)]
    sold = figures.prices()
    prices = dict(zip(sold["product"], sold["price"], strict=True))
    return find_bundles(
        exclude_products(figures.rules(Search(max_len=4)), never), index_baskets(year), prices, terms
    )


def bundle_terms(figures: ShopFigures, say: Words) -> BundleTerms:
    """The owner's assumptions: extra orders, and the margin, by default that of the settings."""
    left, right = st.columns(2)
    uplift = left.slider(
        say.say("More orders for every 100 that hold all of it today"),
        5,
        100,
        20,
        5,
        key="bundle-uplift",
        help=say.say(
            "An assumption: no figures can say it before you try. Try one bundle, and change this by what you see."
        ),
    )
    usual = round(100 * figures.shop.settings.margin)
    margin = right.slider(
        say.say("Left of each 100 of price after the cost of goods (your margin)"),
        0,
        95,
        usual,
        5 if usual % 5 == 0 else 1,
        key=f"bundle-margin-{usual}",
        help=say.say("0: not known, so no price is suggested. The usual one stands in the settings."),
    )
    return BundleTerms(margin / 100, uplift / 100)


@st.fragment
def bundle_list(figures: ShopFigures, say: Words) -> None:
    """Bundles of two to four products: expected gain and suggested price."""
    terms = bundle_terms(figures, say)
    never = left_out(figures.rules(Search(max_len=4)), "bundle-left-out", say)
    with st.spinner(say.say("Looking through all orders…"), show_time=True):
        bundles = cached(bundles_of, figures, terms, tuple(sorted(never)))
    if not bundles:
        st.info(
            say.say(
                "There is no bundle to suggest yet: it takes products with a price that go together beyond chance, in five orders of the last 12 months or more."
            )
        )
        return
    st.markdown(f":gray[{plain(assumption_sentences(terms, say))}]")
    for box, bundle in in_pairs(bundles[:SENTENCES]):
        with box:
            st.markdown(f"**{plain(' + '.join(bundle.products))}**")
            st.markdown(plain(bundle_sentences(bundle, say)))
    st.caption(definition("bundle", say))
    table = bundles_table(bundles, say)
    amounts = [table.columns[position] for position in (1, 2, 8, 9)]
    formats = {
        **{name: st.column_config.NumberColumn(format="%.2f") for name in amounts},
        **{name: st.column_config.NumberColumn(format="percent") for name in table.columns[[3, 4]]},
        table.columns[7]: st.column_config.NumberColumn(format="%.0f"),
    }
    shown_table(table, say.say("All bundles with their figures"), "bundles-table", column_config=formats)
    downloads(table, "bundles", say, dict.fromkeys(amounts, 2))


def product_table(figures: ShopFigures, say: Words) -> None:
    """All products by number of orders."""
    money = say.say("Revenue before refunds")
    products = figures.products().rename(
        columns={
            "product": say.say("Product"),
            "orders": say.say("Orders"),
            "customers": say.say("Known customers"),
            "quantity": say.say("Pieces"),
            "revenue": money,
            "last_at": say.say("Last sold"),
        }
    )
    shown_table(
        products,
        say.say("All products by number of orders"),
        "products-table",
        column_config={
            money: st.column_config.NumberColumn(format="%.2f"),
            say.say("Last sold"): st.column_config.DateColumn(),
        },
    )
    downloads(products, "products", say, {money: 2})
