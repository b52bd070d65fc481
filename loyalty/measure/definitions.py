"""Definitions of all figures, for the screens and `docs/definitions.md`."""

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
        N_(
            "People known by e-mail, phone or customer number with at least one order. Whoever is known by several of these counts once."
        ),
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
    "repurchase_within_cohort": (
        N_("Coming back, by time of the first purchase"),
        N_("Of the customers whose first purchase fell in a month or quarter, the share who buy a second time within so many "
           "days. People whose days are not over are allowed for (Kaplan–Meier); a share is left open while nobody has been "
           "watched for so long. The band holds the true share 95 times in 100."),
    ),
    "repurchase_within_group": (
        N_("Coming back, by how they came"),
        N_("The same share for customers whose first order held a product, or who came by a channel or source; one customer "
           "can be in several groups, and groups of fewer than 20 are pooled as “others”. A group is said to stand out only "
           "where luck is ruled out: of the groups named, at most one in twenty is named by luck (arcsine test against all "
           "other customers, Benjamini–Hochberg)."),
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
    "campaign_lift": (
        N_("What a campaign added"),
        N_("Mean of those written to less mean of those held back, whoever read the message or not; in total: times those "
           "written to. Range of shares: Newcombe; of orders and money: bootstrap, with spend of the year before allowed for "
           "(CUPED). Four looks together are right 95 times in 100 (Lan–DeMets, O’Brien–Fleming)."),
    ),
    "campaign_gain": (
        N_("Gain after cost"),
        N_("Margin of what was bought, less what coupons took off and messages cost. Without your margin in the settings: net "
           "revenue, which is after coupons, less messages."),
    ),
    "would_anyway": (
        N_("Would have bought anyway"),
        N_("1 − extra buyers ÷ coupons used, where extra buyers are the difference of the shares who bought times those "
           "written to."),
    ),
    "uplift": (
        N_("Moved by a message"),
        N_("How much more likely people like this one bought when written to (a logistic model for each group). The curve is "
           "drawn on a half of the people that the model was not made from; only where its area above a random order (Qini) "
           "is above nothing beyond luck is the ranking offered."),
    ),
    "next_offer": (
        N_("What to offer next"),
        N_("What each offer brought a person written to, in this shop’s own campaigns, on top of a guess around nothing; "
           "chosen by Thompson sampling: the better an offer is known to be, the more often it comes up, and what is hardly "
           "known comes up now and then. “No offer” brings nothing and costs nothing."),
    ),
    "before_after": (
        N_("Before and after"),
        N_("No proof. Weeks: an interrupted series (level, trend and, from two years on, the time of year; Newey–West errors). "
           "People: each who took part beside the most similar who did not (nearest neighbour on orders, spend and silence "
           "before, what difference is left taken off by regression)."),
    ),
    "status": (
        N_("Status of a customer"),
        N_("Each customer is exactly one of: new (first order within the shop's usual gap), active (bought on two days or more, "
           "not late), due (inside the window in which they usually buy again), overdue (later than their own usual gap, and an "
           "order within the next one is at least 10% less likely than it was right after their last), lapsed (probably no "
           "customer any more), bought once (one day with an order, longer ago than the shop's usual gap). The usual gap is the "
           "number of days within which 80% of repeat orders come: of the customer's own gaps, mixed with the shop's the more the "
           "fewer they have. Where there are too few orders for a model, overdue means later than usual, and lapsed three usual "
           "gaps without an order."),
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
    "predicted_clv": (
        N_("What a customer will bring"),
        N_("Expected purchases in the months ahead (BG/NBD) × expected spend of each (Gamma-Gamma), money to come counted at a "
           "yearly discount of 10 % (× your margin, where you gave one). The range should hold 8 times of 10; it is as wide as "
           "your own past predictions turned out to need."),
    ),
    "p_alive": (
        N_("Still a customer"),
        N_("The probability that somebody who bought so often before, and has not ordered for so long, has not left for good "
           "(MBG/NBD). The same model decides who has lapsed."),
    ),
    "next_order": (
        N_("Next order from, until"),
        N_("Half of all next orders fall between the two days, if there is one within 12 months (BG/NBD). Left out for customers "
           "who have probably left."),
    ),
    "content": (
        N_("Content (1–5)"),
        N_("The mean of one customer's answers, each brought to a scale of 1 to 5: stars and satisfaction as they are, the question "
           "whether they would recommend from 0–10."),
    ),
    "action_worth": (
        N_("What an action may bring"),
        N_("The share of answers (assumed, or as your campaigns measured) × the chance that each person still is a customer × what "
           "one order of theirs brings, summed over the people; of a pair, the orders of the last 90 days that lacked the second product × its price × the share. At "
           "your margin, where you gave one. The range holds four times in five: luck, and a share of answers from about a third "
           "to nearly twice the one assumed. People who said no to messages are left out."),
    ),
    "csat": (
        N_("Satisfied (4–5 of 5)"),
        N_("Answers of 4 or 5 out of 5 ÷ all answers; the range is Wilson's, right 95 times in 100."),
    ),
    "nps": (
        N_("Would recommend (NPS)"),
        N_("Share of 9–10 minus share of 0–6, of answers from 0 to 10; between −100 and 100."),
    ),
    "reviews": (
        N_("Stars of reviews"),
        N_("The mean of all stars that reviews give, out of 5. Reviews are written by those who like to write them: they are "
           "no part of satisfaction, which is asked of customers."),
    ),
    "referral_rate": (
        N_("Referral rate"),
        N_("Customers who brought at least one new customer ÷ customers. A new customer counts whose first purchase is not "
           "before the day of the recommendation; whom several recommended you to counts for the first of them."),
    ),
    "referred_share": (
        N_("Came by recommendation"),
        N_("New customers of the period whom another customer brought ÷ its new customers."),
    ),
    "cac": (
        N_("Cost of a new customer"),
        N_("Marketing spend ÷ new customers (CAC), both of the months that begin in the period and whose spend is known. "
           "Everybody who is new counts, whether or not the money brought them."),
    ),
    "csat_by_segment": (
        N_("Satisfied, by segment"),
        N_("The same share for the answers of each segment's customers. A segment is said to stand out only where luck is ruled "
           "out (arcsine test against all other answers, Benjamini–Hochberg at 5%)."),
    ),
    "csat_by_product": (
        N_("Satisfied, by product"),
        N_("The same share for the answers about each product: the one that the answer names, else those of the customer's last "
           "order before it, so one answer can count for several. Products with fewer than 10 answers are pooled; a product "
           "is said to stand out only where luck is ruled out."),
    ),
    "response_rate": (
        N_("Who answers"),
        N_("Of the customers who ordered in the period, the share who gave a score, from the day of their first order in it to "
           "30 days after its end. Answers without a known customer do not count here."),
    ),
    "cac_by_channel": (
        N_("Cost of a new customer, by channel"),
        N_("Spend of a channel ÷ the new customers who say that they came through it, in the months in which money was spent on it. "
           "The row of all together takes everybody who is new in the months with spend, whether or not the money brought them."),
    ),
    "clv_to_cac": (
        N_("Worth ÷ cost of a customer (CLV : CAC)"),
        N_("What the new customers of the months with spend have brought so far and are expected to bring in the next 12 months "
           "(× your margin, where you gave one), per customer, ÷ what one cost. Below 1 a new customer does not earn back what "
           "they cost."),
    ),
    "payback": (
        N_("Months until the cost is back (payback)"),
        N_("The first month in which what new customers have brought so far (× your margin, where you gave one) covers what they "
           "cost. Month 0 is that of the first purchase; a month counts for those for whom it is over."),
    ),
    "change": (
        N_("What moved net revenue"),
        N_("The parts add up to the whole change. By buyers, product or year: each one's net revenue now less then, an order's "
           "being shared among its products by their amounts. Through what: customers × orders of each × value of an order, the "
           "change shared among the factors by the logarithmic mean Divisia index (Ang 2005). “Chance alone could do that” "
           "means: less than 1.96 times what random comings of customers would make."),
    ),
    "forecast": (
        N_("The months to come"),
        N_("Told by the method that did best on your own past: every past month was told from the months before it, and the "
           "method with the least error won (MASE: the error ÷ the usual step from one month to the next). The range comes "
           "from that method's own errors and should hold 8 months of 10. The month under way and a first month that began "
           "late are left out."),
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
        N_("Points given over the last 365 days × what a point is worth × the share you expect to be used, and what discounts, gifts and "
           "recommendations would have taken off, if every order that could carry one carried it."),
    ),
    "expected_gain": (
        N_("Expected gain of the rewards"),
        N_("Margin on what customers buy more because of the rewards, less the rewards on sales that happen anyway, a year. How "
           "customers respond is an assumption until a campaign of your own has measured it; the range holds 8 years of 10 if "
           "the assumptions do."),
    ),
    "points_liability": (
        N_("Owed in points (liability)"),
        N_("Points that have not expired, pending ones among them × what a point takes off × the share you expect to be used."),
    ),
    "redemption_rate": (
        N_("Points used"),
        N_("Points used ÷ points given, less those that returns took back; by the month they were given in, so that it never "
           "exceeds 100 %."),
    ),
    "breakage": (
        N_("Never used (breakage)"),
        N_("Points that have expired, or are not expected ever to be used ÷ points given."),
    ),
    "pending_points": (
        N_("Pending points"),
        N_("Points of orders that can still be returned: they count once that time is over."),
    ),
}  # fmt: skip
