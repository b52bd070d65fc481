"""What the roaster knows besides sales: a list of customers, visits to the shop, who recommended whom, marketing spend.

Drawn with a generator of its own, so that the sales stay as they are. Files have the headings of the tables to fill in by
hand. `further_figures` works out what the app must show, from the made-up records themselves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sample_data import plan
from sample_data.layouts import Row, agrees
from sample_data.people import Person, Random, months, pick
from sample_data.purchases import Purchase, days_by_key, money, share

CUSTOMERS_HEADER = "E-mail,Birthday,Agrees to e-mail,Consent given on,City,Found you through,Customer since"
VISITS_HEADER = "Time,E-mail,What they did,Product,Seconds"
REFERRALS_HEADER = "Date,Recommended by,New customer"
SPEND_HEADER = "Month,Channel,Spend"


@dataclass(frozen=True)
class Member:
    """One line of the list of customers; `birthday` is YYYY-MM-DD, --MM-DD or empty; `since` is the first purchase."""

    email: str
    birthday: str
    agrees_to_email: str
    city: str
    found_through: str
    since: date


@dataclass(frozen=True)
class Visit:
    """One act in the online shop or on its page; `email` is empty for those who had not logged in."""

    at: datetime
    email: str
    act: str
    product: str
    seconds: str


@dataclass(frozen=True)
class Referral:
    """`referrer` recommended the shop to `referred` on `day`."""

    day: date
    referrer: str
    referred: str


@dataclass(frozen=True)
class MonthlySpend:
    """Cents spent on a channel in the month that begins on `month`."""

    month: date
    channel: str
    cents: int


@dataclass(frozen=True)
class Further:
    """Everything in the four files."""

    members: list[Member]
    visits: list[Visit]
    referrals: list[Referral]
    spend: list[MonthlySpend]


def make_further(people: list[Person], purchases: list[Purchase]) -> Further:
    """All four, from the people and their purchases."""
    rng = Random(plan.SEED + 1)
    firsts = {key: days[0] for key, days in days_by_key(purchases).items()}
    online = [person for person in people if person.channel == "shopify" and person.key in firsts]
    members = _members(rng, online, firsts)
    return Further(members, _visits(rng, members), _referrals(rng, online, firsts), _spend(rng))


def _members(rng: Random, online: list[Person], firsts: Mapping[str, date]) -> list[Member]:
    """A part of the online customers, in the order of their first purchases."""
    chosen = [online[place] for place in sorted(rng.permutation(len(online))[: plan.MEMBERS])]
    with_birthday = set(rng.permutation(plan.MEMBERS)[: plan.BIRTHDAYS].tolist())
    yearless = set(sorted(with_birthday)[:: plan.BIRTHDAYS // plan.BIRTHDAYS_WITHOUT_YEAR])
    members = []
    for place, person in enumerate(chosen):
        born = date(1948, 1, 1) + timedelta(int(rng.randint(0, 57 * 365)))
        birthday = (
            "" if place not in with_birthday else f"--{born:%m-%d}" if place in yearless else born.isoformat()
        )
        source = pick(rng, plan.FOUND_THROUGH).removeprefix("nothing")
        since = firsts[person.key]
        members.append(Member(person.key, birthday, agrees(person.key), person.town, source, since))
    return members


def _visits(rng: Random, members: list[Member]) -> list[Visit]:
    """The acts of the last 90 days, by time."""
    sold = [product.name for product in plan.PRODUCTS if product.online]
    visits = []
    for act, count in plan.VISITS.items():
        for place in range(count):
            moment = datetime.combine(plan.AS_OF, datetime.min.time()) - timedelta(
                minutes=int(rng.randint(0, 90 * 1440))
            )
            logged_in = place % 10 >= plan.VISITS_UNKNOWN_IN_TEN
            email = members[rng.randint(len(members))].email if logged_in else ""
            product = "" if act == "search" else sold[rng.randint(len(sold))]
            visits.append(
                Visit(moment, email, act, product, str(rng.randint(5, 240)) if act == "view" else "")
            )
    return sorted(visits, key=lambda visit: (visit.at, visit.email, visit.act, visit.product))


def _referrals(rng: Random, online: list[Person], firsts: Mapping[str, date]) -> list[Referral]:
    """Referrals that brought a customer, those that brought nobody, and those made after the first purchase."""
    early = [person.key for person in online if firsts[person.key] < date(2024, 6, 1)]
    later = [person.key for person in online if firsts[person.key] >= date(2024, 9, 1)]
    referrers = [early[place] for place in rng.permutation(len(early))[: plan.REFERRERS]]
    brought = [later[place] for place in rng.permutation(len(later))[: plan.BROUGHT + plan.TOLD_TOO_LATE]]
    referrals = []
    for place, key in enumerate(brought):
        late = place >= plan.BROUGHT
        days = -int(rng.randint(5, 40)) if late else int(rng.randint(0, 21))
        referrer = referrers[place % plan.REFERRERS] if not late else early[-1 - place]
        referrals.append(Referral(firsts[key] - timedelta(days), referrer, key))
    for place in range(plan.BROUGHT_NOBODY):
        day = date(2025, 1, 1) + timedelta(int(rng.randint(0, 500)))
        referrals.append(Referral(day, referrers[place], f"not.yet.{place:02d}@example.com"))
    return sorted(referrals, key=lambda referral: (referral.day, referral.referrer, referral.referred))


def _spend(rng: Random) -> list[MonthlySpend]:
    """Each month's spend on each channel, whole dollars; flyers in spring and before Christmas only."""
    rows = []
    for year, month in months():
        for channel, (low, high) in plan.SPEND.items():
            cents = 100 * int(rng.randint(low, high + 1))
            if channel != "Flyers" or month in plan.FLYER_MONTHS:
                rows.append(MonthlySpend(date(year, month, 1), channel, cents))
    return rows


def customers_rows(further: Further) -> list[Row]:
    """One row a member."""
    return [
        {
            "E-mail": m.email,
            "Birthday": m.birthday,
            "Agrees to e-mail": m.agrees_to_email,
            "Consent given on": m.since.isoformat(),
            "City": m.city,
            "Found you through": m.found_through,
            "Customer since": m.since.isoformat(),
        }
        for m in further.members
    ]


def visits_rows(further: Further) -> list[Row]:
    """One row an act, the oldest first."""
    return [
        {
            "Time": f"{v.at:%Y-%m-%d %H:%M}",
            "E-mail": v.email,
            "What they did": v.act,
            "Product": v.product,
            "Seconds": v.seconds,
        }
        for v in further.visits
    ]


def referrals_rows(further: Further) -> list[Row]:
    """One row a recommendation, the oldest first."""
    return [
        {"Date": w.day.isoformat(), "Recommended by": w.referrer, "New customer": w.referred}
        for w in further.referrals
    ]


def spend_rows(further: Further) -> list[Row]:
    """One row a month and channel."""
    return [
        {"Month": f"{s.month:%Y-%m}", "Channel": s.channel, "Spend": money(s.cents)} for s in further.spend
    ]


def further_figures(further: Further, purchases: list[Purchase]) -> dict[str, object]:
    """Counts and figures by the definitions, over the purchases of both channels."""
    firsts = {key: days[0] for key, days in days_by_key(purchases).items()}
    counted = [
        w
        for w in further.referrals
        if w.referred in firsts and firsts[w.referred] >= w.day and w.referrer in firsts
    ]
    referrers, referred = {w.referrer for w in counted}, {w.referred for w in counted}
    total = sum(s.cents for s in further.spend)
    return {
        "members": len(further.members),
        "birthdays": sum(bool(m.birthday) for m in further.members),
        "birthdays_without_year": sum(m.birthday.startswith("--") for m in further.members),
        "agree_to_letters": sum(m.agrees_to_email == "yes" for m in further.members),
        "found_through": dict(
            sorted(Counter(m.found_through for m in further.members if m.found_through).items())
        ),
        "visits": dict(sorted(Counter(v.act for v in further.visits).items())),
        "visits_unknown": sum(not v.email for v in further.visits),
        "recommendations": len(further.referrals),
        "referrers": len(referrers),
        "referred": len(referred),
        "referral_rate": share(len(referrers), len(firsts)),
        "referred_share": share(len(referred), len(firsts)),
        "spend": money(total),
        "new_customers": len(firsts),
        "cac": money(round(total / len(firsts))),
        "spend_by_channel": {
            name: money(sum(s.cents for s in further.spend if s.channel == name)) for name in plan.SPEND
        },
    }
