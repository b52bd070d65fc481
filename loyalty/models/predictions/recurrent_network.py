"""A recurrent network (GRU; Cho et al. 2014) over each customer's sequence of purchases: an optional extra."""

from __future__ import annotations

import importlib.util
from typing import Any, ClassVar

import numpy as np

from loyalty.columns import Floats, Ints
from loyalty.errors import OwnerError
from loyalty.models.predictions.snapshot import Snapshot
from loyalty.models.predictions.training import Scorer, TrainingData
from loyalty.purchase_model.histories import day_number
from loyalty.words import N_

LIBRARY = "torch"
COMMAND = "pip install -r requirements-deep.txt"
LAST = 16  # purchase days of a customer that it reads, the newest ones
UNITS = 16
EPOCHS = 15
BATCH = 256
LEARNING_RATE = 5e-3
DECAY = 1e-4


class NoTorch(OwnerError):
    """The recurrent network was asked for by name, and its library is not installed."""

    template: ClassVar[str] = N_(
        "The network that reads purchases one after the other needs the library {library}, which is not installed. "
        "Fetch it with “{command}”, or choose another method."
    )


def is_installed() -> bool:
    """Whether torch is installed."""
    return importlib.util.find_spec(LIBRARY) is not None


def require_torch() -> None:
    """Check that torch is installed. Raises NoTorch."""
    if not is_installed():
        raise NoTorch(library=LIBRARY, command=COMMAND)


def sequences(at: Snapshot) -> tuple[Floats, Ints]:
    """The last LAST purchase days of each customer, shape (n, LAST, 4), and how many there are, shape (n,).

    Of each day: log days since the one before (0 for the first), log days until the cutoff, log value, and 1.
    """
    days, n = at.days, len(at)
    names = np.unique(days.customer)
    row = np.searchsorted(names, days.customer)
    count = np.bincount(row, minlength=n)
    place = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    place = place - np.maximum(count[row] - LAST, 0)
    since = np.diff(days.day, prepend=days.day[:1])
    since[np.diff(row, prepend=-1) > 0] = 0
    until = day_number(at.cutoff) - days.day
    table = np.log1p(np.column_stack([since, until, np.maximum(days.value, 0)]))
    steps = np.zeros((n, LAST, 4))
    recent = place >= 0
    steps[row[recent], place[recent], :3] = table[recent]
    steps[row[recent], place[recent], 3] = 1.0
    return steps, np.minimum(count, LAST).astype(np.int64)


def fit_gru(training: TrainingData) -> Scorer:
    """Fit one layer of 16 units with a linear output on its last state; Adam, 15 epochs. Raises NoTorch."""
    require_torch()
    import torch

    torch.manual_seed(training.seed)
    torch.set_num_threads(1)
    parts = [sequences(window.snapshot) for window in training.windows]
    x = torch.tensor(np.concatenate([part for part, _ in parts]), dtype=torch.float32)
    length = torch.tensor(np.concatenate([count for _, count in parts]))
    y = torch.tensor(training.bought, dtype=torch.float32)
    net = torch.nn.ModuleDict(
        {"gru": torch.nn.GRU(4, UNITS, batch_first=True), "line": torch.nn.Linear(UNITS, 1)}
    )
    optimiser = torch.optim.Adam(net.parameters(), lr=LEARNING_RATE, weight_decay=DECAY)
    order = torch.Generator().manual_seed(training.seed)
    for _ in range(EPOCHS):
        shuffled = torch.randperm(len(y), generator=order)
        for start in range(0, len(y), BATCH):
            rows = shuffled[start : start + BATCH]
            optimiser.zero_grad()
            loss: Any = torch.nn.functional.binary_cross_entropy_with_logits(
                _odds(net, x[rows], length[rows]), y[rows]
            )
            loss.backward()
            optimiser.step()

    def score(at: Snapshot) -> Floats:
        table, count = sequences(at)
        with torch.no_grad():
            odds = _odds(net, torch.tensor(table, dtype=torch.float32), torch.tensor(count))
            return np.asarray(torch.sigmoid(odds).numpy(), dtype=np.float64)

    return score


def _odds(net: Any, x: Any, length: Any) -> Any:
    """Log odds of each sequence: the linear output on the state after its last purchase."""
    states, _ = net["gru"](x)
    last = (length - 1).view(-1, 1, 1).expand(-1, 1, states.shape[2])
    return net["line"](states.gather(1, last).squeeze(1)).squeeze(1)
