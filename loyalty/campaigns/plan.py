"""The plan of a campaign: audience, offers, medium, message and the terms of its measurement."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields, replace
from decimal import Decimal, InvalidOperation
from typing import Literal

from loyalty.campaigns.errors import NotAnOffer
from loyalty.words import N_, Message

EMAIL, SMS, WECHAT, COUNTER = "email", "sms", "wechat", "counter"
MEDIA = {
    EMAIL: N_("e-mail"),
    SMS: N_("text message"),
    WECHAT: N_("WeChat"),
    COUNTER: N_("in person, at the counter"),
}
HELD = "held"  # the arm of the control group; stored in the database
ARMS = ("A", "B")
Kind = Literal["percent", "fixed"]
MOST_DAYS, MOST_REST = 365, 365


@dataclass(frozen=True)
class CampaignOffer:
    """The offer of one arm: `value` percent off or money off an order of at least `minimum_spend`."""

    kind: Kind
    value: Decimal
    minimum_spend: Decimal = Decimal(0)

    @property
    def key(self) -> str:
        """The same for equal offers: "percent-10", "fixed-5-from-30"."""
        least = f"-from-{self.minimum_spend.normalize():f}" if self.minimum_spend else ""
        return f"{self.kind}-{self.value.normalize():f}{least}"


@dataclass(frozen=True)
class Plan:
    """All settings of a campaign. `offers`: one, or two to compare. `effect`: expected rise of the share who buy, `base`:
    that share without a message, both in [0, 1]; `held_share`: of the control group. `rest_days`: between two messages to one person. `message`: the text with
    its {places}. `message_cost`: of one message, in the shop's currency."""

    name: str
    audience: str
    medium: str
    offers: tuple[CampaignOffer, ...]
    days: int = 30
    held_share: float = 0.2
    effect: float = 0.05
    base: float = 0.1
    rest_days: int = 14
    seed: int = 0
    message: str = ""
    message_cost: Decimal = Decimal(0)
    currency: str = "USD"
    language: str = "en"

    @property
    def arms(self) -> tuple[str, ...]:
        """The arms that get a message."""
        return ARMS[: len(self.offers)]

    def with_name(self, name: str) -> Plan:
        """The same plan under another name."""
        return replace(self, name=name)

    def offer_of(self, arm: str) -> CampaignOffer:
        """The offer of an arm."""
        return self.offers[ARMS.index(arm)]


def offer_from_text(text: str, minimum: str = "0") -> CampaignOffer:
    """ "10%" or "5" as an offer; raises NotAnOffer."""
    kind: Kind = "percent" if text.strip().endswith("%") else "fixed"
    try:
        return checked_offer(CampaignOffer(kind, Decimal(text.strip().rstrip("%")), Decimal(minimum)))
    except InvalidOperation:
        raise NotAnOffer(why=Message(N_("write 10% or 5."))) from None


def checked_offer(offer: CampaignOffer) -> CampaignOffer:
    """The offer itself, if its values are valid; raises NotAnOffer."""
    most = Decimal(100) if offer.kind == "percent" else Decimal(1_000_000)
    if not (offer.value.is_finite() and 0 < offer.value <= most):
        raise NotAnOffer(
            why=Message(N_("its value must be above 0 and at most {most}."), {"most": f"{most:f}"})
        )
    if not (offer.minimum_spend.is_finite() and offer.minimum_spend >= 0):
        raise NotAnOffer(why=Message(N_("the least order must be 0 or more.")))
    if offer.kind == "fixed" and 0 < offer.minimum_spend < offer.value:
        raise NotAnOffer(why=Message(N_("it would take off more than the least order.")))
    return offer


def offer_from_key(key: str) -> CampaignOffer:
    """The offer of a `CampaignOffer.key`.

    >>> offer_from_key("fixed-5-from-30")
    CampaignOffer(kind='fixed', value=Decimal('5'), minimum_spend=Decimal('30'))
    """
    kind, _, rest = key.partition("-")
    value, _, least = rest.partition("-from-")
    return CampaignOffer("percent" if kind == "percent" else "fixed", Decimal(value), Decimal(least or "0"))


def to_json(plan: Plan) -> str:
    """A plan as JSON, amounts as text."""
    return json.dumps(asdict(plan), default=str, ensure_ascii=False)


def from_json(text: str) -> Plan:
    """The plan from `to_json`; unknown keys (of a later version) are ignored."""
    document = json.loads(text)
    offers = tuple(
        CampaignOffer(each["kind"], Decimal(each["value"]), Decimal(each["minimum_spend"]))
        for each in document["offers"]
    )
    field_names = {field.name for field in fields(Plan)}
    plain = {
        name: value
        for name, value in document.items()
        if name in field_names and name not in ("offers", "message_cost")
    }
    return Plan(offers=offers, message_cost=Decimal(document["message_cost"]), **plain)
