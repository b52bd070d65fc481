"""How one file will be read: the owner's answers, the decisions, and the questions that only the owner can answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace

from loyalty.intake.sources.base import Source
from loyalty.words.message import Message


@dataclass(frozen=True)
class Answers:
    """The owner's answers about a file, or about earlier files with the same headings; empty means: detect.

    `same_sale`: channels, each with "same" or "different": whether their sales are this file's.
    """

    source: str = ""
    kind: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)
    date_order: str = ""
    decimal: str = ""
    encoding: str = ""
    delimiter: str = ""
    channel: str = ""
    currency: str = ""
    scale: int = 0
    statuses: Mapping[str, str] = field(default_factory=dict)
    same_sale: Mapping[str, str] = field(default_factory=dict)

    def without(self, *names: str) -> Answers:
        """These answers but for those called `names`."""
        empty = Answers()
        return replace(self, **{name: getattr(empty, name) for name in names})

    def over(self, earlier: Answers) -> Answers:
        """These answers, completed by the earlier ones; columns and words count only for the same kind of rows."""
        if self.kind and earlier.kind and self.kind != earlier.kind:
            earlier = earlier.without("mapping", "statuses")
        changes = {f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name)}
        for name in ("statuses", "same_sale"):
            if getattr(self, name) and getattr(earlier, name):
                changes[name] = {**getattr(earlier, name), **getattr(self, name)}
        return replace(earlier, **changes)


@dataclass(frozen=True)
class Question:
    """Something in the file that can be read in more than one way. `key` is the `Answers` field that settles it."""

    key: str
    text: Message
    column: str = ""
    options: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """Every decision needed to turn a text table into rows.

    `currency`: of rows that name none, "" for the shop's own. `currency_field`: the field whose cells name a
    row's currency, "" where none does.
    `statuses`: meanings of words, in lower case, of every column of words; `feedback_kind`: the kind of answers in a file without a column
    for it ("csat", "nps" or "review").
    """

    source: Source
    kind: str
    fields: Mapping[str, str]
    date_order: str
    decimal: str
    channel: str
    currency: str
    statuses: Mapping[str, str]
    scale: int = 5
    currency_field: str = ""
    feedback_kind: str = ""


@dataclass(frozen=True)
class Plan:
    """A reading and what is still open; only a plan without questions may be carried out.

    `currencies`: all that the file names, by code.
    """

    reading: Reading
    questions: tuple[Question, ...]
    notes: tuple[Message, ...] = ()
    currencies: tuple[str, ...] = ()
