"""Returns as events: how much was given back of each order, and when that was known."""

from __future__ import annotations

import numpy as np
import pandas as pd

from loyalty.rewards.points.history import RETURN_COLUMNS, empty_frame

TINY = 1e-6


def order_returns(sales: pd.DataFrame, told: pd.DataFrame) -> pd.DataFrame:
    """`PointsHistory.returns` of orders whose net is below their gross.

    `sales`: order, ref, at, gross, net. `told`: ref, told_at, back, whole, rate, first, as `facts.points.told_returns`.
    What the first file to tell of an order showed already is returned from the order's own moment; what a later file
    showed first, from the last moment that this file reaches. In sum exactly gross - net is returned.
    """
    gone = sales.loc[sales["gross"] - sales["net"] > TINY, ["order", "ref", "at", "gross", "net"]]
    if gone.empty:
        return empty_frame(RETURN_COLUMNS)
    total = (gone["gross"] - gone["net"]).to_numpy(dtype=np.float64)
    known = gone.assign(total=total).merge(told, how="left", on="ref")
    late = known["told_at"].notna() & ~known["first"].fillna(value=True).astype(bool)
    known["when"] = known["at"].where(~late, known[["at", "told_at"]].max(axis=1))
    level = (known["back"] * known["rate"]).fillna(np.inf)
    whole = known["whole"].fillna(value=True).astype(bool)
    known["level"] = level.where(~whole, np.inf).clip(upper=known["total"])
    known = known.sort_values(["order", "when", "level"], kind="stable")
    top = known.groupby("order")["level"].cummax()
    last = ~known["order"].duplicated(keep="last")
    top = top.where(~last, known["total"])  # what no file names by itself was given back with the last
    amount = top - top.groupby(known["order"]).shift(fill_value=0.0)
    found = pd.DataFrame({"order": known["order"], "at": known["when"], "amount": amount})
    return found[found["amount"] > TINY].reset_index(drop=True)


def lone_returns(sales: pd.DataFrame, returns: pd.DataFrame, lone: pd.DataFrame) -> pd.DataFrame:
    """Refunds that name no order, shared among the customer's orders before them, the latest first.

    `lone`: customer_id, at, amount. What exceeds all earlier orders of the customer is nobody's points.
    """
    if lone.empty:
        return empty_frame(RETURN_COLUMNS)
    mine = sales[sales["customer_id"].isin(lone["customer_id"])].sort_values(["at", "order"], ascending=False)
    gone = returns.groupby("order")["amount"].sum() if len(returns) else pd.Series(dtype="float64")
    left = dict(zip(mine["order"], mine["gross"] - mine["order"].map(gone).fillna(0.0), strict=True))
    by_customer = {
        who: list(zip(part["order"], part["at"], strict=True)) for who, part in mine.groupby("customer_id")
    }
    rows: list[tuple[int, pd.Timestamp, float]] = []
    for who, at, amount in zip(lone["customer_id"], lone["at"], lone["amount"], strict=True):
        for order, ordered_at in by_customer.get(who, []):
            part = min(amount, left[order]) if ordered_at <= at else 0.0
            if part > TINY:
                left[order], amount = left[order] - part, amount - part
                rows.append((order, at, part))
    return pd.DataFrame(rows, columns=list(RETURN_COLUMNS))
