"""Results kept in memory as long as their data do not change: one shared, read-only copy for all sessions.

`cached(function, figures, *arguments)` is the only way to keep a result. Its key is made of the function's name, the
version of the shop's data and the arguments, so no key is written by hand. It needs no script run: background work and
the tests use it as it is.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Concatenate, ParamSpec, Protocol, TypeVar, cast


class Versioned(Protocol):
    """What cached functions take first: a shop as it is now."""

    def key(self, *, sales_only: bool) -> Hashable:
        """A key of its data: of sales alone, or with all that the owner entered and chose."""

    def is_current(self, *, sales_only: bool) -> bool:
        """Whether its data are still those of the key."""


P = ParamSpec("P")
R = TypeVar("R")
V = TypeVar("V", bound=Versioned)


@dataclass(frozen=True)
class CacheRule:
    """How results of a function are kept, unless `cache_rule` says otherwise.

    `sales_only`: it reads nothing but what came in with files and how that is counted (the store's
    `DataVersion.sales`); settings and the owner's entries, where they matter, are among its arguments. `entries`: so many
    results are kept, the latest used.
    """

    sales_only: bool = False
    entries: int = 16


@dataclass
class _Entry:
    """A result, and the lock of the thread that calculates it."""

    lock: threading.RLock = field(default_factory=threading.RLock)
    ready: bool = False
    value: object = None


class Cache:
    """The latest results by name and key; each is calculated once, by the first caller, while others wait."""

    def __init__(self) -> None:
        self._results: dict[str, OrderedDict[Hashable, _Entry]] = {}
        self._lock = threading.Lock()

    def get(
        self, name: str, key: Hashable, entries: int, work: Callable[[], R], is_current: Callable[[], bool]
    ) -> R:
        """The result of that name and key, of which `entries` are kept. What `work` raises is raised and not kept; nor is
        a result whose data do not stand any more when it is there."""
        with self._lock:
            results = self._results.setdefault(name, OrderedDict())
            entry = results.setdefault(key, _Entry())
            results.move_to_end(key)
            while len(results) > entries:
                results.popitem(last=False)
        with entry.lock:
            if entry.ready:
                return cast(R, entry.value)
            value = work()
            if is_current():
                entry.value, entry.ready = value, True
            return value

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._results.clear()


CACHE = Cache()
_RULES: dict[str, CacheRule] = {}
_USUAL = CacheRule()
#: The function of sales alone that is being worked out, "" for none.
_of_sales: ContextVar[str] = ContextVar("of_sales", default="")


def cache_rule(
    *, sales_only: bool = _USUAL.sales_only, entries: int = _USUAL.entries
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Keep a function's results by another rule than the usual one: written above its definition."""

    def mark(function: Callable[P, R]) -> Callable[P, R]:
        _RULES[_name_of(function)] = CacheRule(sales_only, entries)
        return function

    return mark


def cached(function: Callable[Concatenate[V, P], R], figures: V, *arguments: P.args, **named: P.kwargs) -> R:
    """What `function` gives for the shop behind `figures` and the arguments, which are hashable plain values.

    Whoever gets it shares it and changes nothing. A function of sales alone may ask for others of its kind only.
    """
    name = _name_of(function)
    rule = _RULES.get(name, _USUAL)
    if _of_sales.get() and not rule.sales_only:
        raise TypeError(f"{_of_sales.get()} is kept by sales alone, so it cannot be made of {name}")

    def work() -> R:
        before = _of_sales.set(name if rule.sales_only else "")
        try:
            return function(figures, *arguments, **named)
        finally:
            _of_sales.reset(before)

    key = (figures.key(sales_only=rule.sales_only), arguments, tuple(sorted(named.items())))
    return CACHE.get(name, key, rule.entries, work, lambda: figures.is_current(sales_only=rule.sales_only))


def _name_of(function: Callable[..., object]) -> str:
    """Module and name of a module-level function; raises ValueError for any other, whose name says too little.

    Streamlit runs each page's script as `__main__`, so a page's own functions could be mistaken for another page's.
    """
    module, name = function.__module__, function.__qualname__
    if module == "__main__" or "<" in name:
        raise ValueError(f"{module}.{name} cannot be told from others; cached functions live in modules")
    return f"{module}.{name}"
