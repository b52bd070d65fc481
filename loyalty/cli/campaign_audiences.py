"""campaign audiences: the groups of customers a campaign may be for."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Callable
from typing import Any

import ibis
import pandas as pd

from loyalty.cli.output import Outcome, table
from loyalty.cli.session import Session
from loyalty.models.next_actions import PAIR
from loyalty.services import predictions, recommendations
from loyalty.services.audiences import (
    WORTH_CONTACTING,
    AudienceInputs,
    PreparedAudience,
    audience_named,
    audiences,
    current_key,
)
from loyalty.services.campaign_results import campaign_result, most_responsive_audience, rank_by_uplift
from loyalty.services.campaigns import reachable_now
from loyalty.services.figures import programme, segmentation
from loyalty.services.next_actions import pair_audience, shop_actions
from loyalty.store import campaigns as store
from loyalty.store.selected_models import selected_model


def audience_inputs(session: Session, wanted: Callable[[str], bool] = lambda key: False) -> AudienceInputs:
    """Collect the inputs of audiences; what takes long is computed only for the keys that are `wanted`."""
    con, shop_facts = session.facts()
    segments = segmentation(shop_facts)
    rewards, saved = programme(session.shop, shop_facts.customers, [s.key for s in segments.segments])
    suggestions = _suggestions(con, shop_facts.as_of) if wanted("suggested") else None
    prepared = [
        *_predicted(session, con, shop_facts.as_of, wanted),
        *_responsive(session, con, shop_facts.as_of, wanted),
    ]
    if wanted(PAIR):
        prepared += pair_audience(shop_actions(session.shop, con, shop_facts, session.stamp.date()))
    return AudienceInputs(con, shop_facts, segments, rewards, suggestions, tuple(prepared), in_force=saved)


def _suggestions(con: ibis.BaseBackend, as_of: dt.date) -> pd.DataFrame | None:
    """The product suggestions of all customers; None where no product was bought."""
    try:
        inputs = recommendations.load_inputs(con, as_of)
    except recommendations.NoProductPurchases:
        return None
    outcomes = recommendations.evaluate_outcomes(con, inputs)
    return recommendations.suggest_for_all(
        recommendations.build_recommender(inputs, outcomes), outcomes, as_of
    )


def _predicted(
    session: Session, con: ibis.BaseBackend, as_of: dt.date, wanted: Callable[[str], bool]
) -> list[PreparedAudience]:
    """The audience worth contacting; empty where there is too little to predict from."""
    if not wanted(WORTH_CONTACTING):
        return []
    try:
        inputs = predictions.prediction_inputs(con, as_of)
    except predictions.NothingToPredict:
        return []
    costs = predictions.usual_costs(inputs, session.shop.settings)
    last = selected_model(session.shop.database, inputs.horizon_days, as_of)
    return [predictions.worth_contacting_audience(predictions.predict_by_selected_model(inputs, costs, last))]


def _responsive(
    session: Session, con: ibis.BaseBackend, as_of: dt.date, wanted: Callable[[str], bool]
) -> list[PreparedAudience]:
    """The most responsive customers of each earlier campaign whose data can rank them."""
    responsive = []
    for record in store.campaigns(session.shop.database):
        if wanted(f"moved-{record.campaign_id}") and record.cancelled_on is None:
            result = campaign_result(con, record, as_of, session.shop.settings)
            ranking = rank_by_uplift(con, record, result, as_of)
            if ranking is not None and ranking.useful:
                responsive.append(most_responsive_audience(record, ranking))
    return responsive


def audiences_action(session: Session, options: argparse.Namespace) -> Outcome:
    """List all audiences, or one with the ids of its customers."""
    words, key = session.words, current_key(options.key) if options.key else None
    inputs = audience_inputs(session, lambda audience_key: key in (None, audience_key))
    listed = audiences(inputs) if key is None else [audience_named(audiences(inputs), key)]
    reachable = reachable_now(session.shop.database, inputs.con, session.stamp.date())
    entries: list[dict[str, Any]] = [
        {
            "key": audience.key,
            "name": words.message(audience.name),
            "customers": len(audience.members),
            "reachable": len(reachable.intersection(audience.members["customer_id"])),
        }
        for audience in listed
    ]
    if key is not None:
        entries[0]["customer_ids"] = sorted(listed[0].members["customer_id"])
    rows = [
        [
            str(entry["key"]),
            str(entry["name"]),
            words.number(entry["customers"]),
            words.number(entry["reachable"]),
        ]
        for entry in entries
    ]
    head = [words.say("Key"), words.say("Audience"), words.say("Customers"), words.say("Can be contacted")]
    return Outcome({"audiences": entries}, table(head, rows))
