"""Columns that name a person, into the customer's id and contact data."""

from __future__ import annotations

from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from loyalty.intake.columns import mapped_unique, remembering
from loyalty.intake.identity import clean_email, clean_phone, customer_of
from loyalty.intake.sources.base import Columns, Source


@dataclass
class People:
    """Works out each distinct person once; `salt` makes customer ids."""

    source: Source
    salt: str
    _known: dict[str, str | None] = field(default_factory=dict)

    def columns(self, text: Columns, rows: int) -> Columns:
        """customer_id, email and phone of each row from its text columns of these names."""
        blank = pa.array([""] * rows, pa.string()) if rows else pa.array([], pa.string())
        parts = [text.get(name, blank) for name in ("customer_id", "email", "phone")]
        together = pc.binary_join_element_wise(*parts, "\x1f")
        who = remembering(self._known, self._who)
        found = {"customer_id": mapped_unique(together, who, pa.string())}
        found["email"] = mapped_unique(parts[1], clean_email, pa.string())
        if "email" not in text and "customer_id" in text:
            found["email"] = mapped_unique(parts[0], clean_email, pa.string())
        found["phone"] = mapped_unique(parts[2], clean_phone, pa.string())
        return found

    def _who(self, joined: str) -> str | None:
        """The id of one person, whose reference, e-mail and phone stand side by side."""
        reference, email, phone = joined.split("\x1f")
        origin = "" if self.source.name in ("generic", "survey") else self.source.name.partition("-")[0]
        personal = self.source.personal_reference
        return customer_of(self.salt, origin, reference, email, phone, personal=personal)
