"""Nobody who said no, and nobody who was never heard to say yes, is ever on a list."""

from __future__ import annotations

import datetime as dt

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.campaigns.plan import COUNTER, MEDIA
from loyalty.campaigns.reachable import ADDRESS, find_reachable, left_out_sentence
from loyalty.words import words_for

PEOPLE = [f"c{n}" for n in range(8)]
CONSENT = st.dictionaries(
    st.tuples(st.sampled_from(PEOPLE), st.sampled_from(("email", "sms", "wechat"))),
    st.booleans(),
    max_size=24,
)
CONTACT = st.dictionaries(
    st.sampled_from(PEOPLE), st.tuples(st.sampled_from(("", "a@example.com")), st.sampled_from(("", "+4477")))
)


def consents_of(told: dict[tuple[str, str], bool]) -> pd.DataFrame:
    rows = [(who, medium, yes, dt.datetime(2025, 1, 1), "list") for (who, medium), yes in told.items()]
    return pd.DataFrame(rows, columns=["customer_id", "medium", "granted", "stated_at", "source"])


@given(CONSENT, CONTACT, st.sampled_from(list(MEDIA)), st.sets(st.sampled_from(PEOPLE)))
@settings(deadline=None, derandomize=True, max_examples=150)
def test_consent_addresses_and_rest_hold_for_every_list(
    told: dict[tuple[str, str], bool], known: dict[str, tuple[str, str]], medium: str, tired: set[str]
) -> None:
    contacts = pd.DataFrame(
        [(who, *both) for who, both in known.items()], columns=["customer_id", "email", "phone"]
    )
    found = find_reachable(pd.DataFrame({"customer_id": PEOPLE}), medium, consents_of(told), contacts, tired)
    listed = set(found.people["customer_id"])
    for who in listed:
        assert who not in tired
        if medium == COUNTER:
            assert not any(not yes for (person, _), yes in told.items() if person == who)
        else:
            assert told.get((who, medium)) is True
            assert dict(zip(("email", "phone"), known[who], strict=True))[ADDRESS[medium]]
    assert len(listed) + sum(found.left_out.values()) == len(PEOPLE)


def test_why_people_are_left_out_is_said() -> None:
    told = consents_of(
        {
            ("c0", "email"): True,
            ("c1", "email"): False,
            ("c2", "email"): True,
            ("c3", "sms"): True,
            ("c4", "email"): True,
        }
    )
    contacts = pd.DataFrame(
        {"customer_id": ["c0", "c1", "c3", "c4"], "email": ["x@example.com"] * 4, "phone": [""] * 4}
    )
    found = find_reachable(pd.DataFrame({"customer_id": PEOPLE[:5]}), "email", told, contacts, {"c4"})
    assert found.people["customer_id"].tolist() == ["c0"]
    assert found.left_out == {"refused": 1, "never_asked": 1, "no_address": 1, "resting": 1}
    assert left_out_sentence(found, "email", words_for("en")) == (
        "Left out: 1 said no. 1 was never heard to agree to messages by e-mail. 1 has no address for it. "
        "1 is resting: written to lately, or held back in a running campaign."
    )
