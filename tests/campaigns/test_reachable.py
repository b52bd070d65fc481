"""No list holds anybody who refused or never agreed."""

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


def consents_of(answers: dict[tuple[str, str], bool]) -> pd.DataFrame:
    rows = [(who, medium, yes, dt.datetime(2025, 1, 1), "list") for (who, medium), yes in answers.items()]
    return pd.DataFrame(rows, columns=["customer_id", "medium", "granted", "stated_at", "source"])


@given(CONSENT, CONTACT, st.sampled_from(list(MEDIA)), st.sets(st.sampled_from(PEOPLE)))
@settings(deadline=None, derandomize=True, max_examples=150)
def test_consent_addresses_and_rest_hold_for_every_list(
    answers: dict[tuple[str, str], bool],
    addresses: dict[str, tuple[str, str]],
    medium: str,
    resting: set[str],
) -> None:
    contacts = pd.DataFrame(
        [(who, *both) for who, both in addresses.items()], columns=["customer_id", "email", "phone"]
    )
    reachable = find_reachable(
        pd.DataFrame({"customer_id": PEOPLE}), medium, consents_of(answers), contacts, resting
    )
    listed = set(reachable.people["customer_id"])
    for who in listed:
        assert who not in resting
        if medium == COUNTER:
            assert not any(not yes for (person, _), yes in answers.items() if person == who)
        else:
            assert answers.get((who, medium)) is True
            assert dict(zip(("email", "phone"), addresses[who], strict=True))[ADDRESS[medium]]
    assert len(listed) + sum(reachable.left_out.values()) == len(PEOPLE)


def test_the_reasons_for_leaving_people_out() -> None:
    answers = consents_of(
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
    reachable = find_reachable(pd.DataFrame({"customer_id": PEOPLE[:5]}), "email", answers, contacts, {"c4"})
    assert reachable.people["customer_id"].tolist() == ["c0"]
    assert reachable.left_out == {"refused": 1, "never_asked": 1, "no_address": 1, "resting": 1}
    assert left_out_sentence(reachable, "email", words_for("en")) == (
        "Left out: 1 said no. 1 was never heard to agree to messages by e-mail. 1 has no address for it. "
        "1 is resting: written to lately, or held back in a running campaign."
    )
