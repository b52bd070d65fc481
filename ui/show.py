"""Parts that all pages use: the headline, figures with their definition, tables, downloads, empty states."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from loyalty.charts.style import CONFIG
from loyalty.exports.table import to_csv, to_xlsx
from loyalty.intake.sources.registry import PLATFORMS
from loyalty.measure.definitions import DEFINITIONS
from loyalty.words import Words
from ui.session import show_sample

T = TypeVar("T")
_TITLES = {source.name.split("-")[0]: source.title.split(" (")[0] for source in PLATFORMS}
CSV, XLSX = "text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def answer(sentence: str, detail: str = "") -> None:
    """The page's headline, and a line of detail below it."""
    st.title(plain(sentence), anchor=False)
    if detail:
        st.markdown(f":gray[{plain(detail)}]")


def plain(text: str) -> str:
    """Text of the shop's own (names, reasons) with Markdown's and LaTeX's marks made harmless."""
    for mark in "\\`*_[]<>$~":
        text = text.replace(mark, "\\" + mark)
    return text.replace(":", "\\:") if ":" in text and "[" in text else text


def show_finding(sentence: str, figure_name: str, words: Words) -> None:
    """A finding, with the definition of its figure behind an ⓘ."""
    st.markdown(f"**{plain(sentence)}**", help=plain(definition(figure_name, words)))


def definition(name: str, words: Words) -> str:
    """The text behind a figure's ⓘ."""
    return words.say(DEFINITIONS[name][1])


def figure(
    name: str,
    value: str,
    words: Words,
    *,
    note: str = "",
    trend: Sequence[float] | None = None,
) -> None:
    """One key figure with its definition one click away, its range or base beneath, and its trend."""
    st.metric(
        words.say(DEFINITIONS[name][0]),
        value,
        help=definition(name, words),
        border=True,
        height="stretch",
        delta=note or None,
        delta_color="off",
        delta_arrow="off",
        chart_data=trend,
    )


def card(title: str) -> Any:
    """A bordered container with a heading that states its finding."""
    box = st.container(border=True)
    box.markdown(f"**{plain(title)}**")
    return box


def in_pairs(things: Iterable[T]) -> Iterator[tuple[Any, T]]:
    """Each thing with a bordered container for it, two beside each other; on a phone they keep their order."""
    columns: list[Any] = []
    for thing in things:
        columns = columns or list(st.columns(2))
        yield columns.pop(0).container(border=True), thing


def in_tabs(parts: Mapping[str, Callable[[], None]], key: str) -> None:
    """Tabs by name; only the one that is open is worked out and drawn."""
    for tab, draw in zip(st.tabs(list(parts), on_change="rerun", key=key), parts.values(), strict=True):
        if tab.open:
            with tab:
                draw()


def chart(drawn: go.Figure, alt: str, key: str) -> None:
    """A chart with a sentence for those who cannot see it."""
    st.plotly_chart(drawn, config=CONFIG, alt=alt, key=key, theme="streamlit")


def shown_table(frame: pd.DataFrame, alt: str, key: str, **options: Any) -> Any:
    """A table without its index, without columns that hold nothing, with blanks and dashes where texts and numbers are missing."""
    filled = frame.loc[:, [bool(frame[name].notna().any()) or frame.empty for name in frame.columns]]
    texts = [name for name in filled.columns if filled[name].dtype in ("object", "str")]
    filled = filled.assign(**{name: filled[name].fillna("") for name in texts if filled[name].isna().any()})
    return st.dataframe(filled, hide_index=True, alt=alt, key=key, placeholder="–", **options)


def percent_table(frame: pd.DataFrame, shares: Sequence[str], alt: str, key: str) -> None:
    """A table whose columns `shares`, in [0, 1], are shown in percent with one decimal."""
    percents = frame.assign(**{name: 100 * frame[name].astype("float64") for name in shares})
    config = {name: st.column_config.NumberColumn(format="%.1f%%") for name in shares}
    shown_table(percents, alt, key, column_config=config)


def downloads(
    frame: pd.DataFrame | Callable[[], pd.DataFrame],
    name: str,
    words: Words,
    digits: Mapping[str, int] | None = None,
) -> None:
    """A table as CSV and XLSX; the files (and a table given as a function) are made when they are asked for."""

    def table() -> pd.DataFrame:
        return frame() if callable(frame) else frame

    places = dict(digits or {})
    with st.container(horizontal=True):
        download(
            words.say("Download CSV"), lambda: to_csv(table(), digits=places), f"{name}.csv", f"csv-{name}"
        )
        download(
            words.say("Download XLSX"),
            lambda: to_xlsx(table(), digits=places),
            f"{name}.xlsx",
            f"xlsx-{name}",
        )


def download(label: str, data: Callable[[], bytes], file_name: str, key: str, **options: Any) -> None:
    """A button whose file is made when it is pressed."""
    st.download_button(
        label,
        data=data,
        file_name=file_name,
        mime=XLSX if file_name.endswith(".xlsx") else CSV,
        key=key,
        on_click="ignore",
        icon=":material/download:",
        **options,
    )


def empty_page(what: str, words: Words) -> None:
    """An empty page that says what it will show, and the two ways to fill it."""
    answer(words.say("Nothing to show yet"), what)
    first_steps(words)


def first_steps(words: Words) -> None:
    """Bring in a file, or look at the sample."""
    with st.container(horizontal=True):
        if st.button(
            words.say("Bring in a sales export"), type="primary", key="go-data", icon=":material/upload_file:"
        ):
            st.switch_page("pages/data/page.py")
        if st.button(words.say("Try the sample shop"), key="try-sample", icon=":material/storefront:"):
            show_sample(yes=True)
            st.switch_page("pages/home/page.py")


def channel_title(name: str) -> str:
    """A channel under its platform's own name, where a platform gave the name."""
    return _TITLES.get(name, name)


def named_channels(frame: pd.DataFrame) -> pd.DataFrame:
    """`frame` with its channels under their titles."""
    return frame.assign(channel=[channel_title(name) for name in frame["channel"]])


def percent(value: float | None, words: Words, digits: int = 0) -> str:
    """A share, or a dash where there is none."""
    return "–" if value is None else words.percent(value, digits)
