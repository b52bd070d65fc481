"""Progress of an import and the time left. The clock is read here: the code that counts rows has none."""

from __future__ import annotations

import datetime as dt
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from streamlit.delta_generator import DeltaGenerator

from loyalty.shop.file_import import Progress
from loyalty.words import Words

#: Of the time that an import takes, the part in which its rows are read; the rest stores them (`benchmarks/intake.py`).
READING = 0.35
SURE_AFTER_S = 2.0  # before, a guess of the time left would jump about
_ROUND_S, _MINUTE_S = 5, 60


def share_done(step: str, rows: int, total: int) -> float:
    """The share of an import's time that has passed, in [0, 1], when `rows` of `total` rows of a step are done."""
    part = min(rows / max(total, 1), 1.0)
    return READING + (1 - READING) * part if step == "storing" else READING * part


@dataclass
class Pace:
    """Estimates the time left from the share done since the first call, at the pace so far."""

    clock: Callable[[], float] = time.monotonic
    _begun: tuple[float, float] | None = field(default=None, init=False)

    def left(self, share: float) -> dt.timedelta | None:
        """The time left, to 5 seconds, from a minute on to minutes; None while it is too early to tell."""
        now = self.clock()
        if self._begun is None:
            self._begun = now, share
        start, first = self._begun
        if now - start < SURE_AFTER_S or share <= first:
            return None
        seconds = (now - start) * (1 - share) / (share - first)
        unit = _ROUND_S if seconds <= _MINUTE_S else _MINUTE_S
        return dt.timedelta(seconds=max(math.ceil(seconds / unit), 1) * unit)


def shown_on(bar: DeltaGenerator, name: str, total: int, words: Words) -> Progress:
    """Progress on a bar that says how many of `total` rows are read or stored, and about how long the rest takes."""
    pace = Pace()

    def show(step: str, rows: int) -> None:
        share = share_done(step, rows, total)
        counted = {"file": name, "rows": words.number(rows), "total": words.number(total)}
        if step == "storing":
            text = words.say("{file}: {rows} of {total} rows stored", **counted)
        else:
            text = words.say("{file}: {rows} of {total} rows read", **counted)
        left = pace.left(share)
        if left is not None:
            text = words.say("{counted}, about {time} left", counted=text, time=words.duration(left))
        bar.progress(share, text=text)

    return show
