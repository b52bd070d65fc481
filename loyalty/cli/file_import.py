"""import, imports, undo, rejected and sources: import files and manage imports."""

from __future__ import annotations

import argparse
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

from loyalty.cli.output import DONE, FAILED, OWNER_MUST_DECIDE, Outcome, note, table
from loyalty.cli.session import Session
from loyalty.errors import OwnerError
from loyalty.exports.rejected_rows import rejected_csv
from loyalty.intake.decisions import Answers, Question
from loyalty.intake.errors import EmptyFolder
from loyalty.intake.folder import tables_at
from loyalty.intake.sources.registry import SOURCES
from loyalty.shop.file_import import FileImport, examine_together, may_overlap
from loyalty.shop.import_sentences import reason_sentences, total_sentences
from loyalty.store import imports
from loyalty.store.dry_run import DryRun
from loyalty.store.imports import ImportRecord
from loyalty.words import Words

COUNTS = ("rows", "accepted", "duplicates", "updated", "rejected", "not_records")


def answers_of(options: argparse.Namespace) -> Answers:
    """The answers about files that the command line gives."""
    return Answers(
        source=options.source,
        kind=options.kind,
        mapping=options.map,
        date_order=options.date_order,
        decimal=options.decimal,
        encoding=options.encoding,
        delimiter={"tab": "\t", "\\t": "\t"}.get(options.delimiter, options.delimiter),
        channel=options.channel,
        currency=options.currency.upper(),
        scale=options.scale,
        statuses=dict(options.status),
        same_sale=dict(options.same_sale),
    )


def import_files(session: Session, options: argparse.Namespace) -> Outcome:
    """Open all files first, and import them one after the other only when none has a question to the owner.

    Files that may repeat sales of another channel, of the shop or of one another, are examined together before.
    """
    entries: list[dict[str, Any]] = []
    with ExitStack() as stack:
        arriving: list[tuple[str, FileImport | OwnerError]] = []
        for path, member in (table for argument in options.files for table in tables_at(argument)):
            name = f"{path}/{member}" if member else str(path)
            try:
                if path.is_dir():
                    raise EmptyFolder(folder=name)
                opened = _open(session, path, member, answers_of(options))
                arriving.append((name, stack.enter_context(opened)))
            except OwnerError as problem:
                arriving.append((name, problem))
        files = [file for _, file in arriving if isinstance(file, FileImport)]
        if not any(file.questions for file in files) and (options.dry_run or may_overlap(files)):
            examine_together(files, session.stamp)
        undecided = any(file.questions for file in files)
        for name, file in arriving:
            entries.append(_import_file(session, name, file, options.dry_run, hold=undecided))
    code = OWNER_MUST_DECIDE if undecided else FAILED if any("error" in entry for entry in entries) else DONE
    document: dict[str, Any] = {"files": entries}
    if len(entries) == 1 and "error" in entries[0]:
        document["error"] = entries[0]["error"]
    return Outcome(document, [line for entry in entries for line in _lines(entry, session.words)], code)


def _open(session: Session, path: Path, member: str, answers: Answers) -> Any:
    def report(step: str, rows: int) -> None:
        if rows >= 500_000 and rows % 500_000 < 50_000:
            note(session.words.say("{file}: {rows} rows", file=path.name, rows=session.words.number(rows)))

    return session.shop.open_import(path, answers, member=member, progress=report)


def _import_file(
    session: Session, name: str, file: FileImport | OwnerError, dry_run: bool, *, hold: bool
) -> dict[str, Any]:
    """Import one file, or only examine it; returns its entry of the document."""
    entry: dict[str, Any] = {"file": name, "source": None, "kind": None, "encoding": None}
    entry |= dict.fromkeys(COUNTS, 0) | {"import_id": None, "questions": []}
    if isinstance(file, OwnerError):
        return entry | {"error": session.words.message(file.message)}
    reading = file.plan.reading
    entry |= {"source": reading.source.name, "kind": reading.kind, "encoding": file.table.encoding}
    entry |= {
        "rows": file.table.rows,
        "questions": [_question(q, session.words) for q in file.questions],
        "notes": [session.words.message(note) for note in file.notes()],
    }
    if hold:
        return entry
    try:
        record = file.run(session.stamp, dry_run=dry_run)
        entry |= _dry_run_document(file.examine(session.stamp), session) if dry_run else {}
    except OwnerError as problem:
        return entry | {"error": session.words.message(problem.message)}
    counted = {name: getattr(record, name) for name in COUNTS}
    return (
        entry
        | counted
        | {"import_id": None if dry_run else record.import_id, "known": file.before is not None}
    )


def _dry_run_document(dry_run: DryRun, session: Session) -> dict[str, Any]:
    """The result of a dry run beyond the counts."""
    words, home = session.words, session.shop.settings.home_currency
    return {
        "new": dry_run.new,
        "from": dry_run.record.data_from,
        "until": dry_run.record.data_until,
        "worth": [
            asdict(total) | {"currency": total.currency or dry_run.home or home} for total in dry_run.totals
        ],
        "counted_once": dry_run.duplicates,
        "reasons": [
            {
                "reason": words.message(reason.examples[0].reason),
                "rows": reason.rows,
                "lines": [row.line for row in reason.examples],
            }
            for reason in dry_run.reasons
        ],
        "sentences": [*total_sentences(dry_run, words), *reason_sentences(dry_run, words)],
    }


def _question(question: Question, words: Words) -> dict[str, Any]:
    return {
        "key": question.key,
        "text": words.message(question.text),
        "column": question.column,
        "options": list(question.options),
        "examples": list(question.examples),
    }


def _lines(entry: dict[str, Any], words: Words) -> list[str]:
    """An entry as lines of text."""
    if "error" in entry:
        return [entry["error"]]
    if entry["questions"]:
        texts = [f"  {q['text']}  ({' | '.join(q['options'][:8])})" for q in entry["questions"]]
        return [words.say("“{file}” needs a word from you; nothing was changed:", file=entry["file"]), *texts]
    if entry.get("known"):
        return [
            words.say(
                "“{file}” was brought in before (import {id}); nothing was added.",
                file=entry["file"],
                id=entry["import_id"],
            )
        ]
    counts = {name: words.number(entry[name]) for name in COUNTS}
    sentences = [*entry["notes"], *entry.get("sentences", [])]
    return [
        words.say(
            "“{file}”: {rows} rows read; {accepted} taken in ({updated} of them change earlier orders), {duplicates} known "
            "already, {rejected} rejected, {not_records} no records.",
            file=entry["file"],
            **counts,
        ),
        *(f"  {sentence}" for sentence in sentences),
    ]


def import_history(session: Session, options: argparse.Namespace) -> Outcome:
    """Show the history of imports, the newest first."""
    records = imports.history(session.shop.database)
    words = session.words
    head = [
        words.say("No."),
        words.say("File"),
        words.say("Rows"),
        words.say("Taken in"),
        words.say("Known"),
        words.say("Rejected"),
        words.say("Undone"),
    ]
    rows = [
        [
            str(r.import_id),
            r.file_name,
            *(words.number(n) for n in (r.rows, r.accepted, r.duplicates, r.rejected)),
            _undone(r),
        ]
        for r in records
    ]
    return Outcome({"imports": [_document(r) for r in records]}, table(head, rows))


def _undone(record: ImportRecord) -> str:
    return f"{record.undone_at:%Y-%m-%d %H:%M}" if record.undone_at else ""


def _document(record: ImportRecord) -> dict[str, Any]:
    named = {
        "file": record.file_name,
        "source": record.source,
        "kind": record.kind,
        "encoding": record.encoding,
    }
    rest = ("import_id", "channel", *COUNTS, "data_from", "data_until", "imported_at", "undone_at")
    return named | {name: getattr(record, name) for name in rest}


def undo(session: Session, options: argparse.Namespace) -> Outcome:
    """Undo an import."""
    record = session.shop.undo(options.import_id, session.stamp)
    text = session.words.say("Import {id} (“{file}”) is undone.", id=record.import_id, file=record.file_name)
    return Outcome({"import_id": record.import_id, "undone_at": record.undone_at}, [text])


def rejected(session: Session, options: argparse.Namespace) -> Outcome:
    """Write rejected rows to a file, to correct and import them again."""
    record = imports.import_record(session.shop.database, options.import_id)
    rows = imports.rejected_rows(session.shop.database, options.import_id)
    options.out.write_bytes(rejected_csv(record.header, rows, record.import_id, session.words))
    text = session.words.plural(
        "{n} rejected row is in {out}.", "{n} rejected rows are in {out}.", len(rows), out=str(options.out)
    )
    return Outcome({"import_id": record.import_id, "rejected": len(rows), "out": str(options.out)}, [text])


def sources(session: Session, options: argparse.Namespace) -> Outcome:
    """List the known platforms and how to export from each."""
    words = session.words
    platforms = [
        {
            "name": source.name,
            "title": words.say(source.title),
            "kinds": [source.kind, *source.also],
            "how_to_export": words.say(source.how_to_export),
        }
        for source in SOURCES
    ]
    return Outcome(
        {"sources": platforms}, [f"{source['name']}: {source['how_to_export']}" for source in platforms]
    )
