"""Untranslated sentences for the owner: an English source and its parameters."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field


def N_(template: str) -> str:  # noqa: N802 - the name gettext's own documentation uses
    """Mark `template` for extraction; it is translated later, in the reader's language."""
    return template


@dataclass(frozen=True)
class Message:
    """An English template with `{named}` placeholders and their values; `Words.message` turns it into a sentence."""

    template: str
    params: Mapping[str, object] = field(default_factory=dict)

    def english(self) -> str:
        """The sentence in the source language (for logs and terminals without a catalogue)."""
        inner = {
            name: value.english() if isinstance(value, Message) else value
            for name, value in self.params.items()
        }
        return self.template.format(**inner)

    def to_json(self) -> str:
        """One line that a table can keep; `from_json` reads it back."""
        return json.dumps([self.template, dict(self.params)], ensure_ascii=False, default=str)

    @classmethod
    def from_json(cls, text: str) -> Message:
        """The message that `to_json` wrote."""
        template, params = json.loads(text)
        return cls(template, params)
