"""Monthly trend of the key figures, for charts."""

from __future__ import annotations

import pandas as pd


def monthly_trend(months: pd.DataFrame) -> pd.DataFrame:
    """MONTHS with three more columns, rows in the same order.

    aov: revenue ÷ orders; returning_share: returning customers ÷ customers; new_share: new customers ÷
    customers. NaN (a gap in the line) where there is nothing to divide by. `months` itself is not changed.
    """
    orders = months["orders"].where(months["orders"] > 0)
    customers = months["customers"].where(months["customers"] > 0)
    return months.assign(
        aov=months["revenue"] / orders,
        returning_share=months["returning_customers"] / customers,
        new_share=months["new_customers"] / customers,
    )
