"""Frequent itemsets by Eclat on packed numpy bitmaps, within a hard limit of sets.

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
from typing import NamedTuple

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
    """Support as a number of baskets: `min_support` of `baskets`, rounded up, at least 1 (.001 of 9,835 is 10)."""
    return max(1, math.ceil(min_support * baskets - 1e-9))


def mine_itemsets(
    baskets: pd.DataFrame,
    min_count: int,
    max_len: int | None = None,
    max_itemsets: int = MAX_ITEMSETS,
) -> Itemsets:
    """Find all sets of products that `min_count` or more baskets hold.

    Args:
        baskets: BASKETS (basket, product); repeated lines count once, lines without a product are ignored.
        min_count: least number of baskets.
        max_len: most products in a set, None for any number.
        max_itemsets: when there are more, the least count is raised until there are not (`Itemsets.min_count`).
    """
    lines, names, counts, total = encode_baskets(baskets, min_count)
    collector = ItemsetCollector(min_count, max_itemsets)
    collector.add(np.full(len(names), -1), np.arange(len(names)), counts)
    if max_len is None or max_len > 1:
        _grow(lines, counts, collector, max_len or total + len(names))
    return collector.itemsets(total, names, min_count)


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


class EncodedBaskets(NamedTuple):
    """The lines of frequent items, the names and counts of these items (rarest first), the number of all baskets."""

    lines: BasketLines
    names: Texts
    counts: Ints
    baskets: int


def encode_baskets(baskets: pd.DataFrame, min_count: int) -> EncodedBaskets:
    """Encode a BASKETS frame; items in fewer than `min_count` baskets are left out."""
    purchases = baskets[["basket", "product"]].dropna()
    row, keys = pd.factorize(purchases["basket"])
    column, products = pd.factorize(purchases["product"])
    total, names = len(keys), np.asarray(products, dtype=object)
    pairs = np.sort(row.astype(np.int64) * max(len(names), 1) + column)
    pairs = pairs[np.diff(pairs, prepend=-1) > 0]  # a product counts once a basket
    row, column = np.divmod(pairs, max(len(names), 1))
    counts = np.bincount(column, minlength=len(names))
    frequent_items = np.flatnonzero(counts >= min_count)
    frequent_items = frequent_items[np.argsort(counts[frequent_items], kind="stable")]
    rank = np.full(len(names), -1, dtype=np.int64)
    rank[frequent_items] = np.arange(len(frequent_items))
    frequent = rank[column] >= 0
    pairs = np.sort(row[frequent] * max(len(frequent_items), 1) + rank[column[frequent]])
    row, item = np.divmod(pairs, max(len(frequent_items), 1))
    until = np.repeat(np.cumsum(np.bincount(row)), np.bincount(row)) if len(row) else row
    start = np.concatenate([[0], np.cumsum(counts[frequent_items])]).astype(np.int64)
    lines = BasketLines(item, until, np.argsort(item, kind="stable"), start)
    frequent_names = np.array([str(name) for name in names[frequent_items]], dtype=object)
    return EncodedBaskets(lines, frequent_names, counts[frequent_items], total)


@dataclass
class ItemsetCollector:
    """Collects frequent sets in chunks of siblings and raises the least count to stay within the limit."""

    min_count: int
    limit: int
    size: int = 0  # nodes ever added; the next node's number
    alive: int = 0  # of these, the ones with min_count or more
    parents: list[Ints] = field(default_factory=list)
    items: list[Ints] = field(default_factory=list)
    counts: list[Ints] = field(default_factory=list)

    def add(self, parents: Ints, items: Ints, counts: Ints) -> int:
        """Add sets, each its parent's with one item more, and return the node number of the first."""
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
        """The sets that reach the final count, by length, with parents renumbered."""
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
    """Number of items of each node's set, by walking all nodes up to the root together."""
    length = np.zeros(len(parent), dtype=np.int64)
    climbing, at = np.arange(len(parent)), parent
    while len(climbing):
        length[climbing] += 1
        climbing, at = climbing[at >= 0], at[at >= 0]
        at = parent[at]
    return length


def _grow(lines: BasketLines, counts: Ints, collector: ItemsetCollector, max_len: int) -> None:
    """Search depth-first from every root item, the most common first."""
    for root in range(len(counts) - 1, -1, -1):
        if counts[root] >= collector.min_count:
            batch = _project(lines, root, collector)
            if len(batch.item) > 1 and max_len > 2:
                _descend(batch, collector, max_len)


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


def _project(lines: BasketLines, root: int, collector: ItemsetCollector) -> _Batch:
    """The pairs of one root with later items, over the root's own baskets."""
    root_lines = lines.order[lines.start[root] : lines.start[root + 1]]
    lengths = lines.until[root_lines] - root_lines - 1
    inner = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    column = lines.item[np.repeat(root_lines + 1, lengths) + inner] - root - 1
    support = np.bincount(column)
    item = np.flatnonzero(support >= collector.min_count)
    position = np.full(len(support), -1, dtype=np.int64)
    position[item] = np.arange(len(item))
    cells = np.zeros((len(item), len(root_lines)), dtype=bool)
    is_frequent = position[column] >= 0
    cells[position[column[is_frequent]], np.repeat(np.arange(len(root_lines)), lengths)[is_frequent]] = True
    first = collector.add(np.full(len(item), root), item + root + 1, support[item])
    node = first + np.arange(len(item))
    return _Batch(_pack_bits(cells), item + root + 1, node, support[item], np.full(len(item), len(item)))


def _pack_bits(cells: Flags) -> Bits:
    """Rows of cells as 64-bit words; the last word is filled up with zeros."""
    octets = np.packbits(cells, axis=1)
    padded = np.zeros((len(cells), -(-octets.shape[1] // 8) * 8), dtype=np.uint8)
    padded[:, : octets.shape[1]] = octets
    return padded.view(np.uint64)


def _descend(pairs: _Batch, collector: ItemsetCollector, max_len: int) -> None:
    """Grow the pairs of one root: a stack of batches that are being grown, the longest sets last."""
    stack = [_children(pairs, collector)]
    while stack:
        child = next(stack[-1], None)
        if child is None:
            stack.pop()
        elif len(stack) + 3 <= max_len:
            stack.append(_children(child, collector))


def _children(batch: _Batch, collector: ItemsetCollector) -> Iterator[_Batch]:
    """Each set joined with each later sibling (AND of the two), a batch at a time."""
    most = max(1, CELLS // batch.bits.shape[1])
    partners = np.where(batch.support >= collector.min_count, batch.last - np.arange(len(batch.item)) - 1, 0)
    growing = np.flatnonzero(partners)
    partners = partners[growing]
    done = np.cumsum(partners)
    start = before = 0
    while start < len(growing):
        until = max(start + 1, int(np.searchsorted(done, before + most, side="right")))
        times = partners[start:until]
        left = np.repeat(growing[start:until], times)
        right = left + 1 + np.arange(len(left)) - np.repeat(np.cumsum(times) - times, times)
        grown = _join(batch, left, right, collector)
        if len(grown.item) > 1:
            yield grown
        start, before = until, int(done[until - 1])


def _join(batch: _Batch, left: Ints, right: Ints, collector: ItemsetCollector) -> _Batch:
    """Join sets `left` with the last items of `right` and keep the frequent ones.

    Where all of `left` is one set, the bitmaps are cut to the words in which it has baskets.
    """
    if left[0] == left[-1]:
        used_words = np.flatnonzero(batch.bits[left[0]])
        joint = batch.bits[right[0] : right[-1] + 1, used_words] & batch.bits[left[0], used_words]
    else:
        joint = batch.bits[left] & batch.bits[right]
    support = np.bitwise_count(joint).sum(axis=1, dtype=np.int64)
    frequent = np.flatnonzero(support >= collector.min_count)
    left, item = left[frequent], batch.item[right[frequent]]
    node = collector.add(batch.node[left], item, support[frequent]) + np.arange(len(frequent))
    return _Batch(joint[frequent], item, node, support[frequent], np.searchsorted(left, left, side="right"))
