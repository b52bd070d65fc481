"""Personal offers: each customer's chance to buy anyway, and the smallest coupon that pays for itself."""

from __future__ import annotations

import datetime as dt

import ibis
import pandas as pd

from loyalty.facts.customers import purchase_days
from loyalty.facts.recommendations import opted_out
from loyalty.purchase_model.expectations import p_purchase
from loyalty.purchase_model.fit import fit, rows_of
from loyalty.purchase_model.histories import histories
from loyalty.purchase_model.histories import purchase_days as as_purchase_days
from loyalty.rewards.gain.expected_gain import Terms
from loyalty.rewards.offers import personal_depths

COUPON_DAYS = 30  # how long a coupon works, unless its offer says otherwise


def personal_offers(
    con: ibis.BaseBackend, as_of: dt.date, terms: Terms, days: int = COUPON_DAYS
) -> pd.DataFrame:
    """One row a customer, by id: customer_id and the columns of `loyalty.rewards.offers.personal_depths`.

    The chance to buy within `days` is BG/NBD's, from purchase days up to `as_of`. Customers who opted
    out of every medium are left out. With few customers the model's prior decides, and nothing is raised.
    """
    bought = purchase_days(con, as_of)
    bought = bought[~bought["customer_id"].isin(opted_out(con))].reset_index(drop=True)
    if bought.empty:
        nobody = pd.Series(dtype="float64")
        return personal_depths(nobody, nobody, terms).assign(customer_id=pd.Series(dtype="object"))
    known = histories(as_purchase_days(bought), as_of)
    rows = rows_of(known)
    chance = p_purchase(fit(known), rows, days / 7)[rows.customer_row]
    usual = bought.groupby("customer_id")["value"].mean()
    p = pd.Series(chance, index=pd.Index(known.customer_id, name="customer_id"))
    return personal_depths(p, usual.reindex(p.index), terms).rename_axis("customer_id").reset_index()
