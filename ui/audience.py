"""An audience: people chosen on one page, for a campaign or a list of coupons."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from loyalty.words import Words
from ui.session import in_sample, show_sample

SESSION_KEY = "audience"
CHOICE = "campaign-audience"  # the box on the Campaigns page
CHOSEN = "chosen"  # its entry for these people


@dataclass(frozen=True)
class Audience:
    """`key`: under which the offer is saved and coupons are marked; `name`: what the owner reads."""

    key: str
    name: str
    customer_ids: tuple[str, ...]

    def frame(self) -> pd.DataFrame:
        """customer_id, segment: one row a person."""
        return pd.DataFrame({"customer_id": list(self.customer_ids), "segment": self.key})


def audience() -> Audience | None:
    """The audience that this session has chosen."""
    chosen = st.session_state.get(SESSION_KEY)
    return chosen if isinstance(chosen, Audience) else None


def clear_audience() -> None:
    """Choose groups instead."""
    st.session_state.pop(SESSION_KEY, None)


def audience_button(
    key: str, name: str, people: int, customer_ids: Callable[[], Iterable[object]], words: Words, place: str
) -> None:
    """One click: so many people, named by `customer_ids` then, become the audience, and the page opens that writes to them
    or that makes coupons for them."""
    with st.container(horizontal=True):
        write = st.button(
            words.plural("Write to this person", "Write to these {n} people", people),
            key=f"write-{place}",
            icon=":material/campaign:",
            disabled=not people,
        )
        coupons = st.button(
            words.plural("Coupons for this person", "Coupons for these {n} people", people),
            key=f"audience-{place}",
            icon=":material/redeem:",
            disabled=not people,
        )
    if not (write or coupons):
        return
    st.session_state[SESSION_KEY] = Audience(key, name, tuple(map(str, customer_ids())))
    show_sample(yes=in_sample())  # a change of page drops the address's own word on it
    if coupons:
        st.switch_page("pages/rewards/page.py")
    st.session_state[CHOICE] = CHOSEN
    st.switch_page("pages/campaigns/page.py")
