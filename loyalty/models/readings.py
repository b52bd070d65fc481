"""Rules in an owner's words, and as a table that can be downloaded."""

from __future__ import annotations

import pandas as pd

from loyalty.models.rules import Rule, RuleSet
from loyalty.words import Words


def reading(rule: Rule, words: Words) -> str:
    """The rule as a sentence; how much oftener than by chance is the shrunk lift, the one to expect later.

    "Of 100 baskets with dripper, 48 also hold paper filters: 3.2 times as often as by chance."
    """
    said = words.say(
        "Of 100 baskets with {antecedent}, {share} also hold {consequent}",
        antecedent=words.listing(list(rule.antecedent)),
        share=words.number(100 * rule.confidence),
        consequent=rule.consequent,
    )
    return words.say("{sentence}: {compared}.", sentence=said, compared=_compared(rule.shrunk_lift, words))


def _compared(lift: float, words: Words) -> str:
    """How the lift compares with chance; within 5 % of it counts as no difference."""
    if lift < 0.95:
        return words.say("less often than by chance")
    if lift < 1.05:
        return words.say("about as often as by chance")
    return words.say("{times} times as often as by chance", times=words.number(lift, 1))


def rules_table(rules: RuleSet, words: Words) -> pd.DataFrame:
    """One row a rule under headings in the reader's language; shares and counts stay numbers."""
    headings = [
        words.say("If the order holds"),
        words.say("Then offer"),
        words.say("Share of orders with both"),
        words.say("Share of those orders that also hold the offer"),
        words.say("Times as often as by chance"),
        words.say("Times as often, to be expected later"),
        words.say("Times as often, at least (95 %)"),
        words.say("Orders with both"),
        words.say("Customers behind it"),
        words.say("Risk that it is chance"),
        words.say("In words"),
    ]
    rows = [
        (
            words.listing(list(rule.antecedent)),
            rule.consequent,
            rule.support,
            rule.confidence,
            rule.lift,
            rule.shrunk_lift,
            rule.lift_low,
            rule.count,
            rule.customers,
            rule.q_value,
            reading(rule, words),
        )
        for rule in rules
    ]
    return pd.DataFrame(rows, columns=headings)
