"""Sets of products that are often bought together: Eclat on packed numpy bitmaps, within a hard limit.

Eclat (Zaki 2000, "Scalable algorithms for association mining") walks sets depth-first and keeps for each
the baskets that hold it; here as bits, so that one step is a bitwise AND and a count of ones. Three things
keep it small:

- Items are ordered from rare to common and a set only grows towards more common ones. The bitmaps of a root
item cover that item's own baskets only; every later item is at least as common, so they can never hold more
cells than the file has lines. - Sets are a trie in flat arrays (parent, item, count), not Python objects. -
No more than `max_itemsets` are kept: whenever more are found, the least count is raised a tenth at a time
and what falls below is dropped. The result is exactly the sets that have the count it ended with.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_matrix

MAX_ITEMSETS = 200_000
RAISE = 1.1

Ints = npt.NDArray[np.int64]
Bits = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Itemsets:
    """Frequent itemsets as a trie: node i is its parent's items and `item[i]`; parent -1 is the empty set.

    `names`: product names, rarest first, shape (items,); `item` indexes them. `count[i]`: baskets that hold
    the set; `length[i]`: its items. Nodes come in order of length, and items ascend along each path.
    `min_count`: the least count really used, `asked_count` what was asked for.
    """

    baskets: int
    names: npt.NDArray[np.object_]
    parent: Ints
    item: Ints
    count: Ints
    length: Ints
    min_count: int
    asked_count: int

    def __len__(self) -> int:
        return len(self.item)

    def members(self, length: int) -> tuple[Ints, Ints]:
        """Node numbers of the sets of `length` items, and their items, shape (sets, length)."""
        nodes = np.flatnonzero(self.length == length)
        items = np.empty((len(nodes), length), dtype=np.int64)
        at = nodes
        for column in range(length - 1, -1, -1):
            items[:, column] = self.item[at]
            at = self.parent[at]
        return nodes, items

    def frame(self) -> pd.DataFrame:
        """The sets as mlxtend has them: support (share of baskets), itemsets (frozenset of names)."""
        sets: list[frozenset[str]] = []
        for length in range(1, int(self.length.max(initial=0)) + 1):
            _, items = self.members(length)
            sets.extend(map(frozenset, self.names[items].tolist()))
        return pd.DataFrame({"support": self.count / max(self.baskets, 1), "itemsets": sets})


def count_for(min_support: float, baskets: int) -> int:
    """The least number of baskets that is `min_support` of them, at least 1 (.001 of 9,835 is 10)."""
    return max(1, math.ceil(min_support * baskets - 1e-9))


def mine_itemsets(
    baskets: pd.DataFrame,
    min_count: int,
    max_len: int | None = None,
    max_itemsets: int = MAX_ITEMSETS,
) -> Itemsets:
    """All sets of up to `max_len` products (None: any number) that `min_count` or more baskets hold.

    `baskets`: a BASKETS frame (basket, product); repeated lines count once, lines without a product not at
    all. When there are more than `max_itemsets`, the least count is raised until there are not; see
    `Itemsets.min_count`.
    """
    lines = baskets.dropna(subset=["basket", "product"]).drop_duplicates(["basket", "product"])
    row, _ = pd.factorize(lines["basket"])
    column, names = pd.factorize(lines["product"].astype(str))
    total = int(row.max()) + 1 if len(row) else 0
    counts = np.bincount(column, minlength=len(names)) if len(names) else np.zeros(0, dtype=np.int64)
    kept = np.flatnonzero(counts >= min_count)
    kept = kept[np.argsort(counts[kept], kind="stable")]
    rank = np.full(len(names), -1, dtype=np.int64)
    rank[kept] = np.arange(len(kept))
    column = rank[column] if len(names) else column
    matrix = csr_matrix(
        (np.ones(int((column >= 0).sum()), dtype=np.int8), (row[column >= 0], column[column >= 0])),
        shape=(total, len(kept)),
    )
    matrix.sort_indices()
    found = _Found(min_count, max_itemsets)
    found.add(-1, np.arange(len(kept)), counts[kept])
    if max_len is None or max_len > 1:
        _grow(matrix, counts[kept], found, max_len or total + len(kept))
    return found.itemsets(total, np.asarray(names, dtype=object)[kept], min_count)


@dataclass
class _Found:
    """The sets found so far, in chunks of siblings, and the least count that still fits the limit."""

    min_count: int
    limit: int
    size: int = 0  # nodes ever added; the next node's number
    alive: int = 0  # of these, the ones with min_count or more
    parents: list[Ints] = field(default_factory=list)
    items: list[Ints] = field(default_factory=list)
    counts: list[Ints] = field(default_factory=list)

    def add(self, parent: int, items: Ints, counts: Ints) -> int:
        """Take in the children of `parent`; the number of the first of them."""
        first = self.size
        self.parents.append(np.full(len(items), parent, dtype=np.int64))
        self.items.append(items)
        self.counts.append(counts)
        self.size += len(items)
        self.alive += len(items)
        if self.alive > self.limit:
            self._raise()
        return first

    def _raise(self) -> None:
        """Raise the least count, by a tenth and at least 1 at a time, until at most `limit` sets have it."""
        counts = np.sort(np.concatenate(self.counts))
        while self.alive > self.limit:
            self.min_count = max(self.min_count + 1, math.ceil(self.min_count * RAISE))
            self.alive = len(counts) - int(np.searchsorted(counts, self.min_count))

    def itemsets(self, baskets: int, names: npt.NDArray[np.object_], asked: int) -> Itemsets:
        """What is left under the final count, by length, with parents renumbered."""
        parent, item, count = (np.concatenate(part) for part in (self.parents, self.items, self.counts))
        length = _lengths(parent)
        order = np.flatnonzero(count >= self.min_count)
        order = order[np.argsort(length[order], kind="stable")]
        number = np.full(len(item) + 1, -1, dtype=np.int64)
        number[order] = np.arange(len(order))
        return Itemsets(
            baskets=baskets,
            names=names,
            parent=number[parent[order]],
            item=item[order],
            count=count[order],
            length=length[order],
            min_count=self.min_count,
            asked_count=asked,
        )


def _lengths(parent: Ints) -> Ints:
    """Items of each node's set, by walking all of them up together."""
    length = np.zeros(len(parent), dtype=np.int64)
    climbing, at = np.arange(len(parent)), parent
    while len(climbing):
        length[climbing] += 1
        climbing, at = climbing[at >= 0], at[at >= 0]
        at = parent[at]
    return length


def _grow(matrix: csr_matrix, counts: Ints, found: _Found, max_len: int) -> None:
    """Depth-first from every root item; `matrix` is baskets x items, items from rare to common."""
    by_item = matrix.tocsc()
    for root in range(matrix.shape[1] - 1, -1, -1):
        if counts[root] < found.min_count:
            continue
        own = by_item.indices[by_item.indptr[root] : by_item.indptr[root + 1]]
        bits, items, support = _project(matrix[own], root, found.min_count)
        if len(items):
            first = found.add(root, items, support)
            _descend(bits, items, support, first, found, max_len)


def _project(rows: csr_matrix, root: int, min_count: int) -> tuple[Bits, Ints, Ints]:
    """Bitmaps over one root's baskets of the later items that reach `min_count` there, with their counts."""
    row = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    later = rows.indices > root
    row, column = row[later], rows.indices[later] - root - 1
    support = np.bincount(column)
    items = np.flatnonzero(support >= min_count)
    position = np.full(len(support), -1, dtype=np.int64)
    position[items] = np.arange(len(items))
    cells = np.zeros((len(items), rows.shape[0]), dtype=bool)
    kept = position[column] >= 0
    cells[position[column[kept]], row[kept]] = True
    return _packed(cells), items + root + 1, support[items]


def _packed(cells: npt.NDArray[np.bool_]) -> Bits:
    """Rows of cells as 64-bit words; the last word is filled up with zeros."""
    octets = np.packbits(cells, axis=1)
    padded = np.zeros((len(cells), -(-octets.shape[1] // 8) * 8), dtype=np.uint8)
    padded[:, : octets.shape[1]] = octets
    return padded.view(np.uint64)


def _descend(bits: Bits, items: Ints, support: Ints, first: int, found: _Found, max_len: int) -> None:
    """Grow the pairs of one root: a stack of groups of siblings, the deepest last."""
    stack = [_siblings(bits, items, support, first, found)]
    while stack:
        step = next(stack[-1], None) if len(stack) + 2 <= max_len else None
        if step is None:
            stack.pop()
        else:
            stack.append(step)


def _siblings(bits: Bits, items: Ints, support: Ints, first: int, found: _Found) -> Iterator[Siblings]:
    """For each member in turn, its children (AND with every later sibling) as the next group."""
    for at in range(len(items) - 1):
        if support[at] < found.min_count:
            continue
        used = np.flatnonzero(bits[at])
        joint = bits[at + 1 :, used] & bits[at, used]
        counts = np.bitwise_count(joint).sum(axis=1, dtype=np.int64)
        kept = np.flatnonzero(counts >= found.min_count)
        if len(kept):
            child = found.add(first + at, items[at + 1 :][kept], counts[kept])
            yield _siblings(joint[kept], items[at + 1 :][kept], counts[kept], child, found)


Siblings = Iterator["Siblings"]
