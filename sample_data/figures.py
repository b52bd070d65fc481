"""Expected figures, computed from the made-up sales themselves, never from the written files."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import combinations

from sample_data import plan
from sample_data.answers import Answer
from sample_data.people import Person, months
from sample_data.purchases import Purchase, days_by_key, money, online_net, purchases_of, refunds_apart, share
from sample_data.settle import OnlineOrder, StallSale

Figures = dict[str, object]


def _channel(purchases: list[Purchase], channel: str, apart: int) -> Figures:
    channel_purchases = [purchase for purchase in purchases if purchase.channel == channel]
    days = days_by_key(channel_purchases)
    repeat = sum(len(dates) >= 2 for dates in days.values())
    return {
        "purchases": len(channel_purchases),
        "net_revenue": money(sum(p.net for p in channel_purchases) - apart),
        "anonymous_purchases": sum(not p.key for p in channel_purchases),
        "customers": len(days),
        "repeat_customers": repeat,
        "repurchase_rate": share(repeat, len(days)),
    }


def _shopify_file(orders: list[OnlineOrder]) -> Figures:
    return {
        "orders_in_file": len(orders),
        "rows_in_file": sum(len(o.lines) for o in orders),
        "cancelled": sum(o.cancelled_at is not None for o in orders),
        "status_counts": dict(sorted(Counter(o.status for o in orders).items())),
        "emails_in_file": len({o.email for o in orders if o.email}),
        "with_discount_code": sum(bool(o.code) for o in orders),
        "discount_given": money(sum(o.discount for o in orders if online_net(o) > 0)),
    }


def _square_file(sales: list[StallSale]) -> Figures:
    refunds = [(sale, refund) for sale in sales for refund in sale.refunds]
    rows = sum(len(sale.lines) for sale in sales) + len(refunds)
    bare = sum((len(sale.lines) + len(sale.refunds)) * (not sale.customer) for sale in sales)
    apart = sum(refund.transaction != sale.transaction for sale, refund in refunds)
    return {
        "transactions_in_file": len(sales) + apart,
        "rows_in_file": rows,
        "rows_without_customer_id": bare,
        "share_without_customer_id": share(bare, rows),
        "refund_rows_same_transaction": len(refunds) - apart,
        "refund_rows_own_transaction": apart,
        "refunded_in_own_transaction": money(refunds_apart(sales)),
        "reference_only_transactions": sum(bool(sale.reference) for sale in sales),
    }


def kaplan_meier(gaps: Iterable[tuple[int, bool]], until: int) -> float:
    """1 - survival at `until` days (inclusive) of (days, came back) pairs; product-limit estimate."""
    observations = list(gaps)
    survival = 1.0
    for day in range(until + 1):
        events = sum(back and gap == day for gap, back in observations)
        if events:
            survival *= 1 - events / sum(gap >= day for gap, _ in observations)
    return 1 - survival


def _cohort(days: dict[str, list[date]], first: date, last: date) -> Figures:
    """Repurchase within 90 days of customers who first bought from `first` to `last`, both inclusive."""
    window = plan.RETURN_WITHIN_DAYS
    cohort = [dates for dates in days.values() if first <= dates[0] <= last]
    observed = [dates for dates in cohort if dates[0] + timedelta(window) <= plan.AS_OF]
    returned = sum(len(dates) > 1 and (dates[1] - dates[0]).days <= window for dates in observed)
    pairs = [(((dates[1:2] or [plan.AS_OF])[0] - dates[0]).days, len(dates) > 1) for dates in cohort]
    return {
        "customers": len(cohort),
        "fully_observed": len(observed),
        "returned_within_90_days": returned,
        "share_of_fully_observed": share(returned, len(observed)),
        "kaplan_meier_90_days": round(kaplan_meier(pairs, window), 6),
    }


def _first_bought(purchases: list[Purchase], sku: str) -> set[str]:
    """Keys of customers whose first purchase held the product."""
    firsts: dict[str, Purchase] = {}
    for purchase in sorted(purchases, key=lambda p: p.day):
        firsts.setdefault(purchase.key, purchase)
    return {key for key, purchase in firsts.items() if sku in purchase.skus}


def _springs(purchases: list[Purchase]) -> Figures:
    """Each planted spring, of all customers, by channel, and online by what was bought first."""
    online = [p for p in purchases if p.channel == "shopify"]
    keys = _first_bought(online, plan.FIRST_BUY_SKU)
    ways = {
        "all": purchases,
        "shopify": online,
        "square": [p for p in purchases if p.channel == "square"],
        "shopify_first_buy": [p for p in online if p.key in keys],
        "shopify_other": [p for p in online if p.key not in keys],
    }
    return {
        spring: {way: _cohort(days_by_key(group), *ends) for way, group in ways.items()}
        for spring, ends in plan.SPRINGS.items()
    }


def pair_figures(purchases: list[Purchase]) -> list[dict[str, float | int | str]]:
    """Every two products bought together: count, support, confidence both ways, lift; most lifted first."""
    one = Counter(sku for p in purchases for sku in p.skus)
    two = Counter(pair for p in purchases for pair in combinations(sorted(p.skus), 2))
    total = len(purchases)
    rows: list[dict[str, float | int | str]] = [
        {
            "a": a,
            "b": b,
            "together": n,
            "baskets_a": one[a],
            "baskets_b": one[b],
            "baskets": total,
            "support": share(n, total),
            "confidence_a_to_b": share(n, one[a]),
            "confidence_b_to_a": share(n, one[b]),
            "lift": share(n * total, one[a] * one[b]),
        }
        for (a, b), n in two.items()
    ]
    return sorted(rows, key=lambda row: (-float(row["lift"]), row["a"], row["b"]))


def planted_pairs(purchases: list[Purchase]) -> Figures:
    """The planted pairs with names, and the most lifted of all others bought together at least 10 times."""
    names = {product.sku: product.name for product in plan.PRODUCTS}
    rows = [
        row | {"name_a": names[str(row["a"])], "name_b": names[str(row["b"])]}
        for row in pair_figures(purchases)
    ]
    planted = {tuple(sorted((pair.given, pair.adds))) for pair in plan.PAIRS}
    others = [row for row in rows if (row["a"], row["b"]) not in planted and int(row["together"]) >= 10]
    return {
        "baskets": len(purchases),
        "planted": [r for r in rows if (r["a"], r["b"]) in planted],
        "highest_others": others[:5],
        "others_met_10_times": len(others),
        "others_over_1_5": sum(float(row["lift"]) > 1.5 for row in others),
    }


def _by_month(purchases: list[Purchase]) -> Figures:
    """Purchases and their goods by month and channel; refunds in separate transactions not yet taken off."""
    table: dict[str, object] = {}
    for year, month in months():
        of_month = [p for p in purchases if (p.day.year, p.day.month) == (year, month)]
        table[f"{year}-{month:02d}"] = {
            channel: {
                "purchases": sum(p.channel == channel for p in of_month),
                "goods": money(sum(p.net for p in of_month if p.channel == channel)),
            }
            for channel in ("shopify", "square")
        }
    return table


def _types(purchases: list[Purchase], types: dict[str, str]) -> Figures:
    """Size, orders, money and silence of each true customer type."""
    spent: dict[str, list[int]] = defaultdict(list)
    for purchase in purchases:
        if purchase.key:
            spent[purchase.key].append(purchase.net)
    days = days_by_key(purchases)
    return {kind: _type([key for key in days if types[key] == kind], spent, days) for kind in plan.TYPES}


def _type(keys: list[str], spent: dict[str, list[int]], days: dict[str, list[date]]) -> Figures:
    orders = sum(len(spent[key]) for key in keys)
    total = sum(sum(spent[key]) for key in keys)
    return {
        "customers": len(keys),
        "mean_orders": round(orders / len(keys), 3),
        "mean_order_value": round(total / orders / 100, 2),
        "mean_spend": round(total / len(keys) / 100, 2),
        "median_days_silent": float(statistics.median((plan.AS_OF - days[key][-1]).days for key in keys)),
    }


def _answers(csat: list[Answer], nps: list[Answer]) -> Figures:
    lapsed = [a for a in csat if a.kind == "lapsed_regular"]
    good, bad = sum(a.score >= 9 for a in nps), sum(a.score <= 6 for a in nps)
    return {
        "csat": {
            "answers": len(csat),
            "satisfied": sum(a.score >= 4 for a in csat),
            "share": share(sum(a.score >= 4 for a in csat), len(csat)),
            "without_email": sum(not a.email for a in csat),
            "lapsed_answers": len(lapsed),
            "lapsed_share": share(sum(a.score >= 4 for a in lapsed), len(lapsed)),
        },
        "nps": {
            "answers": len(nps),
            "promoters": good,
            "detractors": bad,
            "nps": round(100 * (good - bad) / len(nps), 4),
        },
    }


def all_figures(
    orders: list[OnlineOrder],
    sales: list[StallSale],
    csat: list[Answer],
    nps: list[Answer],
    types: dict[str, str],
) -> Figures:
    """Everything for truth/figures.json; `types` maps each key (e-mail or Square id) to its true type."""
    purchases = purchases_of(orders, sales)
    apart = refunds_apart(sales)
    both = {p: _channel(purchases, p, apart * (p == "square")) for p in ("shopify", "square")}
    days = days_by_key(purchases)
    repeat = sum(len(dates) >= 2 for dates in days.values())
    return {
        "as_of": plan.AS_OF.isoformat(),
        "currency": plan.CURRENCY,
        "shopify": _shopify_file(orders) | both["shopify"],
        "square": _square_file(sales) | both["square"],
        "both": {
            "purchases": len(purchases),
            "net_revenue": money(sum(p.net for p in purchases) - apart),
            "anonymous_purchases": sum(not p.key for p in purchases),
            "customers": len(days),
            "repeat_customers": repeat,
            "repurchase_rate": share(repeat, len(days)),
        },
        "came_back": _springs(purchases),
        "types": _types(purchases, types),
        "by_month": _by_month(purchases),
    } | _answers(csat, nps)


def truth_rows(
    people: list[Person],
    doubles: list[tuple[str, plan.Channel, str, str]],
) -> list[dict[str, str]]:
    """Key, channel, true type and, for the two planted doubles, the key of the same person."""
    rows = [{"key": p.key, "channel": p.channel, "type": p.kind, "same_person_as": ""} for p in people]
    return rows + [
        {"key": key, "channel": channel, "type": kind, "same_person_as": other}
        for key, channel, kind, other in doubles
    ]
