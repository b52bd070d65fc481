"""Which orders and sales count as purchases, and for how much: the definitions, on the made-up sales."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sample_data import plan
from sample_data.settle import OnlineOrder, StallSale

PAID = ("paid", "partially_refunded", "refunded")


@dataclass(frozen=True)
class Purchase:
    """An order that counts: `net` > 0 cents of paid goods left after refunds; `key` is empty if unknown."""

    channel: plan.Channel
    key: str
    day: date
    net: int
    skus: frozenset[str]


def online_net(order: OnlineOrder) -> int:
    """Net cents of goods: refunds reduce the goods first; 0 when not paid or cancelled."""
    if order.status not in PAID or order.cancelled_at is not None:
        return 0
    return max(0, order.subtotal - order.refunded)


def stall_net(sale: StallSale) -> int:
    """Cents of goods of the sale after refunds in the same transaction."""
    same = sum(refund.line.net for refund in sale.refunds if refund.transaction == sale.transaction)
    return sum(line.net for line in sale.lines) - same


def refunds_apart(sales: Iterable[StallSale]) -> int:
    """Cents refunded in separate transactions."""
    return sum(r.line.net for sale in sales for r in sale.refunds if r.transaction != sale.transaction)


def purchases_of(orders: list[OnlineOrder], sales: list[StallSale]) -> list[Purchase]:
    """All purchases of both channels."""
    online = [Purchase("shopify", o.email, o.at.date(), online_net(o), _skus(o)) for o in orders]
    stall = [Purchase("square", s.customer, s.at.date(), stall_net(s), _skus(s)) for s in sales]
    return [purchase for purchase in online + stall if purchase.net > 0]


def _skus(sale: OnlineOrder | StallSale) -> frozenset[str]:
    return frozenset(line.product.sku for line in sale.lines)


def days_by_key(purchases: Iterable[Purchase]) -> dict[str, list[date]]:
    """Purchase dates of each identified customer, ascending."""
    days: dict[str, list[date]] = defaultdict(list)
    for purchase in purchases:
        if purchase.key:
            days[purchase.key].append(purchase.day)
    return {key: sorted(dates) for key, dates in days.items()}


def money(cents: int) -> str:
    """Cents as a decimal string: 1350 -> "13.50"."""
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def share(part: int, whole: int) -> float:
    """`part` / `whole`, to six places."""
    return round(part / whole, 6)
