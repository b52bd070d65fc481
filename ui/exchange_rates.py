"""Exchange rates on screen: sales that wait for one, with fields to enter it, and the table of all rates."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from decimal import Decimal

import pandas as pd
import streamlit as st

from loyalty.errors import OwnerError
from loyalty.facts import orders as order_facts
from loyalty.shop.import_sentences import Waiting, waiting_by_currency, waiting_sentence
from loyalty.store import rates
from loyalty.store.rates import Rate
from loyalty.words import Words
from ui.cache import cache_rule, cached
from ui.session import shop
from ui.shop_figures import ShopFigures, current_figures
from ui.show import plain

NO_RATE = ("", "None", "nan", "<NA>")


def waiting_now() -> list[Waiting]:
    """Currencies with sales that no figure counts yet."""
    figures = current_figures()
    return [] if figures is None else cached(waiting_of, figures)


@cache_rule(sales_only=True)
def waiting_of(figures: ShopFigures) -> list[Waiting]:
    """The same of a shop with sales."""
    return waiting_by_currency(order_facts.unconverted_sales(figures.shop.database.reader()))


def waiting_for_rates(say: Words, *, expanded: bool = False) -> None:
    """A notice of sales that wait for a rate, and fields to enter it; nothing where none waits."""
    waiting, home = waiting_now(), shop().settings.currency
    if not waiting:
        return
    st.warning("  \n".join(plain(waiting_sentence(one, say)) for one in waiting))
    with st.expander(say.say("Enter rates"), expanded=expanded), st.form("rates-missing", border=False):
        inputs: list[tuple[str, str, str]] = []
        for one in waiting:
            rate, month = st.columns(2)
            inputs.append(
                (
                    one.currency,
                    month.text_input(
                        say.say("From month"), f"{one.since:%Y-%m}", key=f"rate-month-{one.currency}"
                    ),
                    rate.text_input(
                        say.say("1 {currency} in {home}", currency=one.currency, home=home),
                        key=f"rate-{one.currency}",
                        placeholder="1.08",
                        help=say.say(
                            "It holds from its month on, until a later rate. All rates are in the settings."
                        ),
                    ),
                )
            )
        if st.form_submit_button(say.say("Save rates"), type="primary", key="rates-save"):
            _save(inputs, home, say)


def _save(inputs: Sequence[tuple[str, str, str]], home: str, say: Words) -> None:
    """Save the entered rates, or show what is wrong with them."""
    try:
        entered = [rates.parse_rate(code, month, rate, home) for code, month, rate in inputs if rate.strip()]
    except OwnerError as problem:
        st.error(plain(say.message(problem.message)))
        return
    if entered:
        rates.save_rates(shop().database, entered)
        st.rerun()


def editable(rates_now: Sequence[Rate], missing: Sequence[Waiting]) -> pd.DataFrame:
    """The rates as a table to fill in (currency, month, rate), a row without a rate for each that is missing."""
    rows = [(rate.currency, f"{rate.month:%Y-%m}", float(rate.rate)) for rate in rates_now]
    rows += [(one.currency, f"{one.since:%Y-%m}", math.nan) for one in missing]
    return pd.DataFrame(sorted(rows), columns=["currency", "month", "rate"])


def entered(rows: Sequence[Mapping[Hashable, object]], home: str) -> list[Rate]:
    """The rates of an edited table; rows without a rate are left out. Raises like `loyalty.store.rates.parse_rate`."""
    new_rates: list[Rate] = []
    for row in rows:
        currency, month, rate = (str(row.get(name) or "") for name in ("currency", "month", "rate"))
        if rate in NO_RATE:
            continue
        new_rates.append(rates.parse_rate(currency, month, f"{Decimal(rate):f}", home))
    return new_rates


def rates_table(say: Words) -> None:
    """An editable table of all rates to the shop's currency."""
    home = shop().settings.currency
    if not home:
        return
    st.subheader(say.say("Exchange rates"), anchor=False)
    st.caption(
        say.say(
            "How much one unit of a foreign currency is in {home}. A rate holds from its month on until the next one; "
            "sales before the first rate wait, and no figure counts them.",
            home=home,
        )
    )
    missing = waiting_now()
    if missing:
        st.warning("  \n".join(plain(waiting_sentence(one, say)) for one in missing))
    rates_now = rates.saved_rates(shop().database, home)
    with st.form("rates", border=False):
        edited = st.data_editor(
            editable(rates_now, missing),
            key=f"rates-{len(rates_now)}-{shop().database.data_version().sales}",
            num_rows="dynamic",
            placeholder="–",
            hide_index=True,
            column_config={
                "currency": st.column_config.TextColumn(say.say("Currency"), help="EUR", max_chars=3),
                "month": st.column_config.TextColumn(say.say("From month"), help="2025-03", max_chars=8),
                "rate": st.column_config.NumberColumn(
                    say.say("{home} for one", home=home), min_value=0.0, format="plain"
                ),
            },
        )
        if st.form_submit_button(say.say("Save rates"), key="rates-table-save"):
            try:
                rates.replace_rates(shop().database, home, entered(edited.to_dict("records"), home))
            except OwnerError as problem:
                st.error(plain(say.message(problem.message)))
            else:
                st.rerun()
