"""The shapes of what facts hand upwards: small frames and records that measures and models work on.

CUSTOMERS: a frame, one row an identified customer with at least one purchase up to `as_of`
(a purchase: a paid order whose net revenue after refunds is above 0):

| column | type | meaning |
|---|---|---|
| customer_id | str | opaque id, no personal data |
| channel | str | channel of the first purchase |
| first_at, last_at | datetime64 | first and last purchase, shop's local wall time |
| second_at | datetime64 or NaT | second purchase |
| orders | int64 | purchases |
| days | int64 | distinct days with a purchase |
| revenue | float64 | net revenue so far, refunds taken off |
| orders_365, revenue_365 | int64, float64 | the same within the 365 days that end with `as_of` (inclusive) |

MONTHS: one row a month (and channel, when asked): month (datetime64, first day), [channel], orders, revenue,
customers, new_customers, returning_customers.

COHORTS: one row a first-purchase month and month offset: cohort (datetime64), k (int), size (int), active (int).
Only cells whose month has begun by `as_of` are present.

BASKETS: one row a distinct product in an order: basket (int64), product (str, the shown name), customer_id (str or
None; absent where a file of baskets names nobody).

INTERACTIONS: one row a distinct product in an order: customer_id (str or None), basket (int), channel, at
(datetime64), product (the shown name), category (str or None), quantity (float64).

RECOMMENDED: one row a product that was recommended to a customer: at (datetime64), list_id (int), customer_id, mode
("again" or "discover"), place (1 is the first of a list), product, method and reason (keys of `models.recommend`).

FEEDBACK: one row an answer: at (datetime64), kind ("csat" or "nps"), score (float64), scale (int64, the highest
possible score), customer_id (str or None), text (str or None).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Totals:
    """Counts over a period (both ends inclusive), as of one day.

    `orders` and `revenue` include anonymous sales and stand-alone refunds; the customer counts do not.
    """

    customers: int  # identified customers with a purchase in the period
    returning_customers: (
        int  # of these, the ones who had bought before their first purchase in the period, or before it began
    )
    repeat_customers: int  # identified customers with two or more purchases in the period
    orders: int
    revenue: float
    anonymous_orders: int
    anonymous_revenue: float
