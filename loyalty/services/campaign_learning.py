"""What measured campaigns change in the assumptions about the next ones; the owner can see it and take it back.

The gain of an offer per person goes into the choice of the next offer, the rise of the odds to buy into the tuner of the
reward programme, and the share who bought because of a message into the next actions.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass

from loyalty.campaigns.plan import from_json, offer_from_key
from loyalty.campaigns.response import odds_response, response_from_range
from loyalty.campaigns.results import CONVERSION, GAIN, CampaignResult
from loyalty.rewards.gain.responses import COUPON, FULL_COUPON, Response, Responses, updated
from loyalty.services.audiences import current_key
from loyalty.store import campaigns as campaign_store
from loyalty.store.campaigns import CampaignRecord, MeasuredResponse
from loyalty.store.database import Database

PRIOR_SHARE = 0.1  # of an average order: prior standard deviation of an offer's gain per person, around 0


def save_measured_responses(
    database: Database, record: CampaignRecord, result: CampaignResult, stamp: dt.datetime
) -> int:
    """Save the gain of each offer (in total and by segment), its rise of the odds to buy, and the share who bought because
    of it; returns how many figures were saved."""
    responses_to_save = [
        (
            campaign_store.GAIN,
            segment,
            arm,
            response_from_range(lift, low, high, result.look.level, record.name),
        )
        for segment, arm, lift, low, high in _measured(result)
        if low is not None and high is not None and high > low
    ]
    responses_to_save += [
        (
            campaign_store.SHARE,
            "",
            arm,
            response_from_range(
                conversion.lift, conversion.low, conversion.high, result.look.level, record.name
            ),
        )
        for arm, lifts in result.arms.items()
        if (conversion := lifts[CONVERSION]).low is not None and conversion.high is not None
    ]
    responses_to_save += [
        (campaign_store.ODDS, "", arm, odds_response(lifts[CONVERSION], record.name))
        for arm, lifts in result.arms.items()
        if lifts[CONVERSION].low is not None  # None without a control group
    ]
    for measure, segment, arm, response in responses_to_save:
        offer = result.plan.offer_of(arm).key
        measured_response = MeasuredResponse(
            0,
            record.campaign_id,
            segment,
            offer,
            response.mean,
            response.sd,
            response.source,
            stamp,
            None,
            measure,
        )
        campaign_store.save_response(database, measured_response)
    return len(responses_to_save)


def learnt_responses(saved_responses: list[MeasuredResponse], usual_order: float) -> Responses:
    """The customer responses that the tuner assumes, updated by what campaigns measured of coupons.

    Each rise of log-odds is scaled to a coupon of `FULL_COUPON`, in proportion to its depth; the depth of a fixed discount
    is its share of the minimum order or of a usual one, whichever is larger.
    """
    coupon_responses = []
    for saved in saved_responses:
        if saved.measure != campaign_store.ODDS:
            continue
        offer = offer_from_key(saved.offer)
        base_amount = 100.0 if offer.kind == "percent" else max(usual_order, float(offer.minimum_spend), 1e-9)
        scale = FULL_COUPON / (float(offer.value) / base_amount)
        coupon_responses.append(Response(saved.mean * scale, saved.sd * scale, saved.source))
    return Responses(coupon=updated(COUPON, coupon_responses))


NOT_MEASURED = ("pair", "unhappy")  # an offer at the till, an answer in person: no campaign measures these
FEWEST, MOST = 2, 1000  # "one in so many"


@dataclass(frozen=True)
class ResponseRate:
    """How many answer a message: one in `one_in`; `sources`: the campaigns that measured it, none for an assumption."""

    one_in: int
    sources: tuple[str, ...] = ()


def learnt_response_rates(
    saved_responses: list[MeasuredResponse], audiences: Mapping[int, str], assumed: Mapping[str, int]
) -> dict[str, ResponseRate]:
    """The response rate of each kind of action, from an assumption and the shares that campaigns measured.

    The assumption is a share with that mean and the same standard deviation. A campaign with the same audience counts with
    its measured variance; one with another audience with the assumption's variance added, as it is uncertain how far
    one audience tells of another.

    Args:
        saved_responses: What campaigns measured.
        audiences: Audience key by campaign id.
        assumed: "One in so many" by kind of action.
    """
    shares = [share for share in saved_responses if share.measure == campaign_store.SHARE]
    rates = {}
    for kind, one_in in assumed.items():
        prior = Response(1 / one_in, 1 / one_in, "")
        measured = []
        for share in shares if kind not in NOT_MEASURED else []:
            same = audiences.get(share.campaign_id) == kind
            measured.append(
                Response(share.mean, share.sd if same else math.hypot(share.sd, prior.sd), share.source)
            )
        expected = updated(prior, measured)
        rates[kind] = ResponseRate(
            max(FEWEST, min(MOST, round(1 / max(expected.mean, 1 / MOST)))), tuple(expected.sources)
        )
    return rates


def current_response_rates(database: Database, assumed: Mapping[str, int]) -> dict[str, ResponseRate]:
    """`learnt_response_rates` from the campaigns of a shop."""
    audiences = {
        record.campaign_id: current_key(from_json(record.plan).audience)
        for record in campaign_store.campaigns(database)
    }
    return learnt_response_rates(campaign_store.responses(database), audiences, assumed)


def _measured(result: CampaignResult) -> list[tuple[str, str, float, float | None, float | None]]:
    """Segment ("" for everybody), arm, and the lift of gain with its range."""
    everybody = [
        ("", arm, lifts[GAIN].lift, lifts[GAIN].low, lifts[GAIN].high) for arm, lifts in result.arms.items()
    ]
    columns = [result.segments[name] for name in ("segment", "arm", "gain", "gain_low", "gain_high")]
    return [*everybody, *zip(*columns, strict=True)]


def expected_offer_gains(
    saved_responses: list[MeasuredResponse], usual_order: float, segment: str = ""
) -> dict[str, Response]:
    """The expected gain per contacted person of each offer tried so far, from a prior around 0 and the measurements of the
    segment where there are any, else those of everybody."""
    prior = Response(0.0, PRIOR_SHARE * max(usual_order, 1e-9), "")
    gains = {}
    saved_responses = [saved for saved in saved_responses if saved.measure == campaign_store.GAIN]
    for offer in sorted({saved.offer for saved in saved_responses}):
        of_segment = [saved for saved in saved_responses if saved.offer == offer and saved.segment == segment]
        responses = of_segment or [
            saved for saved in saved_responses if saved.offer == offer and not saved.segment
        ]
        gains[offer] = updated(prior, [Response(saved.mean, saved.sd, saved.source) for saved in responses])
    return gains
