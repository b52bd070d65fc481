"""Statistical power before sending: the smallest detectable effect, and the sample size that an effect takes.

All for two-sided tests at 5 % with a power of 80 %.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy.optimize import brentq

ALPHA, POWER = 0.05, 0.8
SHARES = (0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5)  # of a list that may be the control group
USUAL_SHARE = 0.2  # where no share suffices
MINIMUM_GROUP = 5  # people of either group


@dataclass(frozen=True)
class Choice:
    """One size of the control group, the effect it can detect, and its cost.

    `held_back`: people of the control group (the name is a JSON key). `detectable`: the smallest rise of the share who buy
    that is detected in 4 of 5 cases, None where no rise is. `cost`: expected gain forgone in the control group. `seen`:
    whether the expected effect is detectable.
    """

    share: float
    held_back: int
    sent: int
    detectable: float | None
    cost: float
    seen: bool


def power_of_shares(base: float, effect: float, n_treated: int, n_control: int) -> float:
    """Power to detect a rise from `base` to `base + effect` in groups of these sizes.

    Fleiss, Levin & Paik (2003), "Statistical methods for rates and proportions", section 4.3, without the continuity
    correction.
    """
    from statsmodels.stats.proportion import power_proportions_2indep  # slow to import

    if min(n_treated, n_control) < 1:
        return 0.0
    raised = min(max(base + effect, 0.0), 1.0)
    if {raised, base} <= {0.0, 1.0}:
        return float(raised != base)  # without variance, any difference is detected
    sizes = {"nobs1": n_treated, "ratio": n_control / n_treated}
    # Half of ALPHA on the one side: of a two-sided test, the side that finds a fall counts for nothing.
    power = power_proportions_2indep(
        raised - base, base, **sizes, alpha=ALPHA / 2, alternative="larger", return_results=False
    )
    return float(power)


def people_needed(base: float, effect: float, share_held: float = 0.5) -> int:
    """People that a list must have, control group included, to detect the effect with a power of 80 %.

    Fleiss, Levin & Paik (2003), eq. 4.14 for groups of equal size and 4.19 for others.

    >>> people_needed(0.10, 0.05)  # 686 in each group
    1372
    """
    from statsmodels.stats.proportion import samplesize_proportions_2indep_onetail  # slow to import

    raised, ratio = min(max(base + effect, 0.0), 1.0), (1 - share_held) / share_held
    exact = samplesize_proportions_2indep_onetail(base - raised, raised, POWER, ratio=ratio, alpha=ALPHA)
    control = math.ceil(float(exact))
    return control + math.ceil(ratio * control - 1e-9)


def detectable_share(base: float, n_treated: int, n_control: int) -> float | None:
    """The smallest rise of a share detected with a power of 80 %; None where even a rise to 1 is not."""
    room = 1 - base

    def short(effect: float) -> float:
        return power_of_shares(base, effect, n_treated, n_control) - POWER

    if room <= 0 or short(room) < 0:
        return None
    return float(brentq(short, 1e-9, room, xtol=1e-6))


def control_group_choices(people: int, base: float, effect: float, gain_each: float) -> tuple[Choice, ...]:
    """Detectable effect and cost for each of SHARES; `gain_each`: expected gain of sending to one person."""
    options = []
    for share in SHARES:
        control = control_group_size(people, share)
        least = detectable_share(base, people - control, control)
        seen = least is not None and least <= effect
        options.append(Choice(share, control, people - control, least, control * max(gain_each, 0.0), seen))
    return tuple(options)


def suggested_choice(options: tuple[Choice, ...]) -> Choice:
    """The smallest share that can detect the expected effect; where none can, the usual one."""
    sufficient = [choice for choice in options if choice.seen]
    return sufficient[0] if sufficient else next(choice for choice in options if choice.share == USUAL_SHARE)


def control_group_size(people: int, share: float) -> int:
    """Size of the control group of a list; 0 where either group would be too small."""
    size = round(people * share)
    return size if size >= MINIMUM_GROUP and people - size >= MINIMUM_GROUP else 0
