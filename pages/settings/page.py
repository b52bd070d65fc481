"""Settings: language, currency, time zone, the shop's name, margin and lifespan."""

from __future__ import annotations

import zoneinfo
from dataclasses import replace

import streamlit as st
from babel.numbers import get_currency_name

from loyalty.errors import OwnerError
from loyalty.shop.settings import changed, country_names
from loyalty.words import LANGUAGES
from ui.exchange_rates import rates_table
from ui.session import choose_language, own_shop, shop, words
from ui.show import answer, plain

say = words()
opened = shop()
settings = opened.settings
CURRENCIES = (
    "USD",
    "EUR",
    "GBP",
    "CNY",
    "JPY",
    "HKD",
    "TWD",
    "AUD",
    "CAD",
    "NZD",
    "SGD",
    "CHF",
    "SEK",
    "NOK",
    "DKK",
    "PLN",
    "CZK",
    "HUF",
    "INR",
    "KRW",
    "THB",
    "MYR",
    "PHP",
    "IDR",
    "VND",
    "BRL",
    "MXN",
    "ZAR",
    "AED",
    "TRY",
)

answer(say.say("Settings"), say.say("They are kept with your shop, on this computer."))
currencies = list(dict.fromkeys([settings.currency, *CURRENCIES]))
zones = ["", *sorted(zoneinfo.available_timezones())]
names = country_names(say.locale)
guessed_country = replace(settings, country="").home_country
names = {
    "": say.say("as currency and time zone tell: {country}", country=names[guessed_country])
    if guessed_country
    else say.say("not known"),
    **names,
}
with st.form("settings", border=True):
    name = st.text_input(say.say("Name of the shop"), value=settings.shop_name, key="set-name")
    first, second, third = st.columns(3)
    language = first.selectbox(
        say.say("Language"),
        list(LANGUAGES),
        index=list(LANGUAGES).index(say.language),
        format_func=LANGUAGES.__getitem__,
        key="set-language",
    )
    currency = second.selectbox(
        say.say("Currency"),
        currencies,
        format_func=lambda code: (
            f"{code} · {get_currency_name(code, locale=say.locale)}"
            if code
            else say.say("as the first file says")
        ),
        key="set-currency",
        help=say.say(
            "Figures are in it. Sales in other currencies are converted by your rates below; amounts without a currency "
            "of their own are taken to be in it."
        ),
    )
    zone = third.selectbox(
        say.say("Time zone"),
        zones,
        index=zones.index(settings.time_zone) if settings.time_zone in zones else 0,
        format_func=lambda z: z or say.say("as the files say"),
        key="set-zone",
        help=say.say(
            "Where a file tells its own zone, as Shopify's do, times are brought to this one. It counts for files "
            "brought in from now on."
        ),
    )
    country = third.selectbox(
        say.say("Country"),
        list(names),
        index=list(names).index(settings.country) if settings.country in names else 0,
        format_func=lambda code: names[code],
        key="set-country",
        help=say.say(
            "Where phone numbers without a country code are from, so that one number is one customer however it is written."
        ),
    )
    margin = first.number_input(
        say.say("Margin, in percent of revenue"),
        0.0,
        100.0,
        settings.margin * 100,
        1.0,
        key="set-margin",
        help=say.say(
            "What is left of a sale after the cost of the goods. With it, the worth of a customer is profit, not revenue. 0 means: not given."
        ),
    )
    lifespan = second.number_input(
        say.say("Years a customer stays"),
        0.0,
        100.0,
        settings.lifespan_years,
        0.5,
        key="set-lifespan",
        help=say.say("Your own figure for the worth of a customer. 0 means: worked out from your sales."),
    )
    saved = st.form_submit_button(say.say("Save"), type="primary", key="set-save")
if saved:
    try:
        opened.save_settings(
            changed(
                settings,
                shop_name=name,
                currency=currency,
                time_zone=zone,
                country=country,
                margin=round(margin / 100, 4),
                lifespan_years=lifespan,
            )
        )
    except OwnerError as problem:
        st.error(say.message(problem.message))
    else:
        choose_language(language)
        st.session_state["settings-saved"] = True
        st.session_state.pop("language-choice", None)
        st.rerun()
if st.session_state.pop("settings-saved", False):
    st.success(say.say("Saved."))
rates_table(say)
st.caption(plain(say.say("Your shop is kept in {folder}.", folder=str(own_shop().folder))))
st.caption(say.say("Regulars · 回头客 is free software under the MIT licence. It sends nothing to anybody."))
