"""Layout of a network: neighbours close together, unconnected parts side by side."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from loyalty.columns import Floats, Ints

STEPS = 120
Edge = tuple[int, int]


def node_positions(nodes: int, edges: Sequence[Edge], columns: int = 2) -> tuple[Floats, int]:
    """x and y of each node, shape (nodes, 2), and how many rows of cells were needed; deterministic.

    Connected parts are placed in cells of width and height 1, the largest first, `columns` cells to a row; a part of
    more than six nodes fills a row of its own. Within a part: Fruchterman & Reingold 1991 ("Graph drawing by
    force-directed placement"), from a circle.
    """
    place = np.zeros((nodes, 2))
    column = row = 0
    for part in _parts(nodes, edges):
        wide = len(part) > 6
        if column and (wide or column == columns):
            column, row = 0, row + 1
        width = columns if wide else 1
        inner = [(part.index(a), part.index(b)) for a, b in edges if a in part]
        tall = max(1, math.ceil(len(part) / 12)) if wide else 1
        place[part] = _spread(len(part), inner) * [0.72 * width, 0.6 * tall] + [
            column + width / 2,
            row + tall / 2,
        ]
        column, row = (0, row + tall) if wide else (column + 1, row)
    return place, row + (column > 0)


def _parts(nodes: int, edges: Sequence[Edge]) -> list[list[int]]:
    """Connected parts as lists of nodes, the largest first."""
    ends = np.array(edges, dtype=np.int64).reshape(-1, 2)
    table = coo_matrix((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(nodes, nodes))
    count, labels = connected_components(table, directed=False)
    parts = [np.flatnonzero(labels == label).tolist() for label in range(count)]
    return sorted(parts, key=lambda part: (-len(part), part))


def _spread(nodes: int, edges: Sequence[Edge]) -> Floats:
    """One part within -1/2 … 1/2 on both axes."""
    angle = 2 * np.pi * np.arange(nodes) / max(nodes, 1)
    place = np.column_stack([np.cos(angle), np.sin(angle)])
    if nodes == 2:
        return np.array([[-0.2, 0.35], [0.2, -0.35]])
    ends = np.array(edges, dtype=np.int64).reshape(-1, 2)
    ideal = 2 / math.sqrt(max(nodes, 1))
    for step in range(STEPS):
        place = place + _pull(place, ends, ideal, 0.2 * (1 - step / STEPS))
    span = np.ptp(place, axis=0)
    return np.asarray((place - place.min(axis=0)) / np.where(span > 1e-9, span, 1.0) - 0.5)


def _pull(place: Floats, ends: Ints, ideal: float, most: float) -> Floats:
    """One step: nodes push each other away, edges pull, and no node moves further than `most`."""
    apart = place[:, None] - place[None]
    distance = np.maximum(np.linalg.norm(apart, axis=2), 1e-3)
    force = (apart * (ideal**2 / distance**2)[..., None]).sum(axis=1)
    along = place[ends[:, 0]] - place[ends[:, 1]]
    tension = along * (np.linalg.norm(along, axis=1) / ideal)[:, None]
    np.add.at(force, ends[:, 0], -tension)
    np.add.at(force, ends[:, 1], tension)
    length = np.maximum(np.linalg.norm(force, axis=1), 1e-9)
    return np.asarray(force / length[:, None] * np.minimum(length, most)[:, None])
