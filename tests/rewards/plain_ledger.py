"""The rules of points once more, for one customer, in the plainest way: exact decimals, one event after the other.

The vectorised ledger is tested against it. Tiers are worked out at every moment of a change; points are
kept in separate lots.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Decimal

from loyalty.rewards.points.history import Version
from loyalty.rewards.programme.programme import Programme
from loyalty.rewards.programme.rules import WEEKDAYS

Moment = dt.datetime
ONE = dt.timedelta(days=1)
MIDNIGHT = dt.time()


@dataclass
class Order:
    number: int
    at: Moment
    gross: Decimal
    returns: list[tuple[Moment, Decimal]] = field(default_factory=list)

    def left(self, until: Moment) -> Decimal:
        """What is left of it after all returns up to a moment, inclusive."""
        back = sum((amount for at, amount in self.returns if at <= until), Decimal(0))
        return max(self.gross - back, Decimal(0))


@dataclass
class Lot:
    at: Moment
    confirmed: Moment
    expires: Moment
    points: int
    born: int
    reversals: list[tuple[Moment, int]] = field(default_factory=list)
    left: int = 0
    used: int = 0
    expired: int = 0
    pending: int = 0
    open: bool = False


def start(day: dt.date) -> Moment:
    return dt.datetime.combine(day, MIDNIGHT)


def version_of(day: dt.date, versions: list[Version]) -> Version | None:
    return next((v for v in reversed(versions) if v.starts <= day), None)


def whole(amount: Decimal) -> int:
    return int(amount.to_integral_value(ROUND_FLOOR))


def counts_until(order: Order, rules: Programme) -> Moment:
    if rules.tiering.period == "lifetime":
        return dt.datetime.max
    if rules.tiering.period == "rolling":
        return start(order.at.date() + 365 * ONE)
    return dt.datetime(order.at.year + 1, 1, 1)


def measure(left: Decimal, rules: Programme) -> Decimal:
    if rules.tiering.by == "spend":
        return left
    if rules.tiering.by == "orders":
        return Decimal(left > 0)
    return Decimal(whole(left * rules.points_per_unit) + (rules.earning.per_order if left > 0 else 0))


def reached(orders: list[Order], rules: Programme, after: Moment) -> Decimal:
    """What counts towards tiers right after a moment."""
    return sum(
        (measure(o.left(after), rules) for o in orders if o.at <= after < counts_until(o, rules)), Decimal(0)
    )


def tier_at(orders: list[Order], rules: Programme, now: Moment) -> int:
    """The tier held just before `now`: the highest reached within the grace before it."""
    changes = {o.at for o in orders} | {at for o in orders for at, _ in o.returns}
    changes |= {counts_until(o, rules) for o in orders if counts_until(o, rules) < dt.datetime.max}
    moments = sorted(changes)
    grace = dt.timedelta(days=rules.tiering.grace_days)
    held = 0
    for place, tier in enumerate(rules.tiers):
        for i, begins in enumerate(moments):
            ends = moments[i + 1] if i + 1 < len(moments) else dt.datetime.max
            leaving = [o for o in orders if counts_until(o, rules) == now]
            if begins >= now and not (begins == now and leaving and not any(o.at == now for o in orders)):
                continue
            until = ends if ends < now or (ends == now and leaving) else dt.datetime.max
            alive = reached(orders, rules, begins) >= tier.threshold
            if alive and (until == dt.datetime.max or now < until + grace):
                held = max(held, place)
    return held


def earned(order: Order, left: Decimal, factor: Decimal, rules: Programme) -> int:
    points = whole(left * factor) + (rules.earning.per_order if left > 0 else 0)
    return min(points, rules.caps.points_an_order) if rules.caps.points_an_order else points


def factor_of(order: Order, orders: list[Order], rules: Programme) -> Decimal:
    tier = rules.tiers[tier_at(orders, rules, order.at)].multiplier
    day = Decimal(1)
    for bonus in rules.earning.bonus_days:
        on = not bonus.weekdays or WEEKDAYS[order.at.weekday()] in bonus.weekdays
        on = on and (not bonus.first or order.at.date() >= bonus.first)
        on = on and (not bonus.last or order.at.date() <= bonus.last)
        day = max(day, bonus.multiplier) if on else day
    together = tier * day if rules.earning.together == "multiplied" else max(tier, day) if day != 1 else tier
    return rules.points_per_unit * together


def expiry_of(day: dt.date, rules: Programme, active: list[dt.date]) -> Moment:
    rule = rules.expiry
    if rule.kind == "never":
        return dt.datetime.max
    if rule.kind == "rolling":
        return start(day + (rule.days + 1) * ONE)
    if rule.kind == "fixed":
        expiry_day = day + rule.days * ONE
        while f"{expiry_day:%m-%d}" != rule.on:
            expiry_day += ONE
        return start(expiry_day + ONE)
    last = day
    for other in sorted(active):
        if day < other <= last + rule.days * ONE:
            last = max(last, other)
    return start(last + (rule.days + 1) * ONE)


def order_lots(orders: list[Order], versions: list[Version], active: list[dt.date]) -> list[Lot]:
    """A lot for each order, with what its returns take back."""
    lots, month = [], dict[tuple[int, int], int]()
    for born, order in enumerate(sorted(orders, key=lambda o: (o.at, o.number))):
        version = version_of(order.at.date(), versions)
        if version is None:
            continue
        rules = version.programme
        factor = factor_of(order, orders, rules)
        asked = earned(order, order.gross, factor, rules)
        key = (order.at.year, order.at.month)
        granted = asked
        if rules.caps.points_a_month:
            granted = max(0, min(asked, rules.caps.points_a_month - month.get(key, 0)))
        month[key] = month.get(key, 0) + asked
        confirmed = order.at + rules.earning.return_days * ONE
        expires = expiry_of(order.at.date(), rules, active)
        lot = Lot(order.at, confirmed, expires, granted, born)
        if expires < dt.datetime.max:
            lot.expires = max(expires, confirmed + ONE)
        left = granted
        for at, _ in sorted(order.returns):
            now = min(granted, earned(order, order.left(at), factor, rules))
            if now < left:
                lot.reversals.append((at, left - now))
            left = min(left, now)
        if granted:
            lots.append(lot)
    return lots


@dataclass
class Account:
    points: int = 0
    pending: int = 0
    debt: int = 0
    entries: list[tuple[Moment, str, int, int]] = field(default_factory=list)


def settle(lots: list[Lot], uses: list[tuple[Moment, int]], end: Moment) -> Account:
    """All that happens before `end`, in order of time."""
    account = Account()
    events: list[tuple[Moment, int, int, str, Lot | None, int]] = []
    for lot in lots:
        events.append((lot.at, 1, lot.born, "earned", lot, 0))
        events.append((lot.confirmed, 1, lot.born, "confirmed", lot, 0))
        events.append((lot.expires, 0, lot.born, "expired", lot, 0))
        events += [(at, 2, lot.born, "reversal", lot, points) for at, points in lot.reversals]
    events += [(at, 3, i, "redeemed", None, points) for i, (at, points) in enumerate(uses)]
    by_expiry = sorted(lots, key=lambda lot: (lot.expires, lot.confirmed, lot.at, lot.born))

    def use(points: int) -> None:
        for lot in by_expiry:
            part = min(points, lot.left) if lot.open else 0
            lot.left, lot.used, points = lot.left - part, lot.used + part, points - part
        account.debt += points

    for at, _, _, what, lot, points in sorted(events, key=lambda event: event[:3]):
        if at >= end:
            break
        if what == "redeemed":
            use(points)
            account.entries.append((at, what, -points, 0))
            continue
        assert lot is not None
        if what == "earned":
            lot.pending = lot.points
        elif what == "confirmed":
            lot.left, lot.pending, lot.open = lot.pending, 0, True
            paid = min(account.debt, lot.left)
            lot.left, lot.used, account.debt = lot.left - paid, lot.used + paid, account.debt - paid
        elif what == "expired":
            lot.expired, lot.left, lot.open = lot.left, 0, False
        elif at < lot.confirmed:
            lot.pending -= points
        else:
            returned = min(points, lot.expired)
            from_lot = min(points - returned, lot.left)
            lot.expired, lot.left = lot.expired - returned, lot.left - from_lot
            owed = points - returned - from_lot
            lot.used -= owed
            use(owed)
    account.points = sum(lot.left for lot in lots)
    account.pending = sum(lot.pending for lot in lots)
    return account
