"""The recommender: eligible methods fitted on all purchases, with pairs, customer statuses and products on sale."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from loyalty.columns import Flags, Ints, Texts
from loyalty.customers.status import ACTIVE
from loyalty.models.recommendations.bought_together import ProductPairs, find_pairs
from loyalty.models.recommendations.candidates import BY_NAME, RECENT
from loyalty.models.recommendations.content_based import ContentBased, fit_content
from loyalty.models.recommendations.interactions import Interactions
from loyalty.models.recommendations.product_history import count_returns, products_on_sale
from loyalty.models.recommendations.ranking import Ranker
from loyalty.models.recommendations.repeat_purchase import RepeatPurchase, fit_repeat_purchase


@dataclass(frozen=True)
class Recommender:
    """Everything that lists are made from, fitted on all purchases.

    `arms`: methods for new products by name, always with RECENT; `newest`: ranks products that are new in the shop;
    `content`: None where names do not help; `status`: of each customer, (customers,); `began`, `returned`: see
    `loyalty.models.recommendations.product_history.count_returns`; `allowed`: on sale and not hidden, (products,).
    """

    data: Interactions
    repeat_purchase: RepeatPurchase
    arms: Mapping[str, Ranker]
    newest: Ranker
    content: ContentBased | None
    pairs: ProductPairs
    status: Texts
    began: Ints
    returned: Ints
    allowed: Flags

    @property
    def rows(self) -> Ints:
        """All customers."""
        return np.arange(len(self.data.customers))


def fit_recommender(
    data: Interactions,
    methods: Sequence[str] = (RECENT,),
    *,
    content: bool = False,
    without: Collection[str] = (),
    statuses: Mapping[str, str] = MappingProxyType({}),
) -> Recommender:
    """Fit the recommender.

    Args:
        data: all purchases.
        methods: names of the candidates for new products; RECENT is added.
        content: whether products with hardly any sales are ranked by name.
        without: products never to be shown (excluded by the owner, or out of stock).
        statuses: customer statuses (keys of `loyalty.customers.status.STATUSES`) by id; default: active.
    """
    content_ranker = fit_content(data) if content else None
    arms = {name: BY_NAME[name].fit(data) for name in dict.fromkeys([*methods, RECENT])}
    began, returned = count_returns(data)
    hidden = np.isin(data.products.astype(str), [str(product) for product in without])
    return Recommender(
        data=data,
        repeat_purchase=fit_repeat_purchase(data),
        arms=arms,
        newest=content_ranker or arms[RECENT],
        content=content_ranker,
        pairs=find_pairs(data),
        status=np.array([statuses.get(str(name), ACTIVE) for name in data.customers], dtype=object),
        began=began,
        returned=returned,
        allowed=products_on_sale(data) & ~hidden,
    )
