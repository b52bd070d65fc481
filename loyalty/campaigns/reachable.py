"""The part of an audience that may be contacted now: consent, address, and rest since the last message."""

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
    """`people`: rows of the audience that may be contacted; `left_out`: how many may not, by the first reason."""

    people: pd.DataFrame
    left_out: Mapping[str, int]


def find_reachable(
    audience: pd.DataFrame,
    medium: str,
    consents: pd.DataFrame,
    contacts: pd.DataFrame,
    resting: Collection[str] = frozenset(),
) -> Reachable:
    """The part of `audience` (customer_id, …; once each) that may be contacted by `medium`.

    `consents`: CONSENTS. E-mail, text message and WeChat need consent to that very medium. At the counter everyone
    is reachable who refused no medium. `resting`: ids contacted recently or in the control group of a running campaign. `contacts`: customer_id, email, phone.
    """
    people = audience.drop_duplicates("customer_id")
    ids = people["customer_id"]
    refusals = consents[~consents["granted"].astype(bool)]
    agreements = consents[consents["granted"].astype(bool)]
    if medium == COUNTER:
        refused, asked = ids.isin(set(refusals["customer_id"])), pd.Series(True, index=ids.index)
        addressed = asked
    else:
        refused = ids.isin(set(refusals.loc[refusals["medium"] == medium, "customer_id"]))
        asked = ids.isin(set(agreements.loc[agreements["medium"] == medium, "customer_id"]))
        with_address = contacts[contacts[ADDRESS[medium]].fillna("").astype(str).str.strip() != ""]
        addressed = ids.isin(set(with_address["customer_id"]))
    contacted_recently = ids.isin(set(resting))
    first_reason = pd.Series("", index=ids.index)
    for reason, applies in (
        (RESTING, contacted_recently),
        (NO_ADDRESS, ~addressed),
        (NEVER_ASKED, ~asked),
        (REFUSED, refused),
    ):
        first_reason = first_reason.mask(applies, reason)
    counts = first_reason[first_reason != ""].value_counts()
    order = (REFUSED, NEVER_ASKED, NO_ADDRESS, RESTING)
    return Reachable(
        people[first_reason == ""].reset_index(drop=True),
        {name: int(counts[name]) for name in order if name in counts},
    )


def left_out_sentence(reachable: Reachable, medium: str, words: Words) -> str:
    """Who is left out and why, in a sentence; empty when nobody is."""
    by = words.say(MEDIA[medium])
    sentences = {
        REFUSED: words.plural("{n} said no.", "{n} said no.", reachable.left_out.get(REFUSED, 0)),
        NEVER_ASKED: words.plural(
            "{n} was never heard to agree to messages by {medium}.",
            "{n} were never heard to agree to messages by {medium}.",
            reachable.left_out.get(NEVER_ASKED, 0),
            medium=by,
        ),
        NO_ADDRESS: words.plural(
            "{n} has no address for it.", "{n} have no address for it.", reachable.left_out.get(NO_ADDRESS, 0)
        ),
        RESTING: words.plural(
            "{n} is resting: written to lately, or held back in a running campaign.",
            "{n} are resting: written to lately, or held back in a running campaign.",
            reachable.left_out.get(RESTING, 0),
        ),
    }
    reasons = [sentences[name] for name in reachable.left_out]
    if not reasons:
        return ""
    return words.sentences([words.say("Left out:"), *reasons])
