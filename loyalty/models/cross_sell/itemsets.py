"""Sets of products that are often bought together: Eclat on packed numpy bitmaps, within a hard limit.

Eclat (Zaki 2000, "Scalable algorithms for association mining") walks sets depth-first and keeps for each
the baskets that hold it; here as bits, so that one step is a bitwise AND and a count of ones. Four things
keep it small and quick:

- Items are ordered from rare to common and a set only grows towards more common ones. The bitmaps of a root
item cover that item's own baskets only; every later item is at least as common, so they can never hold more
cells than the file has lines.
- Sets are grown a batch at a time: all pairs of siblings of many sets in one AND, CELLS words at most, so
that neither the calls nor the memory grow with the number of sets.
- Sets are a trie in flat arrays (parent, item, count), not Python objects.
- No more than `max_itemsets` are kept: whenever more are found, the least count is raised a tenth at a time
and what falls below is dropped. The result is exactly the sets that have the count it ended with.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from loyalty.columns import Flags, Ints, Texts

MAX_ITEMSETS = 200_000
RAISE = 1.1
CELLS = 1 << 16  # 64-bit words of one batch: half a megabyte, which stays in the processor's cache

Bits = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Itemsets:
    """Frequent itemsets as a trie: node i is its parent's items and `item[i]`; parent -1 is the empty set.

    `names`: product names, rarest first, shape (items,); `item` indexes them. `count[i]`: baskets that hold
    the set; `length[i]`: its items. Nodes come in order of length, and items ascend along each path.
    `min_count`: the least count really used, `asked_count` what was asked for.
    """

    baskets: int
    names: Texts
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


def support_count(min_support: float, baskets: int) -> int:
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
    lines, names, counts, total = encode_baskets(baskets, min_count)
    found = ItemsetCollector(min_count, max_itemsets)
    found.add(np.full(len(names), -1), np.arange(len(names)), counts)
    if max_len is None or max_len > 1:
        _grow(lines, counts, found, max_len or total + len(names))
    return found.itemsets(total, names, min_count)


@dataclass(frozen=True)
class BasketLines:
    """Frequent items by basket and by item.

    `item`: the items of basket after basket, ascending within each; `until[i]`: where the basket of line i
    ends. `order`: the lines of item after item; `start`: where each item's begin, shape (items + 1,).
    """

    item: Ints
    until: Ints
    order: Ints
    start: Ints


def encode_baskets(baskets: pd.DataFrame, min_count: int) -> tuple[BasketLines, Texts, Ints, int]:
    """The lines of items in `min_count` baskets or more; these items' names and counts, rarest first; all baskets."""
    known = baskets[["basket", "product"]].dropna()
    row, keys = pd.factorize(known["basket"])
    column, found = pd.factorize(known["product"])
    total, names = len(keys), np.asarray(found, dtype=object)
    pairs = np.sort(row.astype(np.int64) * max(len(names), 1) + column)
    pairs = pairs[np.diff(pairs, prepend=-1) > 0]  # a product counts once a basket
    row, column = np.divmod(pairs, max(len(names), 1))
    counts = np.bincount(column, minlength=len(names))
    kept = np.flatnonzero(counts >= min_count)
    kept = kept[np.argsort(counts[kept], kind="stable")]
    rank = np.full(len(names), -1, dtype=np.int64)
    rank[kept] = np.arange(len(kept))
    frequent = rank[column] >= 0
    pairs = np.sort(row[frequent] * max(len(kept), 1) + rank[column[frequent]])
    row, item = np.divmod(pairs, max(len(kept), 1))
    until = np.repeat(np.cumsum(np.bincount(row)), np.bincount(row)) if len(row) else row
    start = np.concatenate([[0], np.cumsum(counts[kept])]).astype(np.int64)
    lines = BasketLines(item, until, np.argsort(item, kind="stable"), start)
    return lines, np.array([str(name) for name in names[kept]], dtype=object), counts[kept], total


@dataclass
class ItemsetCollector:
    """The sets found so far, in chunks of siblings, and the least count that still fits the limit."""

    min_count: int
    limit: int
    size: int = 0  # nodes ever added; the next node's number
    alive: int = 0  # of these, the ones with min_count or more
    parents: list[Ints] = field(default_factory=list)
    items: list[Ints] = field(default_factory=list)
    counts: list[Ints] = field(default_factory=list)

    def add(self, parents: Ints, items: Ints, counts: Ints) -> int:
        """Take in sets: each is its parent's with one item more. The number of the first of them."""
        first = self.size
        self.parents.append(parents)
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

    def itemsets(self, baskets: int, names: Texts, asked: int) -> Itemsets:
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


def _grow(lines: BasketLines, counts: Ints, found: ItemsetCollector, max_len: int) -> None:
    """Depth-first from every root item, the most common first."""
    for root in range(len(counts) - 1, -1, -1):
        if counts[root] >= found.min_count:
            batch = _project(lines, root, found)
            if len(batch.item) > 1 and max_len > 2:
                _descend(batch, found, max_len)


@dataclass(frozen=True)
class _Batch:
    """Sets of one length whose bitmaps cover the same baskets, siblings (sets that differ in the last item) together.

    `bits`: shape (sets, words); `item`: the last item of each; `node`: its number; `support`: its baskets;
    `last`: where its siblings end.
    """

    bits: Bits
    item: Ints
    node: Ints
    support: Ints
    last: Ints


def _project(lines: BasketLines, root: int, found: ItemsetCollector) -> _Batch:
    """The pairs of one root with later items, over the root's own baskets."""
    at = lines.order[lines.start[root] : lines.start[root + 1]]
    lengths = lines.until[at] - at - 1
    inner = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    column = lines.item[np.repeat(at + 1, lengths) + inner] - root - 1
    support = np.bincount(column)
    item = np.flatnonzero(support >= found.min_count)
    position = np.full(len(support), -1, dtype=np.int64)
    position[item] = np.arange(len(item))
    cells = np.zeros((len(item), len(at)), dtype=bool)
    kept = position[column] >= 0
    cells[position[column[kept]], np.repeat(np.arange(len(at)), lengths)[kept]] = True
    first = found.add(np.full(len(item), root), item + root + 1, support[item])
    node = first + np.arange(len(item))
    return _Batch(_packed(cells), item + root + 1, node, support[item], np.full(len(item), len(item)))


def _packed(cells: Flags) -> Bits:
    """Rows of cells as 64-bit words; the last word is filled up with zeros."""
    octets = np.packbits(cells, axis=1)
    padded = np.zeros((len(cells), -(-octets.shape[1] // 8) * 8), dtype=np.uint8)
    padded[:, : octets.shape[1]] = octets
    return padded.view(np.uint64)


def _descend(pairs: _Batch, found: ItemsetCollector, max_len: int) -> None:
    """Grow the pairs of one root: a stack of batches that are being grown, the longest sets last."""
    stack = [_children(pairs, found)]
    while stack:
        batch = next(stack[-1], None)
        if batch is None:
            stack.pop()
        elif len(stack) + 3 <= max_len:
            stack.append(_children(batch, found))


def _children(batch: _Batch, found: ItemsetCollector) -> Iterator[_Batch]:
    """Each set joined with each later sibling (AND of the two), a batch at a time."""
    most = max(1, CELLS // batch.bits.shape[1])
    partners = np.where(batch.support >= found.min_count, batch.last - np.arange(len(batch.item)) - 1, 0)
    growing = np.flatnonzero(partners)
    partners = partners[growing]
    done = np.cumsum(partners)
    start = before = 0
    while start < len(growing):
        until = max(start + 1, int(np.searchsorted(done, before + most, side="right")))
        times = partners[start:until]
        left = np.repeat(growing[start:until], times)
        right = left + 1 + np.arange(len(left)) - np.repeat(np.cumsum(times) - times, times)
        grown = _joined(batch, left, right, found)
        if len(grown.item) > 1:
            yield grown
        start, before = until, int(done[until - 1])


def _joined(batch: _Batch, left: Ints, right: Ints, found: ItemsetCollector) -> _Batch:
    """The sets `left` with the last items of `right` that are frequent; one set alone is cut to its own baskets' words."""
    if left[0] == left[-1]:
        used = np.flatnonzero(batch.bits[left[0]])
        joint = batch.bits[right[0] : right[-1] + 1, used] & batch.bits[left[0], used]
    else:
        joint = batch.bits[left] & batch.bits[right]
    support = np.bitwise_count(joint).sum(axis=1, dtype=np.int64)
    kept = np.flatnonzero(support >= found.min_count)
    left, item = left[kept], batch.item[right[kept]]
    node = found.add(batch.node[left], item, support[kept]) + np.arange(len(kept))
    return _Batch(joint[kept], item, node, support[kept], np.searchsorted(left, left, side="right"))
