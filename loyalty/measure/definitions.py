"""What every figure means, in words that stand beside it on the screen and in `docs/definitions.md`."""

from __future__ import annotations

from collections.abc import Mapping

from loyalty.words import N_

#: Figure to (name, definition); the order is that of the documentation.
DEFINITIONS: Mapping[str, tuple[str, str]] = {
    "revenue": (
        N_("Net revenue"),
        N_("What was paid for goods: after discounts and refunds, without shipping, tips and separate sales tax. "
           "Unpaid and cancelled orders are out; sales to unknown buyers are in."),
    ),
    "orders": (
        N_("Orders"),
        N_("Paid orders with something left after refunds, sales to unknown buyers included."),
    ),
    "customers": (
        N_("Customers"),
        N_("People known by e-mail, phone or customer number with at least one order."),
    ),
    "aov": (
        N_("Average order value"),
        N_("Net revenue ÷ orders."),
    ),
    "repurchase_rate": (
        N_("Repurchase rate"),
        N_("Customers with two or more orders ÷ customers with at least one, of all time or within the period chosen. "
           "Sales to unknown buyers are left out."),
    ),
    "repurchase_within": (
        N_("Come back within 90 days"),
        N_("Share of first-time customers who buy a second time within 90 days. Customers whose 90 days are not over yet "
           "are allowed for (Kaplan–Meier); the range holds the true share 95 times in 100 (log-log Greenwood)."),
    ),
    "returning_rate": (
        N_("Returning customer rate"),
        N_("Of the customers who ordered in the period, the share who had ordered before. Not the same as the repurchase "
           "rate: it looks at one period's buyers, not at everybody."),
    ),
    "purchase_frequency": (
        N_("Orders a year"),
        N_("Orders of the last 365 days ÷ customers who ordered in them."),
    ),
    "gap": (
        N_("Usual gap between purchases"),
        N_("The median of days between one purchase day and the next of the same customer; half of all gaps lie in the range."),
    ),
    "historic_clv": (
        N_("A customer has brought so far"),
        N_("Net revenue so far ÷ known customers (× your margin, where you gave one in the settings)."),
    ),
    "formula_clv": (
        N_("A customer is worth"),
        N_("Average order value × orders a year × years a customer stays (× your margin, where you gave one). The years are "
           "1 ÷ the share of customers lost in a year, or your own figure from the settings."),
    ),
    "csat": (
        N_("Satisfied (4–5 of 5)"),
        N_("Answers of 4 or 5 out of 5 ÷ all answers; the range is Wilson's, right 95 times in 100."),
    ),
    "nps": (
        N_("Would recommend (NPS)"),
        N_("Share of 9–10 minus share of 0–6, of answers from 0 to 10; between −100 and 100."),
    ),
    "retention": (
        N_("Cohort retention"),
        N_("Of those whose first purchase fell in a month, the share buying again in each later month. Months that have "
           "not begun are blank."),
    ),
    "anonymous": (
        N_("Orders of unknown buyers"),
        N_("Orders without a usable e-mail, phone or customer number ÷ all orders. They count in revenue and in what is "
           "bought together, never in figures about customers."),
    ),
    "lift": (
        N_("Times as often as by chance"),
        N_("How much more often two products meet in one order than they would if people picked them independently (lift). "
           "Rare pairs are pulled towards 1, as they are flattered by luck."),
    ),
    "next_lift": (
        N_("Times as often, one after the other"),
        N_("Of the customers who buy the first product for the first time, how many more buy the second, new to them, within "
           "the days chosen, than other customers of the same month and channel who do not have it yet."),
    ),
    "bundle": (
        N_("More revenue from a bundle"),
        N_("Orders of the last 365 days that hold all of its products × the share that you assume to come on top × the price of "
           "the product they lack, less the discount on all of these orders. The suggested price gives away half of what the "
           "additional orders earn at your margin, so it never costs profit if the assumption holds."),
    ),
    "movement": (
        N_("Who moved"),
        N_("Customers of an earlier day are grouped as today's are; each group of then is matched to the nearest of today. "
           "Up means to a group that buys more and more lately; slipped, to one that buys less or has been silent longer."),
    ),
    "stability": (
        N_("How firm groups are"),
        N_("How far other samples of the same customers give the same groups: the mean adjusted Rand index of ten bootstrap "
           "samples, 1 for the same each time; of one group, the mean share found again (Jaccard)."),
    ),
    "support": (
        N_("Share of orders with both"),
        N_("Orders that hold all products of the rule ÷ all orders (support)."),
    ),
    "confidence": (
        N_("How often it holds"),
        N_("Of the orders that hold the first products, the share that also holds the offered one (confidence)."),
    ),
    "tier_reach": (
        N_("Within reach"),
        N_("Customers whose spend of the last 365 days is at most one usual order of their own below the tier."),
    ),
    "programme_cost": (
        N_("Cost of the rewards"),
        N_("Points given over the last 365 days × what a point is worth × the share you expect to be used."),
    ),
}  # fmt: skip
