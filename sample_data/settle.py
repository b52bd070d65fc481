"""The outcome of each basket: codes, tax, shipping, unpaid, cancelled, refunded; and the customers who appear twice."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sample_data import plan
from sample_data.people import Person, Random, email_of, make_id
from sample_data.sales import Draft, Line, tax_on


@dataclass(frozen=True)
class OnlineOrder:
    """A Shopify order; money in cents; `number` without the leading #; `email` is empty if unknown."""

    number: int
    at: datetime
    email: str
    person: Person | None
    lines: tuple[Line, ...]
    code: str
    discount: int
    shipping: int
    tax: int
    status: str = "paid"
    refunded: int = 0
    cancelled_at: datetime | None = None

    @property
    def subtotal(self) -> int:
        """Goods after discount, without tax and shipping."""
        return sum(line.gross for line in self.lines) - self.discount

    @property
    def total(self) -> int:
        """What the buyer is asked for."""
        return self.subtotal + self.shipping + self.tax


@dataclass(frozen=True)
class StallRefund:
    """A refunded `line`; in the transaction of the sale or in a later, separate one."""

    transaction: str
    payment: str
    at: datetime
    line: Line


@dataclass(frozen=True)
class StallSale:
    """A Square transaction; `customer` is the Square id or empty; `reference` is set for one person only."""

    transaction: str
    payment: str
    at: datetime
    customer: str
    name: str
    reference: str
    lines: tuple[Line, ...]
    refunds: tuple[StallRefund, ...] = ()


def _code(rng: Random, draft: Draft, gross: int) -> tuple[str, int]:
    """Discount code and cents off."""
    chance = rng.random_sample()
    name = ""
    if draft.person and draft.ordinal == 0 and chance < 0.35:
        name = "WELCOME10"
    elif draft.at.month == 12 and chance < 0.25:
        name = "WINTER15"
    if name:
        return name, (gross * plan.CODES[name] + 50) // 100
    return plan.FLAT_CODE if chance > 0.96 and gross >= 3000 else ("", 0)


def _order(rng: Random, draft: Draft, number: int, email: str) -> OnlineOrder:
    """A paid order from a basket: code, shipping below the free limit, tax on discounted taxable goods."""
    gross = sum(line.gross for line in draft.lines)
    code, discount = _code(rng, draft, gross)
    taxable = sum(line.gross for line in draft.lines if line.product.taxable)
    shipping = 0 if gross - discount >= plan.FREE_SHIPPING_FROM else plan.SHIPPING
    tax = tax_on(taxable * (gross - discount) // gross)
    return OnlineOrder(number, draft.at, email, draft.person, draft.lines, code, discount, shipping, tax)


def _in_a_spring(at: datetime) -> bool:
    return any(first <= at.date() <= last for first, last in plan.SPRINGS.values())


def _later(drafts: list[Draft]) -> list[int]:
    """Places of third and later orders: what befalls these leaves the first two orders of everybody alone."""
    return [i for i, draft in enumerate(drafts) if draft.person and draft.ordinal >= 2]


def _only(drafts: list[Draft]) -> list[int]:
    """Places of orders of people with one order only, first seen outside the two springs."""
    repeaters = {draft.person.key for draft in drafts if draft.person and draft.ordinal >= 1}
    return [
        i
        for i, draft in enumerate(drafts)
        if draft.person and draft.person.key not in repeaters and not _in_a_spring(draft.at)
    ]


def _refund(rng: Random, order: OnlineOrder) -> OnlineOrder:
    """A part of the goods given back: 20 to 60 % of them, in whole cents."""
    refunded = order.subtotal * int(rng.randint(20, 61)) // 100
    return replace(order, status="partially_refunded", refunded=refunded)


def _cancel(order: OnlineOrder, given_back: bool) -> OnlineOrder:
    order = replace(order, cancelled_at=order.at + timedelta(hours=3))
    return replace(order, status="refunded", refunded=order.total) if given_back else order


def _draw(rng: Random, places: list[int], counts: list[int]) -> list[list[int]]:
    """Disjoint random groups of places, one a count."""
    picks = iter(int(i) for i in rng.choice(places, sum(counts), replace=False))
    return [[next(picks) for _ in range(count)] for count in counts]


def settle_online(rng: Random, drafts: list[Draft], emails: list[str]) -> list[OnlineOrder]:
    """Orders by time, numbered from #1001, with the planted number of each kind of trouble."""
    orders = [
        _order(rng, draft, 1001 + i, email)
        for i, (draft, email) in enumerate(zip(drafts, emails, strict=True))
    ]
    candidates = [i for i in _later(drafts) if orders[i].total > orders[i].subtotal]
    full, part, goods, cancelled, pending, voided = _draw(
        rng,
        candidates,
        [
            plan.REFUNDED_LATER,
            plan.PARTLY_REFUNDED,
            plan.GOODS_REFUNDED,
            plan.CANCELLED,
            plan.PENDING,
            plan.VOIDED,
        ],
    )
    only_full, only_pending = _draw(rng, _only(drafts), [plan.ONLY_ORDER_REFUNDED, plan.ONLY_ORDER_PENDING])
    for i in full + only_full:
        orders[i] = replace(orders[i], status="refunded", refunded=orders[i].total)
    for i in part:
        orders[i] = _refund(rng, orders[i])
    for i in goods:
        orders[i] = replace(orders[i], status="partially_refunded", refunded=orders[i].subtotal)
    for turn, i in enumerate(cancelled):
        orders[i] = _cancel(orders[i], given_back=turn % 2 == 0)
    for i in pending + only_pending:
        orders[i] = replace(orders[i], status="pending")
    for i in voided:
        orders[i] = replace(orders[i], status="voided")
    return orders


def second_email(people: list[Person]) -> tuple[Person, str]:
    """The person with two e-mails, and the second one: same name, same phone, another address."""
    person = next(p for p in people if p.kind == "regular" and p.phone and p.first.month >= 6)
    return person, email_of(f"{person.name} home", "example.org")


def two_channels(people: list[Person]) -> Person:
    """The online customer who also comes to the stall."""
    return next(p for p in people if p.kind == "regular" and p.channel == "shopify")


def _sale(rng: Random, draft: Draft, guest: Person, reference: str) -> StallSale:
    """A sale; the guest from the online shop is known at the stall by name and card number only."""
    stall_customer = draft.person if draft.person and draft.person.key != guest.key else None
    is_guest = draft.person is not None and stall_customer is None
    name = draft.person.name if draft.person else ""
    return StallSale(
        make_id(rng, 22),
        make_id(rng, 22),
        draft.at,
        stall_customer.key if stall_customer else "",
        name,
        reference if is_guest else "",
        draft.lines,
    )


def _give_back(rng: Random, sale: StallSale, apart: bool) -> StallSale:
    """The sale with one piece of its largest line refunded: the same day, or a week later in a separate transaction."""
    line = replace(max(sale.lines, key=lambda part: part.quantity), quantity=1)
    at = sale.at + (timedelta(days=7) if apart else timedelta(minutes=20))
    ids = (make_id(rng, 22), make_id(rng, 22)) if apart else (sale.transaction, sale.payment)
    return replace(sale, refunds=(StallRefund(*ids, at, line),))


def settle_stall(rng: Random, drafts: list[Draft], guest: Person, reference: str) -> list[StallSale]:
    """Sales by time; a refund in the same transaction is of a whole one-piece sale or of one piece of several."""
    sales = [_sale(rng, draft, guest, reference) for draft in drafts]
    free = [
        i
        for i, draft in enumerate(drafts)
        if not sales[i].reference
        and (draft.person is None or draft.ordinal >= 2)
        and (plan.AS_OF - draft.at.date()).days > 7
    ]
    whole = [i for i in free if len(sales[i].lines) == 1 and sales[i].lines[0].quantity == 1]
    several = [i for i in free if max(line.quantity for line in sales[i].lines) > 1]
    rest = sorted(set(free) - set(whole) - set(several))
    half = plan.STALL_REFUNDS_SAME // 2
    groups = [
        (whole, half, False),
        (several, plan.STALL_REFUNDS_SAME - half, False),
        (rest, plan.STALL_REFUNDS_APART, True),
    ]
    for places, count, apart in groups:
        for i in _draw(rng, places, [count])[0]:
            sales[i] = _give_back(rng, sales[i], apart)
    return sales
