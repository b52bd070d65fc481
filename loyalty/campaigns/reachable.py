"""Who of an audience may be written to now: consent, an address, and rest after the last message."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import pandas as pd

from loyalty.campaigns.plan import COUNTER, EMAIL, MEDIA, SMS, WECHAT
from loyalty.words import Words

#: The column of an address that each medium needs; at the counter none.
ADDRESS: Mapping[str, str] = {EMAIL: "email", SMS: "phone", WECHAT: "phone"}
REFUSED, NEVER_ASKED, NO_ADDRESS, RESTING = "refused", "never_asked", "no_address", "resting"


@dataclass(frozen=True)
class Reachable:
    """`people`: rows of the audience that may be written to; `left_out`: how many are not, by the first reason."""

    people: pd.DataFrame
    left_out: Mapping[str, int]


def find_reachable(
    audience: pd.DataFrame,
    medium: str,
    consents: pd.DataFrame,
    contacts: pd.DataFrame,
    resting: Collection[str] = frozenset(),
) -> Reachable:
    """The part of `audience` (customer_id, …; once each) that may be written to by `medium`.

    `consents`: CONSENTS. By e-mail, text message or WeChat only who said yes to that very medium; silence is no consent. At
    the counter everyone but who said no to anything, as they do not want to be approached. `resting`: who was written to
    lately or is held back in a running campaign. `contacts`: customer_id, email, phone.
    """
    people = audience.drop_duplicates("customer_id")
    ids = people["customer_id"]
    said_no = consents[~consents["granted"].astype(bool)]
    said_yes = consents[consents["granted"].astype(bool)]
    if medium == COUNTER:
        refused, asked = ids.isin(set(said_no["customer_id"])), pd.Series(True, index=ids.index)
        addressed = asked
    else:
        refused = ids.isin(set(said_no.loc[said_no["medium"] == medium, "customer_id"]))
        asked = ids.isin(set(said_yes.loc[said_yes["medium"] == medium, "customer_id"]))
        known = contacts[contacts[ADDRESS[medium]].fillna("").astype(str).str.strip() != ""]
        addressed = ids.isin(set(known["customer_id"]))
    tired = ids.isin(set(resting))
    why = pd.Series("", index=ids.index)
    for reason, out in (
        (RESTING, tired),
        (NO_ADDRESS, ~addressed),
        (NEVER_ASKED, ~asked),
        (REFUSED, refused),
    ):
        why = why.mask(out, reason)
    counts = why[why != ""].value_counts()
    order = (REFUSED, NEVER_ASKED, NO_ADDRESS, RESTING)
    return Reachable(
        people[why == ""].reset_index(drop=True),
        {name: int(counts[name]) for name in order if name in counts},
    )


def left_out_sentence(found: Reachable, medium: str, words: Words) -> str:
    """A sentence on who is left out and why; empty when nobody is."""
    by = words.say(MEDIA[medium])
    sentences = {
        REFUSED: words.plural("{n} said no.", "{n} said no.", found.left_out.get(REFUSED, 0)),
        NEVER_ASKED: words.plural(
            "{n} was never heard to agree to messages by {medium}.",
            "{n} were never heard to agree to messages by {medium}.",
            found.left_out.get(NEVER_ASKED, 0),
            medium=by,
        ),
        NO_ADDRESS: words.plural(
            "{n} has no address for it.", "{n} have no address for it.", found.left_out.get(NO_ADDRESS, 0)
        ),
        RESTING: words.plural(
            "{n} is resting: written to lately, or held back in a running campaign.",
            "{n} are resting: written to lately, or held back in a running campaign.",
            found.left_out.get(RESTING, 0),
        ),
    }
    told = [sentences[name] for name in found.left_out]
    if not told:
        return ""
    return words.sentences([words.say("Left out:"), *told])
