"""What a list can show before it is sent: the smallest effect that is likely to be seen, and how many people it takes.

All for two-sided tests at 5 % with a chance of 80 % of seeing the effect.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy.optimize import brentq

ALPHA, POWER = 0.05, 0.8
SHARES = (0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5)  # of a list that may be held back
USUAL_SHARE = 0.2  # where no share is enough
MINIMUM_GROUP = 5  # people: fewer are no group


@dataclass(frozen=True)
class Choice:
    """One share of a list held back, what can be seen with it, and what it costs not to send to them.

    `detectable`: the smallest rise of the share who buy that is seen in 4 of 5 cases, None where no rise is. `cost`: gain
    that those held back would have brought, had they been written to and the effect were as expected.
    """

    share: float
    held_back: int
    sent: int
    detectable: float | None
    cost: float
    seen: bool


def power_of_shares(base: float, effect: float, n_treated: int, n_control: int) -> float:
    """The chance of seeing a rise from `base` to `base + effect` in groups of these sizes.

    Fleiss, Levin & Paik (2003), "Statistical methods for rates and proportions", section 4.3, without the continuity
    correction.
    """
    from statsmodels.stats.proportion import power_proportions_2indep  # slow to import

    if min(n_treated, n_control) < 1:
        return 0.0
    raised = min(max(base + effect, 0.0), 1.0)
    if {raised, base} <= {0.0, 1.0}:
        return float(raised != base)  # without spread, any difference is seen
    sizes = {"nobs1": n_treated, "ratio": n_control / n_treated}
    # Half of ALPHA on the one side: of a two-sided test, the side that finds a fall counts for nothing.
    power = power_proportions_2indep(
        raised - base, base, **sizes, alpha=ALPHA / 2, alternative="larger", return_results=False
    )
    return float(power)


def people_needed(base: float, effect: float, share_held: float = 0.5) -> int:
    """How many people a list must have, held back and sent together, to see the effect with a chance of 80 %.

    Fleiss, Levin & Paik (2003), eq. 4.14 for groups of equal size and 4.19 for others.

    >>> people_needed(0.10, 0.05)  # 686 in each group
    1372
    """
    from statsmodels.stats.proportion import samplesize_proportions_2indep_onetail  # slow to import

    raised, ratio = min(max(base + effect, 0.0), 1.0), (1 - share_held) / share_held
    exact = samplesize_proportions_2indep_onetail(base - raised, raised, POWER, ratio=ratio, alpha=ALPHA)
    held = math.ceil(float(exact))
    return held + math.ceil(ratio * held - 1e-9)


def detectable_share(base: float, n_treated: int, n_control: int) -> float | None:
    """The smallest rise of a share that is seen with a chance of 80 %; None where even a rise to 1 is not."""
    room = 1 - base

    def short(effect: float) -> float:
        return power_of_shares(base, effect, n_treated, n_control) - POWER

    if room <= 0 or short(room) < 0:
        return None
    return float(brentq(short, 1e-9, room, xtol=1e-6))


def control_group_choices(people: int, base: float, effect: float, gain_each: float) -> tuple[Choice, ...]:
    """What each of SHARES would show and cost; `gain_each`: expected gain of sending to one person."""
    found = []
    for share in SHARES:
        held = control_group_size(people, share)
        least = detectable_share(base, people - held, held)
        seen = least is not None and least <= effect
        found.append(Choice(share, held, people - held, least, held * max(gain_each, 0.0), seen))
    return tuple(found)


def suggested_choice(offered: tuple[Choice, ...]) -> Choice:
    """The smallest share that shows the expected effect; where none does, the usual one."""
    seeing = [choice for choice in offered if choice.seen]
    return seeing[0] if seeing else next(choice for choice in offered if choice.share == USUAL_SHARE)


def control_group_size(people: int, share: float) -> int:
    """How many of a list are held back; nobody where they would be too few to be a group."""
    held = round(people * share)
    return held if held >= MINIMUM_GROUP and people - held >= MINIMUM_GROUP else 0
