"""Names of customer groups: each group of a segmentation gets a different one, from its RFM profile."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from loyalty.columns import Floats
from loyalty.models.segments.rfm import BANDS, band
from loyalty.words import N_, Message

STEPS = (-0.75, -0.25, 0.25, 0.75)  # standard deviations from the shop's mean that divide the levels 1 … 5

# For recency, frequency, monetary: the qualifiers of the highest, of those between, and of the lowest.
QUALIFIED = (
    (N_("{name}, silent longest"), N_("{name}, silent for a while"), N_("{name}, most recent")),
    (N_("{name}, most orders"), N_("{name}, some orders"), N_("{name}, fewest orders")),
    (N_("{name}, highest spend"), N_("{name}, middling spend"), N_("{name}, lowest spend")),
)
NUMBERED = N_("{name}, group {number}")
SCATTERED = (N_("No clear group"), N_("They are too unlike each other to form a group."))
BOUGHT_ONCE = (N_("Came once"), N_("They bought on one day and have not come back so far."))
SPECIAL_GROUPS = {
    -1: ("scattered", *SCATTERED),
    -2: ("bought_once", *BOUGHT_ONCE),
}  # label: key, name, description
MOVE_NAMES = {"moved_up": N_("Moved up"), "slipped": N_("Slipped")}  # audiences that are not segments


def level(z: float) -> int:
    """Level 1 … 5 of a mean that is `z` standard deviations from the shop's; 3: about the same.

    >>> [level(z) for z in (-2, -0.5, 0, 0.5, 2)]
    [1, 2, 3, 4, 5]
    """
    return 1 + int(np.searchsorted(STEPS, z))


def band_of_profile(recency: float, frequency: float, monetary: float) -> str:
    """RFM band of a group by its three means in standard deviations from the shop's (recency: days since last)."""
    return band(6 - level(recency), level(frequency), level(monetary))


def name_groups(
    profiles: Mapping[int, tuple[float, float, float]],
) -> dict[int, tuple[str, Message, Message]]:
    """Key, name and description of each group, from its means of recency, frequency and monetary.

    The means are in standard deviations from the shop's. Groups in the same band get a qualifier from the figure
    in which they differ most. Label -1 is "no clear group", -2 "bought once".
    """
    names_by_label: dict[int, tuple[str, Message, Message]] = {}
    bands: dict[str, list[int]] = {}
    for label, profile in sorted(profiles.items()):
        if label < 0:
            key, name, text = SPECIAL_GROUPS[label]
            names_by_label[label] = (key, Message(name), Message(text))
        else:
            bands.setdefault(band_of_profile(*profile), []).append(label)
    for key, labels in bands.items():
        names_by_label.update(_qualified_names(key, labels, np.array([profiles[label] for label in labels])))
    return names_by_label


def name_from_key(key: str) -> Message:
    """The name of a segment key, also when today's segmentation has no such group (as on an old coupon list)."""
    names = (
        {special_key: name for special_key, name, _ in SPECIAL_GROUPS.values()}
        | MOVE_NAMES
        | {special_key: name for special_key, (name, _) in BANDS.items()}
    )
    if key in names:
        return Message(names[key])
    band_key, _, number = key.rpartition("_")
    if band_key in names and number.isdigit():
        return Message(NUMBERED, {"name": Message(names[band_key]), "number": int(number)})
    return Message("{key}", {"key": key})


def _qualified_names(
    key: str, labels: list[int], profiles: Floats
) -> dict[int, tuple[str, Message, Message]]:
    """Names of the groups of one band, qualified when there are several; `profiles`: shape (labels, 3)."""
    name, description = Message(BANDS[key][0]), Message(BANDS[key][1])
    if len(labels) == 1:
        return {labels[0]: (key, name, description)}
    axis = int(np.argmax(np.ptp(profiles, axis=0)))
    ordered = [labels[at] for at in np.argsort(-profiles[:, axis], kind="stable")]
    return {
        label: (f"{key}_{place + 1}", _qualified(name, axis, place, len(labels)), description)
        for place, label in enumerate(ordered)
    }


def _qualified(name: Message, axis: int, place: int, groups: int) -> Message:
    """The name of the group at `place` (0: highest) among `groups` of one band."""
    if groups > len(QUALIFIED[axis]):
        return Message(NUMBERED, {"name": name, "number": place + 1})
    at = 0 if place == 0 else 2 if place == groups - 1 else 1
    return Message(QUALIFIED[axis][at], {"name": name})
