"""Forms for the parts of a programme. Each changes the programme's JSON document; the file's own reader checks it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from loyalty.rewards.programme.rules import WEEKDAYS
from loyalty.words import Words

Document = dict[str, Any]


def _whole(label: str, document: Document, name: str, key: str, most: int = 1_000_000) -> None:
    document[name] = int(st.number_input(label, 0, most, int(document[name]), 1, key=f"{key}-{name}"))


def _decimal(label: str, document: Document, name: str, key: str, most: float = 1e9) -> None:
    value = st.number_input(
        label, 0.0, float(most), float(document[name]), 0.01, key=f"{key}-{name}", format="%.4g"
    )
    document[name] = f"{round(value, 6):f}"


def _choice(label: str, document: Document, name: str, names: Mapping[str, str], key: str) -> None:
    options = list(names)
    document[name] = st.selectbox(
        label, options, options.index(document[name]), format_func=names.__getitem__, key=f"{key}-{name}"
    )


def _named(names: Mapping[str, str]) -> Callable[[str | int | float | bool], str]:
    """What a cell of a table shows for a word of the file."""
    return lambda word: names.get(str(word), str(word))


def _table(document: Document, name: str, columns: Mapping[str, Any], key: str) -> None:
    """A list of the document as an editable table; rows without their first column filled are dropped."""
    rows = [{column: row.get(column) for column in columns} for row in document[name]]
    frame = pd.DataFrame(rows, columns=list(columns))
    for column, kind in columns.items():
        if kind["type_config"]["type"] == "number":
            frame[column] = pd.to_numeric(frame[column])
        else:
            frame[column] = frame[column].astype(object).where(frame[column].notna(), None)
    edited = st.data_editor(
        frame,
        num_rows="dynamic",
        hide_index=True,
        column_config=dict(columns),
        key=f"{key}-{name}",
        width="stretch",
    )
    first = next(iter(columns))
    rows = [{str(column): value for column, value in row.items()} for row in edited.to_dict("records")]
    document[name] = [_filled(row, document[name]) for row in rows if not _empty(row[first])]


def _empty(value: object) -> bool:
    return value is None or value == "" or bool(pd.isna(value))  # type: ignore[call-overload]


def _filled(row: Mapping[str, Any], before: Sequence[Document]) -> Document:
    """A row as the file has it: numbers as text, blanks left away, what the table does not show kept."""
    former = next((old for old in before if all(str(old.get(k)) == str(row[k]) for k in list(row)[:2])), {})
    unshown = {name: value for name, value in former.items() if name not in row}
    texts = {
        name: f"{value:.6f}".rstrip("0").rstrip(".") if isinstance(value, float) else value
        for name, value in row.items()
        if not _empty(value)
    }
    return {**unshown, **texts}


def earning_form(document: Document, key: str, say: Words) -> None:
    """Earning rules: money, orders, products, days, acts; when points become usable."""
    earning: Document = document["earning"]
    one, two, three = st.columns(3)
    with one:
        _decimal(
            say.say("Points for each {unit} spent", unit=say.money(1, cents=False)),
            document,
            "points_per_unit",
            key,
            10_000,
        )
        _whole(say.say("Points an order"), earning, "per_order", key)
    with two:
        _whole(say.say("Points for signing up"), earning, "sign_up", key)
        _whole(say.say("Points for a review"), earning, "review", key)
    with three:
        _whole(say.say("Pending for so many days after an order"), earning, "return_days", key, 365)
        names = {"highest": say.say("the higher one counts"), "multiplied": say.say("both are multiplied")}
        _choice(say.say("A tier on a bonus day"), earning, "together", names, key)
    st.caption(say.say("Products and categories with points of their own"))
    kinds = {"product": say.say("product"), "category": say.say("category")}
    columns = {
        "kind": st.column_config.SelectboxColumn(
            say.say("Kind"), options=list(kinds), format_func=_named(kinds)
        ),
        "name": st.column_config.TextColumn(say.say("Name")),
        "multiplier": st.column_config.NumberColumn(say.say("Points ×"), min_value=0.0, max_value=100.0),
    }
    _table(earning, "products", columns, key)
    _bonus_days(earning, key, say)


def _bonus_days(earning: Document, key: str, say: Words) -> None:
    """Bonus days as weekdays; those between two days are kept as the file has them."""
    st.caption(say.say("Bonus days"))
    names = dict(
        zip(
            WEEKDAYS,
            (
                say.say("Monday"),
                say.say("Tuesday"),
                say.say("Wednesday"),
                say.say("Thursday"),
                say.say("Friday"),
                say.say("Saturday"),
                say.say("Sunday"),
            ),
            strict=True,
        )
    )
    dated = [row for row in earning["bonus_days"] if row["first"] or row["last"]]
    weekly = [row for row in earning["bonus_days"] if not (row["first"] or row["last"])]
    chosen = sorted({day for row in weekly for day in row["weekdays"]}, key=WEEKDAYS.index)
    left, right = st.columns([3, 1])
    days = left.multiselect(
        say.say("Every week on"),
        list(names),
        chosen,
        format_func=names.__getitem__,
        key=f"{key}-weekdays",
        placeholder=say.say("choose days"),
    )
    times = right.number_input(
        say.say("Points ×"),
        1.0,
        100.0,
        float(weekly[0]["multiplier"]) if weekly else 2.0,
        0.5,
        key=f"{key}-bonus",
    )
    label = weekly[0]["name"] if weekly else say.say("Bonus days")
    weekly = [{"name": label, "multiplier": f"{times:g}", "weekdays": days}] if days else []
    earning["bonus_days"] = [*weekly, *dated]


def going_form(document: Document, key: str, say: Words) -> None:
    """Redemption rules: the value of points, steps, and expiry."""
    expiry: Document = document["expiry"]
    one, two, three = st.columns(3)
    with one:
        _decimal(say.say("One point takes off"), document, "point_value", key)
    with two:
        names = {
            "never": say.say("never"),
            "rolling": say.say("so many days after they were earned"),
            "fixed": say.say("on a day of the year"),
            "inactivity": say.say("so many days after the last purchase"),
        }
        _choice(say.say("Points expire"), expiry, "kind", names, key)
    with three:
        if expiry["kind"] != "never":
            _whole(say.say("Days"), expiry, "days", key, 36_500)
        if expiry["kind"] == "fixed":
            expiry["on"] = st.text_input(say.say("Day of the year (MM-DD)"), expiry["on"], key=f"{key}-on")
    st.caption(say.say("Steps at which points are used; none: any number"))
    columns = {
        "points": st.column_config.NumberColumn(say.say("Points"), min_value=1, step=1, format="%d"),
        "value": st.column_config.NumberColumn(say.say("Take off"), min_value=0.0),
    }
    _table(document, "steps", columns, key)
    caps: Document = document["caps"]
    four, five, six = st.columns(3)
    with four:
        _whole(say.say("Most points an order (0: no limit)"), caps, "points_an_order", key)
    with five:
        _whole(say.say("Most points a month (0: no limit)"), caps, "points_a_month", key)
    with six:
        names = {"best": say.say("the best one counts"), "all": say.say("one after the other")}
        _choice(say.say("When discounts meet"), caps, "stacking", names, key)


def tier_table_form(document: Document, key: str, say: Words) -> None:
    """The tier basis, and each tier."""
    tiering: Document = document["tiering"]
    one, two, three = st.columns(3)
    with one:
        names = {"spend": say.say("spend"), "orders": say.say("orders"), "points": say.say("points")}
        _choice(say.say("Tiers by"), tiering, "by", names, key)
    with two:
        names = {
            "rolling": say.say("the last 365 days"),
            "calendar": say.say("the calendar year"),
            "lifetime": say.say("all time"),
        }
        _choice(say.say("Counted over"), tiering, "period", names, key)
    with three:
        _whole(say.say("Days of grace before a tier is lost"), tiering, "grace_days", key, 36_500)
    for tier in document["tiers"]:
        tier["shown"] = say.say(tier["name"])
    columns = {
        "key": st.column_config.TextColumn(say.say("Key")),
        "shown": st.column_config.TextColumn(say.say("Name")),
        "threshold": st.column_config.NumberColumn(say.say("From"), min_value=0.0),
        "multiplier": st.column_config.NumberColumn(say.say("Points ×"), min_value=0.0, max_value=100.0),
    }
    sources = {tier["shown"]: tier["name"] for tier in document["tiers"]}
    _table(document, "tiers", columns, key)
    for tier in document["tiers"]:
        shown = str(tier.pop("shown", tier["key"]))
        tier["name"] = sources.get(shown, shown)
        tier.setdefault("threshold", "0")


def gift_tables(document: Document, key: str, say: Words) -> None:
    """Gifts for days, standing discounts, and what a recommendation brings both sides."""
    kinds = {"points": say.say("points"), "percent": say.say("percent off"), "fixed": say.say("money off")}
    days = {
        "birthday": say.say("birthday"),
        "lunar_birthday": say.say("lunar birthday"),
        "anniversary": say.say("anniversary of the first order"),
        "holiday": say.say("a holiday"),
    }
    st.caption(say.say("Gifts for a day; a holiday by its English name, or as MM-DD"))
    _table(
        document,
        "gifts",
        {
            "occasion": st.column_config.SelectboxColumn(
                say.say("Occasion"), options=list(days), format_func=_named(days)
            ),
            "kind": st.column_config.SelectboxColumn(
                say.say("Kind"), options=list(kinds), format_func=_named(kinds)
            ),
            "value": st.column_config.NumberColumn(say.say("Value"), min_value=0.0),
            "which": st.column_config.TextColumn(say.say("Which holiday")),
            "days_before": st.column_config.NumberColumn(
                say.say("Days before"), min_value=0, step=1, format="%d"
            ),
            "valid_days": st.column_config.NumberColumn(
                say.say("Valid for days"), min_value=0, step=1, format="%d"
            ),
        },
        key,
    )
    st.caption(say.say("Standing discounts"))
    whom = {
        "new": say.say("new customers"),
        "long_standing": say.say("long-standing customers"),
        "segment": say.say("a segment"),
        "tier": say.say("a tier"),
        "product": say.say("a product"),
    }
    off = {name: label for name, label in kinds.items() if name != "points"}
    for row in document["discounts"]:
        row["name"] = say.say(row["name"])
    _table(
        document,
        "discounts",
        {
            "name": st.column_config.TextColumn(say.say("Name")),
            "audience": st.column_config.SelectboxColumn(
                say.say("For"), options=list(whom), format_func=_named(whom)
            ),
            "kind": st.column_config.SelectboxColumn(
                say.say("Kind"), options=list(off), format_func=_named(off)
            ),
            "value": st.column_config.NumberColumn(say.say("Value"), min_value=0.0),
            "which": st.column_config.TextColumn(say.say("Which one")),
            "minimum_spend": st.column_config.NumberColumn(say.say("From an order of"), min_value=0.0),
        },
        key,
    )
    _referral(document["referral"], kinds, key, say)


def _referral(referral: Document, kinds: Mapping[str, str], key: str, say: Words) -> None:
    st.caption(say.say("For a recommendation, once the new customer has bought"))
    boxes = st.columns(4)
    for place, (side, label) in enumerate(
        (("referrer", say.say("The one who recommends")), ("referred", say.say("The new customer")))
    ):
        with boxes[2 * place]:
            _choice(label, referral[side], "kind", kinds, f"{key}-{side}")
        with boxes[2 * place + 1]:
            _decimal(say.say("Value"), referral[side], "value", f"{key}-{side}")
