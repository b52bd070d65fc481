"""Points on the Rewards page: liability, accounts, redemption, opening balances, postings, files."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from loyalty.charts.rewards import cohort_chart
from loyalty.errors import OwnerError
from loyalty.exports.balance_files import LAYOUTS, balance_file, balance_table, balances_with_contacts
from loyalty.exports.points_statement import statement_table
from loyalty.facts import events as act_facts
from loyalty.rewards.points.ledger import Ledger
from loyalty.rewards.points.ledger_figures import PointFigures, point_figures, redemption_by_cohort
from loyalty.services import points as point_service
from loyalty.services.opening_balances import open_balances
from loyalty.store import points as point_store
from loyalty.store.database import SCRATCH
from loyalty.words import Words
from ui.cache import cache_rule, cached
from ui.customer_search import matching
from ui.session import now
from ui.shop_figures import ShopFigures
from ui.show import answer, card, chart, download, downloads, figure, plain, shown_table

MOST_SHOWN = 1000  # rows; the downloads hold all
MOST_HITS = 20


def points_view(figures: ShopFigures, slot: Any, say: Words) -> None:
    """The points ledger and everything that an owner does with it."""
    ledger = figures.ledger()
    totals = cached(point_figures_of, figures)
    with slot:
        answer(
            say.plural(
                "{n} point is out, worth {worth} if {share} are used as you expect.",
                "{n} points are out, worth {worth} if {share} are used as you expect.",
                totals.outstanding,
                worth=say.money(totals.liability),
                share=say.percent(totals.expected_redemption),
            ),
            say.say(
                "Worked out from every sale up to {day}, each under the rules of its own day. Rounded down once an order.",
                day=say.date(ledger.as_of),
            ),
        )
    key_figures(totals, say)
    everybody = cached(account_holders, figures)
    account_card(ledger, everybody, figures, say)
    accounts_card(ledger, everybody, say)
    history(ledger, totals, say)
    left, right = st.columns(2)
    with left:
        opening_balances_card(figures, say)
    with right:
        postings_card(figures, ledger, say)


def point_figures_of(figures: ShopFigures) -> PointFigures:
    """Points outstanding, used and expired."""
    return point_figures(figures.ledger())


@cache_rule(entries=4)
def account_holders(figures: ShopFigures) -> pd.DataFrame:
    """Everyone with points, and how to reach them."""
    con = figures.shop.database.reader()
    return balances_with_contacts(
        figures.balances(), figures.contacts(), act_facts.consents(con), act_facts.origins(con)
    )


def key_figures(totals: PointFigures, say: Words) -> None:
    """Liability, redemption, breakage, pending."""
    boxes = st.columns(4)
    with boxes[0]:
        figure("points_liability", say.money(totals.liability), say)
    with boxes[1]:
        note = (
            ""
            if totals.decided_rate is None
            else say.say("{share} of points that are decided", share=say.percent(totals.decided_rate))
        )
        figure("redemption_rate", say.percent(totals.redemption_rate), say, note=note)
    with boxes[2]:
        figure("breakage", say.percent(totals.breakage), say)
    with boxes[3]:
        figure("pending_points", say.number(totals.pending), say)


def account_card(ledger: Ledger, everybody: pd.DataFrame, figures: ShopFigures, say: Words) -> None:
    """Look a customer up, see every entry, let them use points."""
    with card(say.say("One customer's account")):
        typed = st.text_input(say.say("Name, e-mail, phone or customer number"), key="points-find")
        if not typed.strip():
            return
        hits = matching(everybody, typed).head(MOST_HITS)
        if hits.empty:
            st.caption(say.say("Nobody fits."))
            return
        labels = {
            str(row["customer_id"]): row["name"] or row["email"] or row["customer_id"]
            for _, row in hits.iterrows()
        }
        chosen = st.selectbox(
            say.say("Customer"), list(labels), format_func=labels.__getitem__, key="points-who"
        )
        row = hits[hits["customer_id"] == chosen].to_dict("records")[0]
        st.markdown(
            plain(
                say.say(
                    "{points} points on account, which take off {worth}; {pending} more are pending.",
                    points=say.number(int(row["points"])),
                    worth=say.money(float(row["worth"])),
                    pending=say.number(int(row["pending"])),
                )
            )
        )
        redeem_form(ledger, str(chosen), int(row["points"]), figures, say)
        table = statement_table(point_service.statement(ledger, str(chosen)), say)
        shown_table(table, say.say("Every entry of this account"), "statement", height=260)
        downloads(table, "points-statement", say)


def redeem_form(ledger: Ledger, customer_id: str, balance: int, figures: ShopFigures, say: Words) -> None:
    """Enter that a customer uses points."""
    steps = ledger.versions[-1].programme.steps
    first = steps[0].points if steps else 1
    if balance < first:
        return
    number_box, button_box = st.columns([2, 1], vertical_alignment="bottom")
    points = number_box.number_input(
        say.say("Points to use now"), first, balance, first, first, key=f"use-{customer_id}"
    )
    if button_box.button(say.say("Use them"), key="points-use"):
        try:
            _, value = point_service.redeem(figures.shop, ledger, (customer_id, int(points)), now())
        except OwnerError as problem:
            st.error(say.message(problem.message))
            return
        st.toast(say.say("Take off {value}.", value=say.money(value)))
        st.rerun()


def accounts_card(ledger: Ledger, everybody: pd.DataFrame, say: Words) -> None:
    """Balances of everybody, and the file for a platform."""
    names = {tier.key: say.say(tier.name) for tier in ledger.versions[-1].programme.tiers}
    with card(
        say.plural("{n} account, the fullest first", "{n} accounts, the fullest first", len(everybody))
    ):
        fullest = everybody.sort_values(["points", "customer_id"], ascending=[False, True]).head(MOST_SHOWN)
        shown_table(balance_table(fullest, names, say), say.say("Balances of points"), "balances", height=300)
        titles = {
            "generic": say.say("Everything (CSV)"),
            "xlsx": say.say("Everything (XLSX)"),
            "shopify": "Shopify",
            "square": "Square",
            "klaviyo": "Klaviyo",
            "mailchimp": "Mailchimp",
            "sms": say.say("SMS and WeChat list"),
        }
        layout_box, get_box = st.columns([2, 1], vertical_alignment="bottom")
        layout = layout_box.selectbox(
            say.say("File for"), list(titles), format_func=titles.__getitem__, key="points-layout"
        )
        with get_box:
            name = f"points-{layout}.{LAYOUTS[layout]}"
            download(
                say.say("Download"), lambda: balance_file(layout, everybody, names, say), name, "get-points"
            )
        st.caption(
            say.say("Lists for messages leave out whoever said no to that medium; your own tags are kept.")
        )


def history(ledger: Ledger, totals: PointFigures, say: Words) -> None:
    """Used and expired points by the month they were given."""
    cohorts = redemption_by_cohort(ledger)
    if cohorts.empty:
        return
    title = say.say(
        "Of all points given, {used} were used and {expired} have expired",
        used=say.percent(totals.redemption_rate),
        expired=say.percent(totals.expired / totals.issued if totals.issued else 0.0),
    )
    with card(title):
        chart(cohort_chart(cohorts, say), title, "cohorts")
        downloads(cohorts, "points-cohorts", say)


def opening_balances_card(figures: ShopFigures, say: Words) -> None:
    """Balances from another tool."""
    with card(say.say("Bring balances over from another tool")):
        st.caption(
            say.say(
                "A table with a column “points” and one of “customer_id”, “email” or “phone”; if you like, “date” and "
                "“expires”. Nobody gets an opening balance twice."
            )
        )
        dropped = st.file_uploader(
            say.say("A table of balances"), key="opening-file", label_visibility="collapsed"
        )
        if dropped is None:
            return
        with tempfile.TemporaryDirectory(dir=figures.shop.folder / SCRATCH) as directory:
            path = Path(directory) / "balances"
            path.write_bytes(dropped.getvalue())
            try:
                result = open_balances(
                    figures.shop, path, now(), figures.first, name=dropped.name, dry_run=True
                )
                if st.button(
                    say.plural("Enter {n} balance", "Enter {n} balances", result.entered),
                    key="opening-take",
                    disabled=not result.entered,
                ):
                    result = open_balances(figures.shop, path, now(), figures.first, name=dropped.name)
                    st.toast(
                        say.plural("{n} balance is entered.", "{n} balances are entered.", result.entered)
                    )
                    st.rerun()
            except OwnerError as problem:
                st.error(say.message(problem.message))
                return
        st.markdown(
            plain(
                say.say(
                    "{rows} rows: {entered} new with {points} points, {known} known already, {rejected} set aside.",
                    rows=say.number(result.rows),
                    entered=say.number(result.entered),
                    points=say.number(result.points),
                    known=say.number(result.already_imported),
                    rejected=say.number(len(result.rejected)),
                )
            )
        )
        for row in result.rejected[:5]:
            st.caption(plain(say.say("Line {line}: {reason}", line=row.line, reason=say.message(row.reason))))


def postings_card(figures: ShopFigures, ledger: Ledger, say: Words) -> None:
    """Posted entries, and entries made by hand."""
    with card(say.say("The books")):
        st.caption(
            say.say(
                "Put today's entries into the books and they stay as they are: what changes later, by a return or by other "
                "rules, is added as an entry of its own."
            )
        )
        if st.button(
            say.say("Put the entries up to {day} into the books", day=say.date(ledger.as_of)), key="post"
        ):
            posted = point_service.post(figures.shop, ledger, now())
            st.toast(
                say.plural(
                    "{n} new entry is in the books.", "{n} new entries are in the books.", posted.entries
                )
            )
        rows = [
            {
                say.say("When"): say.moment(p.posted_at),
                say.say("Entries"): p.entries,
                say.say("Points"): p.points,
            }
            for p in point_store.postings(figures.shop.database)
        ]
        if rows:
            shown_table(pd.DataFrame(rows), say.say("The books"), "postings")
        manual_entries(figures, say)


def manual_entries(figures: ShopFigures, say: Words) -> None:
    """The owner's own entries, each of which can be taken back."""
    entries = point_store.entries(figures.shop.database).iloc[::-1].head(MOST_HITS)
    if entries.empty:
        return
    kinds = {
        "opening": say.say("brought over"),
        "redeemed": say.say("used"),
        "adjusted": say.say("corrected by you"),
    }
    labels = {
        int(row["entry_id"]): say.listing(
            [
                say.moment(row["at"]),
                kinds[row["kind"]],
                say.number(int(row["points"])),
                str(row["customer_id"]),
            ]
        )
        for _, row in entries.iterrows()
    }
    chosen = st.selectbox(
        say.say("Your own entries"), list(labels), format_func=labels.__getitem__, key="moves"
    )
    if st.button(say.say("Take it back"), key="undo-move"):
        point_store.undo_entry(figures.shop.database, chosen, now())
        st.rerun()
