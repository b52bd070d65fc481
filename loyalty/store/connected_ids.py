"""Which ids are one customer: a function of the links in files and the owner's choices alone.

Ids are nodes of a graph, links its edges; one person is one connected component (Fellegi–Sunter matching is left out on
purpose: a link is an equal e-mail, phone or account, never a similar one). The order of links plays no part.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from loyalty.columns import Flags, Ints
from loyalty.intake.canonical import LINK_ROWS
from loyalty.intake.identity import EMAIL, NUMBER, PHONE

#: An id linked to more ids of one kind than this is shared by several people, and merges nobody.
MAX_LINKED = 3
JOIN, SPLIT = "join", "split"
#: Links of the imports that are not undone; `layout` tells one of the owner's own tables from another.
LINKS = LINK_ROWS.append(pa.field("layout", pa.int64()))


@dataclass(frozen=True)
class Choice:
    """A choice of the owner: `alias` and `other` are one person (JOIN), or `alias` stays apart (SPLIT, `other` None)."""

    choice_id: int
    choice: str
    alias: str
    other: str | None
    chosen_at: dt.datetime
    undone_at: dt.datetime | None = None


@dataclass(frozen=True)
class SharedAlias:
    """An id that merges nobody: it is linked to `count` ids of the kind `beside`.

    `clash`: two tables use the customer number for different people.
    """

    alias: str
    kind: str
    beside: str
    count: int
    clash: bool


@dataclass(frozen=True)
class _Graph:
    """Nodes in the order of their ids; `kind` of each as a place in `kinds`, e-mail first, phone next; edges by row."""

    names: pa.Array
    kinds: list[str]
    kind: Ints
    ends: Ints
    layout: Ints

    def is_kind(self, *kinds: str) -> Flags:
        """Which nodes are of one of `kinds`."""
        return np.isin(self.kind, [place for place, name in enumerate(self.kinds) if name in kinds])


def _graph(links: pa.Table) -> _Graph:
    encoded = pa.concat_arrays(
        [links[end].combine_chunks() for end in ("alias", "other")]
    ).dictionary_encode()
    order = pc.sort_indices(encoded.dictionary).to_numpy()
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    nodes = place[encoded.indices.to_numpy()]
    end_kinds = pa.concat_arrays(
        [links[end].combine_chunks() for end in ("kind", "other_kind")]
    ).dictionary_encode()
    kinds = sorted(end_kinds.dictionary.to_pylist(), key=lambda name: (_rank(name), name))
    codes = np.array([kinds.index(name) for name in end_kinds.dictionary.to_pylist()], np.int64)
    kind = np.full(len(order), len(kinds), np.int64)
    np.minimum.at(kind, nodes, codes[end_kinds.indices.to_numpy()])
    ends = nodes.reshape(2, -1).T
    return _Graph(encoded.dictionary.take(pa.array(order)), kinds, kind, ends, links["layout"].to_numpy())


def _rank(kind: str) -> int:
    """E-mail before phone before accounts."""
    return {EMAIL: 0, PHONE: 1}.get(kind, 2)


def _components(size: int, ends: Ints) -> Ints:
    """A label for each node; equal labels are connected."""
    edges = coo_array((np.ones(len(ends), np.int8), (ends[:, 0], ends[:, 1])), shape=(size, size))
    labels: Ints = connected_components(edges, directed=False)[1].astype(np.int64)
    return labels


def _one_number(graph: _Graph) -> Ints:
    """One node for each phone number: the nodes of a number with and without its country become one of them."""
    phone = graph.is_kind(PHONE)
    same_number = graph.ends[phone[graph.ends].all(axis=1)]
    if not len(same_number):
        return np.arange(len(graph.names))
    labels = _components(len(graph.names), same_number)
    return np.asarray(np.unique(labels, return_index=True)[1][labels])


def _crowded(graph: _Graph) -> list[tuple[int, int, int]]:
    """(node, kind of its neighbours, how many) for each key beside more than MAX_LINKED ids of one kind.

    An e-mail may have any number of accounts: some platforms open a new one for each purchase.
    """
    same = _one_number(graph)
    ends = same[graph.ends]
    ends = ends[ends[:, 0] != ends[:, 1]]
    both = _distinct(np.concatenate([ends, ends[:, ::-1]]))
    beside, counts = _counted(np.column_stack([both[:, 0], graph.kind[both[:, 1]]]))
    addresses = [place for place, name in enumerate(graph.kinds) if name in (EMAIL, PHONE)]
    many = (counts > MAX_LINKED) & ~(graph.is_kind(EMAIL)[beside[:, 0]] & ~np.isin(beside[:, 1], addresses))
    over: dict[int, list[tuple[int, int]]] = {}
    for (node, kind), n in zip(beside[many].tolist(), counts[many].tolist(), strict=True):
        over.setdefault(node, []).append((kind, n))
    spread = np.flatnonzero(np.isin(same, list(over))).tolist() if over else []
    return [(node, kind, n) for node in spread for kind, n in over[int(same[node])]]


def _counted(pairs: Ints) -> tuple[Ints, Ints]:
    """The distinct rows of a table of two columns of numbers from 0 on, in order, and how often each is there."""
    width = int(pairs[:, 1].max(initial=0)) + 1
    distinct, counts = np.unique(pairs[:, 0] * width + pairs[:, 1], return_counts=True)
    return np.column_stack([distinct // width, distinct % width]), counts


def _distinct(pairs: Ints) -> Ints:
    """The distinct rows of a table of two columns of numbers from 0 on."""
    return _counted(pairs)[0]


def _clashing(graph: _Graph) -> dict[int, int]:
    """Customer numbers (nodes) that two of the owner's tables use for different people, with how many e-mails or phones.

    They do when both give e-mails, or phones, for the number, none of them is in both tables, and nothing else agrees.
    """
    has_number = graph.is_kind(NUMBER)[graph.ends[:, 1]]
    clash: dict[int, int] = {}
    agree = set[int]()
    for kind in (EMAIL, PHONE):
        rows = has_number & graph.is_kind(kind)[graph.ends[:, 0]]
        size, ends, table = len(graph.names), graph.ends[rows], graph.layout[rows]
        pairs, pair = np.unique(ends[:, 1] * size + ends[:, 0], return_inverse=True)
        number = pairs // size
        tables_of_pair = np.bincount(_distinct(np.column_stack([pair, table]))[:, 0], minlength=len(pairs))
        agree |= set(number[tables_of_pair > 1].tolist())
        tables = np.bincount(_distinct(np.column_stack([ends[:, 1], table]))[:, 0])
        nodes, counts = np.unique(number, return_counts=True)
        doubtful = (tables[nodes] > 1) & (counts > 1)
        clash |= dict(zip(nodes[doubtful].tolist(), counts[doubtful].tolist(), strict=True))
    return {node: n for node, n in clash.items() if node not in agree}


def shared_aliases(links: pa.Table) -> list[SharedAlias]:
    """Ids in `links` (schema LINKS) that several people seem to share, in order; they merge nobody by themselves."""
    if not links.num_rows:
        return []
    graph = _graph(links)
    names = graph.names
    aliases = [
        SharedAlias(names[node].as_py(), graph.kinds[graph.kind[node]], graph.kinds[kind], n, clash=False)
        for node, kind, n in _crowded(graph)
    ]
    aliases += [
        SharedAlias(names[node].as_py(), NUMBER, EMAIL, n, clash=True) for node, n in _clashing(graph).items()
    ]
    return sorted(aliases, key=lambda key: (key.alias, key.clash, key.beside))


def resolve(links: pa.Table, choices: Sequence[Choice]) -> pa.Table:
    """alias, customer_id of every id in `links` (schema LINKS) that is merged into another.

    `choices` count in their order: an undone one does not, a split undoes the joins of that id before it.
    Ids of choices must be in `links`, if need be beside themselves. A customer's id is the one of the best kind, then the
    smallest.
    """
    if not links.num_rows:
        return _NO_MERGES
    graph = _graph(links)
    place = {name: at for at, name in enumerate(graph.names.to_pylist())} if choices else {}
    joins: list[tuple[int, int]] = []
    apart = {node for node, _, _ in _crowded(graph)} | set(_clashing(graph))
    for choice in (c for c in choices if c.undone_at is None):
        node = place[choice.alias]
        if choice.choice == JOIN and choice.other is not None:
            joins.append((node, place[choice.other]))
        else:
            apart.add(node)
            joins = [join for join in joins if node not in join]
    ends = graph.ends
    if apart:
        alone = np.zeros(len(graph.names), bool)
        alone[list(apart)] = True
        ends = ends[~alone[ends].any(axis=1)]
    labels = _components(len(graph.names), np.concatenate([ends, np.array(joins, np.int64).reshape(-1, 2)]))
    ranks = np.array([_rank(name) for name in graph.kinds], np.int64)[graph.kind]
    order = np.lexsort((np.arange(len(labels)), ranks, labels))
    head = order[np.unique(labels[order], return_index=True)[1]][labels]
    moved = np.flatnonzero(head != np.arange(len(head)))
    return pa.table(
        {"alias": graph.names.take(pa.array(moved)), "customer_id": graph.names.take(pa.array(head[moved]))}
    )


_NO_MERGES = pa.table({"alias": pa.array([], pa.string()), "customer_id": pa.array([], pa.string())})
