"""The figures of each month, for lines on a chart."""

from __future__ import annotations

import pandas as pd


def monthly_trend(months: pd.DataFrame) -> pd.DataFrame:
    """A MONTHS frame with three columns more, in the same order of rows.

    aov: revenue ÷ orders; returning_share: returning customers ÷ customers; new_share: new customers ÷
    customers. NaN (a gap in the line) where there is nothing to divide by. `months` itself is left as it
    was.
    """
    orders = months["orders"].where(months["orders"] > 0)
    customers = months["customers"].where(months["customers"] > 0)
    return months.assign(
        aov=months["revenue"] / orders,
        returning_share=months["returning_customers"] / customers,
        new_share=months["new_customers"] / customers,
    )
