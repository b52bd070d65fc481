"""Returns as events: how much was given back of each order, and when that was known."""

from __future__ import annotations

import numpy as np
import pandas as pd

from loyalty.rewards.points.history import RETURN_COLUMNS, empty_frame

TINY = 1e-6


def order_returns(sales: pd.DataFrame, reported: pd.DataFrame) -> pd.DataFrame:
    """`PointsHistory.returns` of orders whose net is below their gross.

    `sales`: order, ref, at, gross, net. `reported`: ref, stated_at, back, whole, rate, first, as `facts.points.stated_returns`.
    What the first file with an order showed already counts from the order's own moment; what a later file showed first,
    from the last moment that this file reaches. In sum exactly gross - net is returned.
    """
    returned = sales.loc[sales["gross"] - sales["net"] > TINY, ["order", "ref", "at", "gross", "net"]]
    if returned.empty:
        return empty_frame(RETURN_COLUMNS)
    total = (returned["gross"] - returned["net"]).to_numpy(dtype=np.float64)
    steps = returned.assign(total=total).merge(reported, how="left", on="ref")
    late = steps["stated_at"].notna() & ~steps["first"].fillna(value=True).astype(bool)
    steps["when"] = steps["at"].where(~late, steps[["at", "stated_at"]].max(axis=1))
    level = (steps["back"] * steps["rate"]).fillna(np.inf)
    whole = steps["whole"].fillna(value=True).astype(bool)
    steps["level"] = level.where(~whole, np.inf).clip(upper=steps["total"])
    steps = steps.sort_values(["order", "when", "level"], kind="stable")
    top = steps.groupby("order")["level"].cummax()
    last = ~steps["order"].duplicated(keep="last")
    top = top.where(~last, steps["total"])  # what no file names by itself was given back with the last
    amount = top - top.groupby(steps["order"]).shift(fill_value=0.0)
    rows = pd.DataFrame({"order": steps["order"], "at": steps["when"], "amount": amount})
    return rows[rows["amount"] > TINY].reset_index(drop=True)


def lone_returns(sales: pd.DataFrame, returns: pd.DataFrame, lone: pd.DataFrame) -> pd.DataFrame:
    """Refunds that name no order, shared among the customer's earlier orders, the latest first.

    `lone`: customer_id, at, amount. What exceeds all earlier orders of the customer takes back no points.
    """
    if lone.empty:
        return empty_frame(RETURN_COLUMNS)
    orders = sales[sales["customer_id"].isin(lone["customer_id"])].sort_values(
        ["at", "order"], ascending=False
    )
    returned = returns.groupby("order")["amount"].sum() if len(returns) else pd.Series(dtype="float64")
    left = dict(
        zip(orders["order"], orders["gross"] - orders["order"].map(returned).fillna(0.0), strict=True)
    )
    by_customer = {
        customer: list(zip(part["order"], part["at"], strict=True))
        for customer, part in orders.groupby("customer_id")
    }
    rows: list[tuple[int, pd.Timestamp, float]] = []
    for customer, at, amount in zip(lone["customer_id"], lone["at"], lone["amount"], strict=True):
        for order, ordered_at in by_customer.get(customer, []):
            part = min(amount, left[order]) if ordered_at <= at else 0.0
            if part > TINY:
                left[order], amount = left[order] - part, amount - part
                rows.append((order, at, part))
    return pd.DataFrame(rows, columns=list(RETURN_COLUMNS))
