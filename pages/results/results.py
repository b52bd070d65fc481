"""The parts of Results: one campaign's figures, segments, uplift and learning; the whole programme before and after."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pandas as pd
import streamlit as st

from loyalty.campaigns.lift import Lift
from loyalty.campaigns.response import offer_probabilities
from loyalty.campaigns.results import CONVERSION, GAIN, ORDERS, REVENUE, CampaignResult
from loyalty.campaigns.sentences import offer_comparison_sentence, offer_key_text
from loyalty.charts.campaigns import money_ranges, qini_chart, weeks_before_after
from loyalty.charts.shares import share_groups
from loyalty.measure.satisfaction import wilson
from loyalty.rewards.points.order_points import mean_order
from loyalty.services.campaign_learning import expected_offer_gains, save_measured_responses
from loyalty.services.campaign_results import (
    UpliftRanking,
    WholeProgramme,
    campaign_result,
    most_responsive_audience,
    programme_start,
    rank_by_uplift,
    whole_programme,
)
from loyalty.store.campaigns import CampaignRecord, responses, undo_responses
from loyalty.words import N_, Words
from ui.audience import audience_button
from ui.cache import cached
from ui.session import now
from ui.shop_figures import ShopFigures
from ui.show import card, chart, definition, downloads, plain, show_finding, shown_table

OUTCOME_NAMES = {
    CONVERSION: N_("Share who bought"),
    ORDERS: N_("Orders"),
    REVENUE: N_("Net revenue"),
    GAIN: N_("Gain after cost"),
}


def result_of(figures: ShopFigures, record: CampaignRecord) -> CampaignResult:
    """One campaign's result."""
    with figures.shop.database.reading() as con:
        return campaign_result(con, record, figures.as_of, figures.settings)


def outcome_figures(result: CampaignResult, say: Words) -> None:
    """Shares of buyers, and the effect in money."""
    conversion = result.lifts[CONVERSION]
    left, right = st.columns(2)
    with left, card(_finding(conversion, say)):
        chart(share_groups(_groups(conversion, say), say), _finding(conversion, say), "result-shares")
    with right, card(say.say("In money, with the range that luck leaves")):
        rows = [(say.say(OUTCOME_NAMES[name]), result.lifts[name]) for name in (REVENUE, GAIN)]
        chart(money_ranges(rows, say), say.say("In money, with the range that luck leaves"), "result-money")
        st.caption(
            plain(
                say.say(
                    "{used} coupons came back; they took off {cost}, the messages cost {posted}.",
                    used=say.number(result.coupons_used),
                    cost=say.money(result.cost),
                    posted=say.money(result.message_cost),
                )
            )
        )
    table = outcome_table(result.lifts, say)
    shown_table(table, say.say("Every outcome with its range"), "result-table")
    downloads(table, "result", say)
    st.caption(plain(definition("campaign_lift", say)))


def _finding(lift: Lift, say: Words) -> str:
    if not lift.significant:
        return say.say("Those written to bought about as often as those held back")
    return (
        say.say("Those written to bought more often")
        if lift.lift > 0
        else say.say("Those written to bought less often")
    )


def _groups(lift: Lift, say: Words) -> pd.DataFrame:
    """Both groups with their own ranges."""
    rows = []
    for name, share, n, out in (
        (say.say("Held back"), lift.control, lift.n_control, False),
        (say.say("Written to"), lift.treated, lift.n_treated, True),
    ):
        low, high = wilson(round(share * n), n)
        rows.append({"name": name, "share": share, "low": low, "high": high, "people": n, "stands_out": out})
    return pd.DataFrame(rows)


def outcome_table(lifts: Mapping[str, Lift], say: Words) -> pd.DataFrame:
    """One row an outcome: a person written to, a person held back, the difference with its range, and the total."""
    rows = []
    for name, lift in lifts.items():
        shown = [_value(name, value, say) for value in (lift.treated, lift.control, lift.lift)]
        rows.append(
            {
                say.say("Outcome"): say.say(OUTCOME_NAMES[name]),
                say.say("A person written to"): shown[0],
                say.say("A person held back"): shown[1],
                say.say("Difference"): shown[2],
                say.say("Range"): _range(name, lift.low, lift.high, say),
                say.say("All together"): _total(name, lift.total, say),
                say.say("Range, all together"): "–"
                if lift.total_low is None or lift.total_high is None
                else f"{_total(name, lift.total_low, say)} – {_total(name, lift.total_high, say)}",
            }
        )
    return pd.DataFrame(rows)


def _value(name: str, value: float, say: Words) -> str:
    if name == CONVERSION:
        return say.percent(value, 1)
    return say.number(value, 2) if name == ORDERS else say.money(value, cents=True)


def _range(name: str, low: float | None, high: float | None, say: Words) -> str:
    return "–" if low is None or high is None else f"{_value(name, low, say)} – {_value(name, high, say)}"


def _total(name: str, value: float, say: Words) -> str:
    return say.number(value) if name in (CONVERSION, ORDERS) else say.money(value, cents=False)


def two_offers(result: CampaignResult, say: Words) -> None:
    """Offer A beside offer B."""
    if not result.versus:
        return
    with card(offer_comparison_sentence(result, say)):
        for arm in result.plan.arms:
            st.caption(
                plain(f"{arm}: {offer_key_text(result.plan.offer_of(arm).key, result.plan.currency, say)}")
            )
        table = outcome_table(dict(result.versus), say).rename(
            columns={
                say.say("A person written to"): say.say("A person offered A"),
                say.say("A person held back"): say.say("A person offered B"),
            }
        )
        shown_table(table, offer_comparison_sentence(result, say), "result-versus")


def by_segment(figures: ShopFigures, result: CampaignResult, say: Words) -> None:
    """The effect by segment."""
    if result.segments.empty:
        return
    names = figures.segment_names([str(key) for key in result.segments["segment"].unique()], say)
    table = pd.DataFrame(
        {
            say.say("Segment"): result.segments["segment"].map(names),
            say.say("Offer"): result.segments["arm"],
            say.say("Written to"): result.segments["sent"],
            say.say("Held back"): result.segments["held"],
            say.say("Bought, of those written to"): [say.percent(v, 1) for v in result.segments["treated"]],
            say.say("Bought, of those held back"): [say.percent(v, 1) for v in result.segments["control"]],
            say.say("Range of the difference"): [
                f"{say.percent(low, 1)} – {say.percent(high, 1)}"
                for low, high in zip(result.segments["low"], result.segments["high"], strict=True)
            ],
        }
    )
    with card(say.say("By segment")):
        shown_table(table, say.say("By segment"), "result-segments")
        st.caption(
            say.say(
                "With many segments one of them stands out by luck easily: take it as a hint for the next list."
            )
        )


def ranking_of(figures: ShopFigures, record: CampaignRecord) -> UpliftRanking | None:
    """Customers ranked by uplift; None where the data are too few."""
    return rank_by_uplift(
        figures.shop.database.reader(), record, cached(result_of, figures, record), figures.as_of
    )


def uplift_card(figures: ShopFigures, record: CampaignRecord, say: Words) -> None:
    """Who should receive the next campaign, where the data show it."""
    ranked = cached(ranking_of, figures, record)
    if ranked is None:
        return
    title = (
        say.say("Some people are moved more than others: write to them first")
        if ranked.useful
        else say.say("Who is moved most cannot be told from this campaign")
    )
    with card(title):
        chart(qini_chart(ranked.qini, say), title, "result-qini")
        st.caption(plain(definition("uplift", say)))
        if ranked.useful:
            table = ranked.people.merge(
                figures.contacts()[["customer_id", "name"]], how="left", on="customer_id"
            )
            shown = table.rename(
                columns={
                    "customer_id": say.say("Customer number"),
                    "uplift": say.say("More likely to buy by"),
                    "name": say.say("Name"),
                }
            )
            downloads(shown, "most-moved", say, {say.say("More likely to buy by"): 4})
            group = most_responsive_audience(record, ranked)
            people = len(group.customer_ids)
            audience_button(
                group.key, say.message(group.name), people, lambda: sorted(group.customer_ids), say, "moved"
            )


def learning_card(figures: ShopFigures, record: CampaignRecord, result: CampaignResult, say: Words) -> None:
    """Save the measured response or forget it; and the expected gain of each offer."""
    database = figures.shop.database
    kept_responses = responses(database)
    with card(say.say("What to offer next")):
        of_this_campaign = [each for each in kept_responses if each.campaign_id == record.campaign_id]
        if result.look.over and result.control_group and not of_this_campaign:
            if st.button(say.say("Learn from this campaign"), key="result-learn", type="primary"):
                save_measured_responses(database, record, result, now())
                st.rerun()
        elif of_this_campaign and st.button(
            say.say("Forget what this campaign taught"), key="result-forget", icon=":material/undo:"
        ):
            undo_responses(database, record.campaign_id, now())
            st.rerun()
        if not kept_responses:
            st.caption(
                say.say(
                    "Nothing has been learnt yet. Once a campaign's days are over, its result can be kept here."
                )
            )
            return
        table = belief_table(figures, say)
        shown_table(table, say.say("What to offer next"), "result-beliefs")
        st.caption(plain(definition("next_offer", say)))


def belief_table(figures: ShopFigures, say: Words) -> pd.DataFrame:
    """One row a segment and offer: what it is believed to bring a person, and how often it would be chosen."""
    kept_responses = responses(figures.shop.database)
    customers = figures.facts().customers
    usual = mean_order(customers)
    segments = sorted({each.segment for each in kept_responses})
    names = {"": say.say("Everybody"), **figures.segment_names([key for key in segments if key], say)}
    rows = []
    for segment in segments:
        believed = expected_offer_gains(kept_responses, usual, segment)
        shares = offer_probabilities(believed, seed=figures.as_of.toordinal())
        for key, share in shares.items():
            each = believed.get(key)
            rows.append(
                {
                    say.say("Segment"): names[segment],
                    say.say("Offer"): offer_key_text(key, figures.shop.settings.home_currency, say),
                    say.say("Gain a person"): say.money(each.mean, cents=True)
                    if each
                    else say.money(0, cents=True),
                    say.say("Give or take"): say.money(1.96 * each.sd, cents=True) if each else "",
                    say.say("Chosen in 100 draws"): say.number(100 * share),
                    say.say("Learnt from"): ", ".join(each.sources) if each else "",
                }
            )
    return pd.DataFrame(rows)


def since_the_programme(figures: ShopFigures, start: dt.date) -> WholeProgramme:
    """Weekly revenue and customers before and after the programme started."""
    return whole_programme(figures.shop.database.reader(), start, figures.as_of)


def before_after(figures: ShopFigures, say: Words) -> None:
    """The shop before and after the programme started: shown apart, as it proves nothing."""
    start = programme_start(figures.shop.database)
    if start is None:
        st.caption(say.say("Nothing has begun yet: no rules were kept and no campaign was drawn."))
        return
    comparison = cached(since_the_programme, figures, start)
    st.markdown(
        plain(
            say.say(
                "This is no proof. Nobody was held back from the programme, so prices, seasons, luck and everything else that "
                "changed since {day} is in these figures too.",
                day=say.date(start),
            )
        )
    )
    if comparison.series is None:
        st.caption(
            say.say(
                "The weeks: at least 12 whole weeks before and after {day} are needed.", day=say.date(start)
            )
        )
    else:
        series = comparison.series
        title = say.say(
            "{extra} a week beyond what the weeks before foretold ({low} to {high})",
            extra=say.money(series.extra),
            low=say.money(series.low),
            high=say.money(series.high),
        )
        with card(title):
            chart(weeks_before_after(series, say), title, "result-weeks")
            if not series.season:
                st.caption(
                    say.say("Under two years of sales before, so the time of year is not allowed for.")
                )
    if comparison.people is None:
        st.caption(say.say("People: at least 30 who were written to and 30 who were not are needed."))
        return
    people = comparison.people
    sentence = say.say(
        "Since then each of {n} people who were ever written to brought {mine}, people like them who never were {theirs}: a "
        "difference of {extra} ({low} to {high}).",
        n=say.number(people.pairs),
        mine=say.money(people.took_part),
        theirs=say.money(people.others),
        extra=say.money(people.extra),
        low=say.money(people.low),
        high=say.money(people.high),
    )
    show_finding(sentence, "before_after", say)
    if people.imbalance > 0.1:
        st.caption(
            say.say("The two groups are not alike in what was known of them before, so this says little.")
        )
