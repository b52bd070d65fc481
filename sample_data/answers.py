"""The two made-up surveys: satisfaction from 1 to 5, likely to recommend from 0 to 10, with a few words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from sample_data import plan
from sample_data.people import Random
from sample_data.settle import OnlineOrder

Mood = Literal["good", "middling", "bad"]

WORDS: dict[Mood, tuple[str, ...]] = {
    "good": (
        "{product} is wonderful, fresh and full of flavour.",
        "Arrived in two days, beautifully packed. Thank you!",
        "Best coffee in the valley; I order again every month.",
        "Love the {product}. Smells amazing when you open the bag.",
        "Friendly note in the parcel, made my morning.",
        "Great taste, fair price, quick delivery.",
        "My whole office enjoys the {product} now.",
        "You answered my question within the hour. Excellent service.",
        "Very happy, as always.",
    ),
    "middling": (
        "{product} is fine, but a little expensive.",
        "Okay. Delivery took a week, though.",
        "Good coffee, but I expected a darker roast.",
        "Nothing wrong with it, nothing special either.",
        "Would like a resealable bag.",
    ),
    "bad": (
        "The {product} tasted stale, very disappointing.",
        "Parcel arrived late and the box was crushed.",
        "Too expensive for what it is. I buy elsewhere now.",
        "Wrong grind again, and nobody replied to my e-mail.",
        "The bag was leaking, coffee all over the parcel.",
        "Bitter and burnt this time. Not what I remember.",
    ),
}
SCORES: dict[str, dict[Mood, tuple[int, ...]]] = {
    "csat": {"good": (5, 5, 4), "middling": (3, 3, 2), "bad": (2, 1)},
    "nps": {"good": (10, 9, 9), "middling": (8, 7), "bad": (6, 5, 3, 1)},
}


@dataclass(frozen=True)
class Answer:
    """One filled-in form; `email` is empty on the paper cards from the stall; `kind` is the customer type."""

    day: date
    email: str
    kind: str
    score: int
    comment: str


def _answer(rng: Random, scale: str, mood: Mood, order: OnlineOrder | None, day: date) -> Answer:
    """One answer in the given mood; a little under half say something."""
    scores, words = SCORES[scale][mood], WORDS[mood]
    product = order.lines[0].product.name if order else "Flat White"
    comment = words[rng.randint(len(words))].format(product=product) if rng.random_sample() < 0.45 else ""
    person = order.person if order else None
    return Answer(
        day,
        order.email if order else "",
        person.kind if person else "",
        scores[rng.randint(len(scores))],
        comment,
    )


def _group(rng: Random, scale: str, orders: list[OnlineOrder], moods: list[Mood]) -> list[Answer]:
    """One answer a mood, each about another order, 2 to 12 days after it."""
    picks = rng.choice(len(orders), len(moods), replace=False)
    return [
        _answer(rng, scale, mood, orders[i], orders[i].at.date() + timedelta(int(rng.randint(2, 13))))
        for mood, i in zip(moods, picks, strict=True)
    ]


def _moods(good: int, middling: int, bad: int) -> list[Mood]:
    counts: dict[Mood, int] = {"good": good, "middling": middling, "bad": bad}
    return [mood for mood, count in counts.items() for _ in range(count)]


def _askable(orders: list[OnlineOrder], lapsed: bool) -> list[OnlineOrder]:
    """Paid orders with an address, of lapsed regulars or of everybody else, old enough to be answered."""
    return [
        o
        for o in orders
        if o.person
        and o.status == "paid"
        and o.cancelled_at is None
        and (o.person.kind == "lapsed_regular") == lapsed
        and (plan.AS_OF - o.at.date()).days > 12
    ]


def make_csat(rng: Random, orders: list[OnlineOrder]) -> list[Answer]:
    """The 1-5 survey, in order of date."""
    bad_lapsed = plan.CSAT_LAPSED_ANSWERS - plan.CSAT_LAPSED_SATISFIED
    lapsed = _moods(plan.CSAT_LAPSED_SATISFIED, 0, bad_lapsed)
    others = plan.CSAT_ANSWERS - plan.CSAT_LAPSED_ANSWERS - plan.CSAT_ANONYMOUS
    happy = plan.CSAT_SATISFIED - plan.CSAT_LAPSED_SATISFIED - plan.CSAT_ANONYMOUS
    moods = _moods(happy, (others - happy) * 2 // 3, others - happy - (others - happy) * 2 // 3)
    answers = _group(rng, "csat", _askable(orders, True), lapsed)
    answers += _group(rng, "csat", _askable(orders, False), moods)
    span = (plan.AS_OF - plan.START).days
    answers += [
        _answer(rng, "csat", "good", None, plan.AS_OF - timedelta(int(rng.randint(span))))
        for _ in range(plan.CSAT_ANONYMOUS)
    ]
    return sorted(answers, key=lambda a: (a.day, a.email, a.score))


def make_nps(rng: Random, orders: list[OnlineOrder]) -> list[Answer]:
    """The 0-10 survey, in order of date."""
    good, bad, size = plan.NPS_LAPSED_PROMOTERS, plan.NPS_LAPSED_DETRACTORS, plan.NPS_LAPSED_ANSWERS
    answers = _group(rng, "nps", _askable(orders, True), _moods(good, size - good - bad, bad))
    good, bad, size = plan.NPS_PROMOTERS - good, plan.NPS_DETRACTORS - bad, plan.NPS_ANSWERS - size
    answers += _group(rng, "nps", _askable(orders, False), _moods(good, size - good - bad, bad))
    return sorted(answers, key=lambda a: (a.day, a.email, a.score))
