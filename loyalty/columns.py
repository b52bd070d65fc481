"""Columns of the frames that facts return, and the types of arrays.

CUSTOMERS: one row an identified customer with at least one purchase up to `as_of` (a purchase: a paid order whose net
revenue after refunds is above 0):

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

COHORTS: one row a month of first purchase and month offset: cohort (datetime64), k (int), size (int), active (int).
Only cells whose month has begun by `as_of` are present.

BASKETS: one row a distinct product (or category) in an order (or in a customer's purchases of one day): basket
(int64), product (str, the shown name), customer_id (str or None), at (datetime64, the order's time) and channel
(category); a plain file of baskets may lack the last three.

FEEDBACK: one row an answer or review: at (datetime64), kind ("csat", "nps" or "review"), score (float64, NaN for a text
alone), scale (int64, the highest possible score), customer_id (str or None), text (str or None), product (str or None:
the reviewed one).

EVENTS: one row a visit or social event: at (datetime64), kind (one of `loyalty.intake.vocabulary.ACTS`), customer_id
(str or None), product (str or None), seconds (float64 or NaN: how long the visit took).

REFERRALS: one row a pair of customers: referrer_id, referred_id (str, never the same), at (datetime64 or NaT: the first
date).

SPEND: one row a month and channel: month (datetime64, first day), channel (str, "" where none is named), amount
(float64, the shop's currency).

CONSENTS: one row a customer and medium: customer_id, medium ("email", "sms" or "wechat"), granted (bool), stated_at
(datetime64), source (str: where the customer agreed or refused, else the kind of file that states it). No row: the
customer was not asked.

ORIGINS: one row a customer on whom there is more than sales: customer_id, first_seen (datetime64 or NaT), acquired_via,
city, tags (str or None).

INTERACTIONS: one row a distinct product in an order: customer_id (str or None), basket (int), channel, at
(datetime64), product (the shown name), category (str or None), quantity (float64).

RECOMMENDED: one row a product that was recommended to a customer: at (datetime64), list_id (int), customer_id, mode
("again" or "discover"), place (1 is the first of a list), product, method and reason (keys of
`loyalty.models.recommendations`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Texts = npt.NDArray[np.object_]

CUSTOMERS = (
    "customer_id",
    "channel",
    "first_at",
    "last_at",
    "second_at",
    "orders",
    "days",
    "revenue",
    "orders_365",
    "revenue_365",
)
COHORTS = ("cohort", "k", "size", "active")
BASKETS = ("basket", "product", "customer_id", "at", "channel")
FEEDBACK = ("at", "kind", "score", "scale", "customer_id", "text", "product")
EVENTS = ("customer_id", "kind", "product", "at", "seconds")
REFERRALS = ("referrer_id", "referred_id", "at")
CONSENTS = ("customer_id", "medium", "granted", "stated_at", "source")
ORIGINS = ("customer_id", "first_seen", "acquired_via", "city", "tags")
INTERACTIONS = ("customer_id", "basket", "channel", "at", "product", "category", "quantity")
RECOMMENDED = ("at", "list_id", "customer_id", "mode", "place", "product", "method", "reason")


@dataclass(frozen=True)
class Totals:
    """Counts over a period (both ends inclusive), as of one day.

    `orders` and `revenue` include anonymous sales and stand-alone refunds; the customer counts do not.
    """

    customers: int  # identified customers with a purchase in the period
    returning_customers: int  # of these, those who bought before the period (open start: twice or more)
    repeat_customers: int  # identified customers with two or more purchases in the period
    orders: int
    revenue: float
    anonymous_orders: int
    anonymous_revenue: float
