"""The purchase models: one record of functions each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np

from loyalty.columns import Floats, Ints
from loyalty.errors import OwnerError
from loyalty.purchase_model import bgnbd, pareto_nbd
from loyalty.purchase_model.unique_histories import Rows
from loyalty.words import N_


class UnknownPurchaseModel(OwnerError):
    """No purchase model has the name that was asked for."""

    template: ClassVar[str] = N_("There is no purchase model “{name}”; choose one of {known}.")


@dataclass(frozen=True)
class Model:
    """A purchase model with four `parameters`, all above 0, together `theta`; times in weeks.

    `typical`: parameters of an ordinary shop, where a search starts and a prior is centred.
    `log_likelihood(theta, rows)`: the weighted sum and its gradient, shape (4,). `p_alive(theta, x, t_x,
    T)`. Of a customer alive at T: `expected(theta, x, T, t)`, purchase days in the next t weeks, shape (n,
    h) for t of (h,); `p_none(theta, x, T, t)`, that there are none; `draw(theta, x, T, weeks, rng)`, random
    purchase days with their mean time. Of a new customer: `expected_new(theta, t)`, E[X(t)]; `p_count(theta,
    n, t)`, P(X(t) = n).
    """

    name: str
    title: str
    parameters: tuple[str, str, str, str]
    typical: tuple[float, float, float, float]
    log_likelihood: Callable[[Floats, Rows], tuple[float, Floats]]
    p_alive: Callable[[Floats, Floats, Floats, Floats], Floats]
    expected: Callable[[Floats, Floats, Floats, Floats], Floats]
    p_none: Callable[[Floats, Floats, Floats, Floats], Floats]
    draw: Callable[[Floats, Floats, Floats, float, np.random.Generator], tuple[Ints, Floats]]
    expected_new: Callable[[Floats, Floats], Floats]
    p_count: Callable[[Floats, Floats, Floats], Floats]


def _with_coins(name: str, title: str, coins: int) -> Model:
    return Model(
        name,
        title,
        ("r", "alpha", "a", "b"),
        (0.5, 6.0, 0.5, 2.5),
        partial(bgnbd.log_likelihood, coins),
        partial(bgnbd.p_alive, coins),
        partial(bgnbd.expected, coins),
        bgnbd.p_none,
        partial(bgnbd.draw, coins),
        partial(bgnbd.expected_new, coins),
        partial(bgnbd.p_count, coins),
    )


BG_NBD = _with_coins("bg_nbd", "BG/NBD", 0)
MBG_NBD = _with_coins("mbg_nbd", "MBG/NBD", 1)
PARETO_NBD = Model(
    "pareto_nbd",
    "Pareto/NBD",
    ("r", "alpha", "s", "beta"),
    (0.5, 6.0, 0.5, 12.0),
    pareto_nbd.log_likelihood,
    pareto_nbd.p_alive,
    pareto_nbd.expected,
    pareto_nbd.p_none,
    pareto_nbd.draw,
    pareto_nbd.expected_new,
    pareto_nbd.p_count,
)
MODELS = {model.name: model for model in (BG_NBD, MBG_NBD, PARETO_NBD)}


def model_named(name: str) -> Model:
    """The model of that name. Raises `UnknownPurchaseModel`."""
    if name not in MODELS:
        raise UnknownPurchaseModel(name=name, known=", ".join(MODELS))
    return MODELS[name]
