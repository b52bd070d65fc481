"""Products: what sells, and what is bought together."""

from __future__ import annotations

import itertools
from dataclasses import replace

import streamlit as st

from loyalty.models.readings import reading, rules_table
from loyalty.models.rules import Rule
from loyalty.words import Words
from ui.cached import Desk, desk
from ui.session import words
from ui.show import answer, definition, downloads, nothing_yet, plain, shown_table
from ui.suggestions import for_whom, how_good

say = words()
SENTENCES = 12
SHOWN = 500


def thresholds(at: Desk, say: Words) -> tuple[int, float, int, bool]:
    """The owner's thresholds for rules."""
    usual = at.usual_count()
    first, second, third = st.columns(3)
    count = first.slider(
        say.say("At least so many orders with both"),
        2,
        max(50, usual * 3),
        usual,
        key="rule-count",
        help=definition("support", say),
    )
    confidence = second.slider(
        say.say("Holds in at least so many of 100"),
        0,
        90,
        10,
        5,
        format="%d%%",
        key="rule-confidence",
        help=definition("confidence", say),
    )
    length = third.slider(say.say("Products in a rule, at most"), 2, 4, 3, key="rule-length")
    every = st.toggle(
        say.say("Show all rules, also those that may be chance"),
        key="rule-all",
        help=say.say(
            "Without this, only rules show that are very unlikely to be chance and that say more than a shorter one."
        ),
    )
    return count, confidence / 100, length, every


def one_way(rules: list[Rule]) -> list[Rule]:
    """Each set of products once, in the direction that is more certain."""
    best: dict[frozenset[str], Rule] = {}
    for rule in rules:
        together = frozenset((*rule.antecedent, rule.consequent))
        if together not in best or rule.confidence > best[together].confidence:
            best[together] = rule
    return list(best.values())


def together(at: Desk, say: Words) -> None:
    """Rules in sentences, then as a table."""
    count, confidence, length, every = thresholds(at, say)
    with st.spinner(say.say("Looking through all orders…"), show_time=True):
        found = at.rules(count, confidence, length, all_rules=every)
    if found.note:
        st.info(say.message(found.note))
    rules = list(itertools.islice(found, SHOWN))
    if not rules:
        st.info(
            say.say(
                "No products are bought together more often than by chance at these thresholds. Lower them, or bring in more sales."
            )
        )
        return
    grid = st.columns(2)
    for place, rule in enumerate(one_way(rules)[:SENTENCES]):
        with grid[place % 2], st.container(border=True):
            left = say.listing(list(rule.antecedent))
            st.markdown(f"**{plain(say.say('{left} → {right}', left=left, right=rule.consequent))}**")
            st.markdown(plain(reading(rule, say)))
    st.markdown(f"**{say.plural('{n} rule', '{n} rules', len(found.rules))}**")
    st.caption(definition("lift", say))
    first = replace(found, rules=found.rules.head(SHOWN))
    shown_table(rules_table(first, say), say.say("All rules with their figures"), "rules-table")
    if len(found.rules) > SHOWN:
        st.caption(say.say("The table shows the first {n}; the download holds all.", n=say.number(SHOWN)))
    downloads(lambda: rules_table(found, say), "rules", say)


def sellers(at: Desk, say: Words) -> None:
    """All products by number of orders."""
    found = at.products().rename(
        columns={
            "product": say.say("Product"),
            "orders": say.say("Orders"),
            "customers": say.say("Known customers"),
            "quantity": say.say("Pieces"),
            "revenue": say.say("Revenue before refunds"),
            "last_at": say.say("Last sold"),
        }
    )
    money = say.say("Revenue before refunds")
    shown_table(
        found,
        say.say("All products by number of orders"),
        "products-table",
        column_config={
            money: st.column_config.NumberColumn(format="%.2f"),
            say.say("Last sold"): st.column_config.DateColumn(),
        },
    )
    downloads(found, "products", say, {money: 2})


at = desk()
if at is None:
    nothing_yet(
        say.say(
            "Here you will see what sells and what is bought together: what to put side by side, what to offer with what."
        ),
        say,
    )
    st.stop()
assert at is not None
if at.products().empty:
    answer(
        say.say("Your exports name no products"),
        say.say("Bring in an export that lists the products of each order."),
    )
    st.stop()
best = at.best_rule()
if best is None:
    answer(
        say.say("No two products go together beyond chance yet"),
        say.say("The number of orders looked at is {n}.", n=say.number(at.baskets())),
    )
else:
    answer(
        say.say(
            "Offer {product} with {with_what}",
            product=best.consequent,
            with_what=say.listing(list(best.antecedent)),
        ),
        reading(best, say),
    )
tabs = st.tabs(
    [
        say.say("Bought together"),
        say.say("All products"),
        say.say("For whom what"),
        say.say("How good the suggestions are"),
    ],
    on_change="rerun",  # what the last two show takes work, and is worked out when they are opened
    key="products-tabs",
)
with tabs[0]:
    together(at, say)
with tabs[1]:
    sellers(at, say)
for tab, section in ((tabs[2], for_whom), (tabs[3], how_good)):
    if tab.open:
        with tab:
            section(at, say)
