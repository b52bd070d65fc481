"""Base class of errors the owner can act on; each subclass builds its own sentence, translated in one place."""

from __future__ import annotations

from typing import ClassVar

from loyalty.words.message import N_, Message


class OwnerError(Exception):
    """Something the owner can understand and act on. Subclasses set `template`; `params` fill its placeholders."""

    template: ClassVar[str] = N_("Something did not work.")

    def __init__(self, **params: object) -> None:
        self.message = Message(self.template, params)
        super().__init__(self.message.english())
