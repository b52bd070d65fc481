"""What to do next, on screen: the three actions worth most on Home, and the lists of people behind them on Customers."""

from __future__ import annotations

import datetime as dt

from loyalty.models.cross_sell.search import Search
from loyalty.models.next_actions import ANSWERS, Action, next_actions
from loyalty.services.campaign_learning import current_response_rates
from loyalty.services.campaigns import reachable_now
from loyalty.services.next_actions import action_inputs
from loyalty.words import N_
from ui.cache import cached
from ui.session import now
from ui.shop_figures import ShopFigures

VIEW = "customer-view"
#: The list on Customers that each kind of action opens; a pair is shown on Products.
VIEWS = {
    "overdue": N_("Overdue"),
    "once": N_("Bought once"),
    "near_tier": N_("Close to a tier"),
    "unhappy": N_("Unhappy"),
    "birthday": N_("Birthday within 14 days"),
}


def actions_of(figures: ShopFigures) -> list[Action]:
    """The next actions as of today."""
    return cached(actions_on, figures, now().date())


def actions_on(figures: ShopFigures, today: dt.date) -> list[Action]:
    """The next actions; `today` decides who was contacted recently."""
    rewards, saved = figures.programme()
    rules = list(figures.rules(Search(max_len=2)))
    with figures.shop.database.reading() as con:
        inputs = action_inputs(
            con,
            figures.facts(),
            figures.lookups(),
            figures.customer_states(),
            rules,
            rewards if saved else None,
            figures.settings.margin,
            figures.control_groups(),
            reachable_now(figures.shop.database, con, today),
        )
    answers = current_response_rates(figures.shop.database, ANSWERS)
    one_in = {key: answer.one_in for key, answer in answers.items()}
    return next_actions(inputs, one_in, {key: answer.sources for key, answer in answers.items()})
