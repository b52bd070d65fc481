"""The dry run of an import: counts, totals, skipped rows with reasons, and questions about other channels."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from loyalty.exports.rejected_rows import rejected_csv
from loyalty.intake.tables.text_table import RejectedRow
from loyalty.shop.file_import import FileImport
from loyalty.shop.import_sentences import reason_sentences, total_sentences
from loyalty.store.dry_run import DryRun
from loyalty.store.imports import ImportRecord
from loyalty.words import Words
from pages.data.questions import ask_about_channels
from ui.show import download, plain


def row_counts(result: DryRun, say: Words) -> str:
    """What would happen to the rows of a file; zero counts are left out."""
    record = result.record
    parts = [
        (result.new, say.plural("{n} row is new", "{n} rows are new", result.new)),
        (
            record.updated,
            say.plural(
                "{n} changes what an earlier file said", "{n} change what earlier files said", record.updated
            ),
        ),
        (record.duplicates, say.plural("{n} is known already", "{n} are known already", record.duplicates)),
        (record.rejected, say.plural("{n} will be set aside", "{n} will be set aside", record.rejected)),
        (record.not_records, say.plural("{n} is no record", "{n} are no records", record.not_records)),
    ]
    return " · ".join(text for place, (rows, text) in enumerate(parts) if rows or place == 0)


def dry_run_result(arriving: FileImport, result: DryRun, key: str, say: Words) -> None:
    """Show the result of a dry run, and ask the questions it raised."""
    st.markdown(f"**{say.say('What taking it in will do')}**")
    st.markdown("  \n".join(plain(line) for line in (row_counts(result, say), *total_sentences(result, say))))
    if result.reasons:
        st.warning("\n\n".join(plain(reason) for reason in reason_sentences(result, say)))
        skipped_rows_download(result.record, result.rejected, say, f"{key}-rejected")
    answers = ask_about_channels(arriving, key, say)
    if answers != arriving.answers:
        arriving.answer(answers)
        st.rerun()


def skipped_rows_download(record: ImportRecord, rows: Sequence[RejectedRow], say: Words, key: str) -> None:
    """A download of the skipped rows."""
    download(
        say.plural("Download the {n} row set aside", "Download the {n} rows set aside", record.rejected),
        lambda: rejected_csv(record.header, rows, record.import_id, say),
        f"rejected-{Path(record.file_name).stem}.csv",
        key,
        help=say.say("Mend the rows in a spreadsheet and drop the file here again; each finds its place."),
    )
