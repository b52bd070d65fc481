"""The invented people: names, e-mails, phones from the ranges reserved for fiction, and their first days."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from sample_data import plan

_FIRST = (
    "Ada Alma Amos Anouk Arlo Beatriz Bela Bram Cleo Corin Dalia Dario Edda Elias Esme Ewan Fern Finn "
    "Greta Gus Hana Hugo Ida Ilya Imani Ines Ivo Jamal José Juno Kaia Kofi Lara Leif Lina Lotte Luca "
    "Mabel Maeve Malik Marta Mei Mika Milo Nadia Nico Noor Odile Omar Orla Oscar Petra Priya Quinn Rafe "
    "Rhea Rosa Rufus Saskia Søren Tama Tess Theo Uma Vera Viggo Wanda Wren Yara Yusuf Zoë"
)
_LAST = (
    "Abbot Adeyemi Alder Amsel Arden Ashby Banerjee Barlow Beck Birch Bloom Bracken Brandt Calder "
    "Castell Chen Clay Cobb Corran Crane Dale Delgado Dove Drake Elm Eriksen Farrow Fenn Finch Flint "
    "Fox Frost Garza Glen Gray Hale Harrow Hart Heath Holt Ibarra Ito Jansen Jarrow Keane Kestrel Knoll "
    "Kowal Lake Lark Lindqvist Locke Marsh Mbeki Mercer Moss Nair Nash Novak Oakes Okafor Orme Osei "
    "Park Pell Pike Quill Rahman Reed Rook Rowan Sato Sharp Silva Slate Sorrel Stone Swift Tanaka "
    "Thorne Vale Varga Wells Wilde Winter Wolfe Yates Yew Zeller"
)
FIRST_NAMES = tuple(_FIRST.split())
LAST_NAMES = tuple(_LAST.split())
TOWNS = ("Alder Falls", "Brookmere", "Cedar Point Landing", "Dunmore Flats", "East Larkin", "Fernhollow")
MAIL_HOSTS = ("example.com", "example.org", "example.net")
AREA_CODES = (206, 253, 360, 425, 458, 503, 509, 541, 971)
ID_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ0123456789"

Random = np.random.RandomState
"""The legacy generator: numpy promises that its stream never changes, so the files stay the same."""


@dataclass(frozen=True)
class Person:
    """One customer: `key` is the e-mail or Square customer id; `quick` people return within 90 days."""

    key: str
    channel: plan.Channel
    name: str
    phone: str
    town: str
    first: date
    first_buy: bool
    quick: bool
    kind: str


def pick(rng: Random, shares: dict[str, float]) -> str:
    """One of the names, drawn by weight (weights need not sum to 1)."""
    total = sum(shares.values())
    return str(rng.choice(list(shares), p=[value / total for value in shares.values()]))


def make_id(rng: Random, length: int) -> str:
    """A random id of capital letters and digits, `length` characters long."""
    return "".join(ID_LETTERS[i] for i in rng.randint(0, len(ID_LETTERS), length))


def months() -> list[tuple[int, int]]:
    """All (year, month) from `START` to `AS_OF`, both inclusive."""
    span = (plan.AS_OF.year - plan.START.year) * 12 + plan.AS_OF.month
    return [(plan.START.year + i // 12, i % 12 + 1) for i in range(span)]


def _first_days(rng: Random, channel: plan.Channel, count: int) -> list[date]:
    """`count` first-order dates in order, by month weight; the stall only stands on Saturdays and Sundays."""
    season = plan.ONLINE_SEASON if channel == "shopify" else plan.STALL_SEASON
    weights = np.array(
        [
            season[month - 1] * (1 + plan.GROWTH_PER_MONTH) ** i * plan.OPENING_RUSH.get((year, month), 1.0)
            for i, (year, month) in enumerate(months())
        ]
    )
    ends = np.round(np.cumsum(weights) / weights.sum() * count).astype(int)
    days: list[date] = []
    for (year, month), size in zip(months(), np.diff(ends, prepend=0), strict=True):
        choices = days_of_month(year, month, channel)
        days += [choices[i] for i in sorted(rng.randint(0, len(choices), size))]
    return days


def days_of_month(year: int, month: int, channel: plan.Channel) -> list[date]:
    """Days on which the channel sells in that month."""
    start = date(year, month, 1)
    following = date(year + month // 12, month % 12 + 1, 1)
    days = [start + timedelta(i) for i in range((following - start).days)]
    return days if channel == "shopify" else [day for day in days if day.weekday() >= 5]


def target(day: date, channel: plan.Channel, first_buy: bool) -> float:
    """Planted share of this kind of new customer who return within 90 days."""
    row = [t for t in plan.RETURN_TARGETS if t.since <= day][-1]
    if channel == "square":
        return row.stall
    return row.online_first_buy if first_buy else row.online_other


def _kind(rng: Random, day: date, channel: plan.Channel, quick: bool) -> str:
    """A customer type that fits the first date and whether the customer returns soon."""
    online, age = channel == "shopify", (plan.AS_OF - day).days
    if not quick:
        gifts = (0.65 if day.month >= 11 else 0.15) if online else 0.0
        rest = 1 - gifts
        return pick(rng, {"gift_once": gifts, "occasional": 0.38 * rest, "tried_once": 0.62 * rest})
    old = age >= plan.LAPSED_SILENT_DAYS + 150
    lapsed = (0.50 if day < date(2024, 4, 1) else 0.38) if old else 0.0
    slipping = 0.09 if age >= 240 else 0.0
    return pick(
        rng,
        {
            "regular": 0.17,
            "lapsed_regular": lapsed,
            "slipping_regular": slipping,
            "big_spender": 0.11 if online else 0.0,
            "occasional": 0.34,
        },
    )


def _names(rng: Random, count: int) -> list[str]:
    """`count` different full names."""
    picks = rng.permutation(len(FIRST_NAMES) * len(LAST_NAMES))[:count]
    return [f"{FIRST_NAMES[i // len(LAST_NAMES)]} {LAST_NAMES[i % len(LAST_NAMES)]}" for i in picks]


def email_of(name: str, host: str) -> str:
    """An address at a reserved host, in plain letters: "Zoë Reed" at example.com -> zoe.reed@example.com."""
    plain = unicodedata.normalize("NFKD", name.lower().replace("ø", "o")).encode("ascii", "ignore").decode()
    return f"{plain.replace(' ', '.')}@{host}"


def make_people(rng: Random) -> list[Person]:
    """All invented customers, online ones first, each channel in order of first date."""
    stall = round(plan.CUSTOMERS * plan.STALL_SHARE)
    channels: list[plan.Channel] = [
        "shopify" if i < plan.CUSTOMERS - stall else "square" for i in range(plan.CUSTOMERS)
    ]
    days = _first_days(rng, "shopify", plan.CUSTOMERS - stall) + _first_days(rng, "square", stall)
    phones = rng.permutation(len(AREA_CODES) * 100)
    owed: dict[tuple[str, bool], float] = {
        ("shopify", True): 0.3,
        ("shopify", False): 0.6,
        ("square", False): 0.5,
    }
    people = []
    for number, (channel, day, name) in enumerate(zip(channels, days, _names(rng, len(days)), strict=True)):
        online = channel == "shopify"
        first_buy = bool(online and rng.random_sample() < 0.40)
        owed[channel, first_buy] += target(day, channel, first_buy)
        quick = owed[channel, first_buy] >= 1
        owed[channel, first_buy] -= quick
        code, tail = divmod(int(phones[number]), 100) if online and number < len(phones) else (0, -1)
        people.append(
            Person(
                key=email_of(name, MAIL_HOSTS[number % 3]) if online else make_id(rng, 16),
                channel=channel,
                name=name,
                phone=f"+1{AREA_CODES[code]}55501{tail:02d}" if tail >= 0 and number % 2 == 0 else "",
                town=TOWNS[rng.randint(len(TOWNS))],
                first=day,
                first_buy=first_buy,
                quick=quick,
                kind=_kind(rng, day, channel, quick),
            )
        )
    return people
