"""All that lists are made from, fitted on every purchase: the eligible methods, pairs, statuses, what is on sale."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from loyalty.columns import Flags, Ints, Texts
from loyalty.customers.status import ACTIVE
from loyalty.models.recommendations.bought_together import Companions, companions
from loyalty.models.recommendations.candidates import BY_NAME, RECENT
from loyalty.models.recommendations.content_based import Content, fit_content
from loyalty.models.recommendations.interactions import Interactions
from loyalty.models.recommendations.product_history import on_sale, returned
from loyalty.models.recommendations.ranking import Ranker
from loyalty.models.recommendations.repeat_purchase import Again, fit_again


@dataclass(frozen=True)
class Advisor:
    """All that lists are made from, fitted on everything known.

    `arms`: the methods for what is new to a customer, RECENT always among them; `newest`: ranks products first sold of
    late; `allowed`: on sale and offered, (products,); `status`: where each customer stands, (customers,); `content`: None where names do not help.
    """

    data: Interactions
    again: Again
    arms: Mapping[str, Ranker]
    newest: Ranker
    content: Content | None
    pairs: Companions
    status: Texts
    started: Ints
    came: Ints
    allowed: Flags

    @property
    def rows(self) -> Ints:
        """All customers."""
        return np.arange(len(self.data.customers))


def advisor(
    data: Interactions,
    methods: Sequence[str] = (RECENT,),
    *,
    content: bool = False,
    without: Collection[str] = (),
    statuses: Mapping[str, str] = MappingProxyType({}),
) -> Advisor:
    """Fit what lists need: `methods` for what is new (keys of METHODS), `content` for what is hardly sold yet.

    `without`: products never to be shown (excluded by the owner, or out of stock). `statuses`: where customers stand, by id
    (keys of `loyalty.customers.status.STATUSES`); who is not in there counts as active.
    """
    names = fit_content(data) if content else None
    arms = {name: BY_NAME[name].fit(data) for name in dict.fromkeys([*methods, RECENT])}
    started, came = returned(data)
    hidden = np.isin(data.products.astype(str), [str(product) for product in without])
    return Advisor(
        data=data,
        again=fit_again(data),
        arms=arms,
        newest=names or arms[RECENT],
        content=names,
        pairs=companions(data),
        status=np.array([statuses.get(str(name), ACTIVE) for name in data.customers], dtype=object),
        started=started,
        came=came,
        allowed=on_sale(data) & ~hidden,
    )
