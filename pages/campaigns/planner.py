"""The form for a new campaign: audience, medium, offers, control group, message; and what to expect of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal

import pandas as pd
import streamlit as st

from loyalty.campaigns.messages import fill_template, has_opt_out, message_length, starting_template
from loyalty.campaigns.plan import MEDIA, SMS, WECHAT, CampaignOffer, Kind, Plan
from loyalty.campaigns.power import SHARES
from loyalty.campaigns.reachable import left_out_sentence
from loyalty.campaigns.sentences import detectable_effect_sentence, offer_text, points_text, power_sentence
from loyalty.errors import OwnerError
from loyalty.facts.campaigns import favourites as favourite_products
from loyalty.facts.events import agreed
from loyalty.services.audiences import (
    MISSED,
    THANKS,
    WORTH_CONTACTING,
    Audience,
    AudienceInputs,
    PreparedAudience,
    audiences,
)
from loyalty.services.campaigns import CampaignPreview, preview_campaign
from loyalty.services.next_actions import pair_audience
from loyalty.services.predictions import worth_contacting_audience
from loyalty.words import N_, Message, Words
from ui.audience import CHOICE, CHOSEN
from ui.audience import Audience as ChosenPeople
from ui.audience import audience as chosen_people
from ui.cache import cache_rule, cached
from ui.next_actions import actions_of
from ui.predictions import PredictionRequest, prediction_view, shop_predictions_of
from ui.recommendations import current_offers, offers_of
from ui.shop_figures import ShopFigures
from ui.show import card, plain, shown_table

SUGGESTED = "suggested"


@dataclass(frozen=True)
class AudienceExtras:
    """What an audience needs besides the shop's figures: predictions, chosen people or product suggestions."""

    predicted: PredictionRequest | None = None
    chosen: ChosenPeople | None = None
    suggested: bool = False


def audience_extras(figures: ShopFigures, audience: str, say: Words) -> AudienceExtras:
    """What `audience` needs besides the figures; calculated here, where a progress bar can be shown."""
    if audience == SUGGESTED:
        return AudienceExtras(suggested=offers_of(figures, say) is not None)
    if audience == WORTH_CONTACTING and not isinstance(
        predictions := prediction_view(figures, say), OwnerError
    ):
        return AudienceExtras(predicted=predictions.request)
    return AudienceExtras(chosen=chosen_people() if audience == CHOSEN else None)


def audience_inputs(figures: ShopFigures, more: AudienceExtras) -> AudienceInputs:
    """The inputs of all audiences."""
    groups = []
    if more.predicted:
        groups.append(worth_contacting_audience(cached(shop_predictions_of, figures, more.predicted)))
    if people := more.chosen:
        name = Message(N_("Chosen: {name}"), {"name": people.name})
        reason = Message(MISSED if people.key == WORTH_CONTACTING else THANKS)
        groups.append(PreparedAudience(CHOSEN, name, reason, frozenset(people.customer_ids)))
    rewards, saved = figures.programme()
    groups += pair_audience(actions_of(figures))
    lists = current_offers(figures).lists if more.suggested else None
    return AudienceInputs(
        figures.shop.database.reader(),
        figures.facts(),
        figures.segmentation(),
        rewards,
        lists,
        tuple(groups),
        in_force=saved,
    )


def audiences_of(figures: ShopFigures) -> list[Audience]:
    """All audiences except those that take long to calculate."""
    return audiences(audience_inputs(figures, AudienceExtras()))


def contactable_customers(figures: ShopFigures) -> int:
    """How many customers agreed to receive messages."""
    return len(agreed(figures.shop.database.reader()) & set(figures.facts().customers["customer_id"]))


@cache_rule(sales_only=True, entries=4)
def favourites_of(figures: ShopFigures) -> dict[str, str]:
    """What each customer buys most."""
    return favourite_products(figures.shop.database.reader(), figures.as_of)


def choose_audience(figures: ShopFigures, say: Words) -> str:
    """A select box of audiences; returns the key of the chosen one."""
    available = cached(audiences_of, figures)
    sizes = {audience.key: (say.message(audience.name), len(audience.members)) for audience in available}
    if people := chosen_people():
        sizes = {CHOSEN: (say.say("Chosen: {name}", name=people.name), len(people.customer_ids)), **sizes}
    names = {
        key: say.plural("{name} ({n} customer)", "{name} ({n} customers)", people, name=name)
        for key, (name, people) in sizes.items()
    }
    names[WORTH_CONTACTING] = say.say("Overdue or lapsed, and worth contacting")
    names[SUGGESTED] = say.say("Everyone with a product suggested to them")
    if st.session_state.get(CHOICE) not in names:
        st.session_state.pop(CHOICE, None)
    return str(st.selectbox(say.say("For whom"), list(names), format_func=names.__getitem__, key=CHOICE))


def choose_medium(say: Words) -> str:
    """A control for the medium; returns its key."""
    chosen = st.segmented_control(
        say.say("How"),
        list(MEDIA),
        default=next(iter(MEDIA)),
        format_func=lambda key: say.say(MEDIA[key]),
        key="campaign-medium",
        required=True,
    )
    return str(chosen or next(iter(MEDIA)))


def offer_form(letter: str, say: Words) -> CampaignOffer:
    """Controls for an offer's kind, value and minimum order."""
    kinds: dict[Kind, str] = {"percent": say.say("percent off"), "fixed": say.say("money off")}
    kind_box, value_box, least_box = st.columns(3)
    kind: Kind = kind_box.selectbox(
        say.say("Kind"), list(kinds), format_func=kinds.__getitem__, key=f"campaign-kind-{letter}"
    )
    most = 100.0 if kind == "percent" else 1_000_000.0
    value = value_box.number_input(
        say.say("Value"), 0.5, most, 10.0 if letter == "A" else 5.0, 1.0, key=f"campaign-value-{letter}"
    )
    least = least_box.number_input(
        say.say("From an order of"), 0.0, 1_000_000.0, 0.0, 5.0, key=f"campaign-least-{letter}"
    )
    return CampaignOffer(kind, _amount(value), _amount(least))


def _amount(value: float) -> Decimal:
    """A number from an input as a decimal of at most two digits."""
    return Decimal(str(round(value, 2))).normalize() + 0


def choose_offers(say: Words) -> tuple[CampaignOffer, ...]:
    """One offer, or two to compare."""
    first = offer_form("A", say)
    if not st.toggle(say.say("Compare with a second offer"), key="campaign-two"):
        return (first,)
    return (first, offer_form("B", say))


def plan_form(figures: ShopFigures, say: Words, now: dt.datetime) -> Plan:
    """The plan that the controls describe, without its message."""
    with card(say.say("Who gets what")):
        audience = choose_audience(figures, say)
        medium = choose_medium(say)
        chosen = choose_offers(say)
        left, right = st.columns(2)
        days = left.number_input(
            say.say("Valid for days"),
            1,
            365,
            30,
            1,
            key="campaign-days",
            help=say.say("So long the offer holds, and so long sales are counted."),
        )
        cost = right.number_input(
            say.say("Cost of one message"),
            0.0,
            100.0,
            0.05 if medium == SMS else 0.0,
            0.01,
            key=f"campaign-cost-{medium}",
        )
    return Plan(
        name=say.say("Campaign of {day}", day=say.date(now.date())),
        audience=audience,
        medium=medium,
        offers=chosen,
        days=int(days),
        seed=int(now.timestamp()) % 2**31,
        message_cost=_amount(cost),
        currency=figures.shop.settings.home_currency,
        language=say.language,
    )


def campaign_forecast(
    figures: ShopFigures, plan: Plan, more: AudienceExtras, today: dt.date
) -> CampaignPreview | OwnerError:
    """What to expect of the plan, or the error that prevents it: errors are cached as well."""
    try:
        return preview_campaign(figures.shop, audience_inputs(figures, more), plan, today)
    except OwnerError as problem:
        return problem


def power_card(figures: ShopFigures, plan: Plan, say: Words, today: dt.date) -> tuple[Plan, CampaignPreview]:
    """The right-hand card: how many people it reaches, which effect is measurable, the control group. Raises OwnerError."""
    with card(say.say("What you will be able to tell")):
        effect = st.slider(
            say.say("Of 100 people, so many more buy because of it"),
            1,
            30,
            5,
            1,
            key="campaign-effect",
            help=say.say("Your expectation. Offers by e-mail often bring 1 to 5 more buyers of 100."),
        )
        plan = replace(plan, effect=effect / 100)
        same = replace(plan, name="", seed=0)  # two that change with every moment, and nothing here
        forecast = cached(
            campaign_forecast, figures, same, audience_extras(figures, plan.audience, say), today
        )
        if isinstance(forecast, OwnerError):
            raise forecast
        people = len(forecast.reach.people)
        st.markdown(
            plain(say.plural("{n} person can be written to.", "{n} people can be written to.", people))
        )
        if note := left_out_sentence(forecast.reach, plan.medium, say):
            st.caption(plain(note))
        sentence = power_sentence(people, plan.effect, forecast.best, forecast.needed, say)
        (st.success if forecast.seen else st.warning)(plain(sentence))
        share = st.select_slider(
            say.say("Held back at random"),
            [0.0, *SHARES],
            forecast.best.share,
            format_func=say.percent,
            key=f"campaign-held-{forecast.best.share}",
            help=say.say(
                "They get nothing, so that you see what happens without. Without them nothing can be proven."
            ),
        )
        choice = next((each for each in forecast.choices if each.share == share), None)
        if choice is not None:
            st.caption(plain(detectable_effect_sentence(choice, say)))
        else:
            st.caption(say.say("Nobody held back: what the campaign adds will stay unknown."))
        with st.expander(say.say("Every share, what it shows and costs")):
            shown_table(
                _control_group_sizes(forecast, say),
                say.say("Every share, what it shows and costs"),
                "campaign-choices",
            )
            st.caption(plain(_base_sentence(forecast, plan, say)))
    return replace(plan, base=forecast.base, held_share=float(share)), forecast


def _control_group_sizes(forecast: CampaignPreview, say: Words) -> pd.DataFrame:
    return pd.DataFrame(
        {
            say.say("Held back"): [say.percent(each.share) for each in forecast.choices],
            say.say("People"): [each.held_back for each in forecast.choices],
            say.say("Smallest effect seen"): [
                "–"
                if each.detectable is None
                else say.say("{points} points", points=points_text(each.detectable, say))
                for each in forecast.choices
            ],
            say.say("What holding back costs"): [say.money(each.cost) for each in forecast.choices],
        }
    )


def _base_sentence(forecast: CampaignPreview, plan: Plan, say: Words) -> str:
    """How the expected share of buyers was estimated."""
    values = {
        "share": say.number(100 * forecast.base, 1),
        "days": say.number(plan.days),
        "n": say.number(forecast.base_people),
        "cost": say.money(forecast.cost),
    }
    first = (
        say.say("Of {n} customers, {share} of 100 bought within {days} days without a message.", **values)
        if forecast.of_shop
        else say.say(
            "Of this list as it was {days} days ago ({n} people), {share} of 100 bought within these days.",
            **values,
        )
    )
    return say.sentences([first, say.say("The coupons are expected to take off about {cost}.", **values)])


def message_card(
    plan: Plan, forecast: CampaignPreview, figures: ShopFigures, say: Words, today: dt.date
) -> Plan:
    """The message text, a preview for the first recipient, and its length."""
    with card(say.say("The message")):
        text = st.text_area(
            say.say("Text"),
            starting_template(plan.medium, say),
            key=f"campaign-text-{plan.medium}-{say.language}",
            height=220,
            help=say.say(
                "Each place in braces is filled for every person: {places}.",
                places="{name} {product} {reason} {offer} {code} {until} {shop}",
            ),
        )
        plan = replace(plan, message=text)
        shown = preview(plan, forecast, figures, say, today)
        st.caption(say.say("For the first on the list it reads:"))
        st.code(shown, language=None, wrap_lines=True)
        size = message_length(shown, plan.medium)
        if plan.medium == SMS:
            size_sentence = say.plural(
                "{units} characters: {n} text message each.",
                "{units} characters: {n} text messages each.",
                size.parts,
                units=say.number(size.units),
            )
            (st.caption if size.fits else st.warning)(size_sentence)
        elif plan.medium == WECHAT:
            size_sentence = say.say(
                "{units} of {most} bytes.", units=say.number(size.units), most=say.number(size.most)
            )
            (st.caption if size.fits else st.warning)(size_sentence)
        if not has_opt_out(text, plan.medium):
            st.warning(
                say.say(
                    "The message does not say how to get no more of them. Add a line: the law asks for it."
                )
            )
    return plan


def preview(plan: Plan, forecast: CampaignPreview, figures: ShopFigures, say: Words, today: dt.date) -> str:
    """The message for the first recipient, with an invented code. Raises UnknownPlaceholder."""
    first = forecast.reach.people.iloc[0]
    names = figures.contacts().set_index("customer_id")["name"]
    name = names.get(first["customer_id"])
    favourites = cached(favourites_of, figures)
    values = {
        "name": name if isinstance(name, str) else "",
        "product": favourites.get(str(first["customer_id"]), ""),
        "reason": say.message(forecast.audience.reason),
        "offer": offer_text(plan.offers[0], plan.currency, say),
        "code": "7KQ2M-X9BTC-4HWRP",
        "until": say.date(today + dt.timedelta(days=plan.days - 1)),
        "shop": figures.shop.settings.shop_name,
    }
    return fill_template(plan.message, values)
