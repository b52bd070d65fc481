"""Columns that name a person, into the customer's id and contact data, and which ids are one person's."""

from __future__ import annotations

from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from loyalty.intake.canonical import LINK_ROWS
from loyalty.intake.columns import mapped_unique, remembering
from loyalty.intake.identity import IdRules, clean_email, linked_keys, person_keys
from loyalty.intake.phones import clean_phone
from loyalty.intake.sources.base import Columns, Source


@dataclass
class People:
    """Works out each distinct person once; `salt` makes customer ids, `country` is where phone numbers are from.

    A platform that sells in one country only goes before `country`.
    """

    source: Source
    salt: str
    country: str = ""
    _known: dict[str, str | None] = field(default_factory=dict)
    _pairs: list[tuple[str, str, str, str]] = field(default_factory=list)
    _links: list[pa.Table] = field(default_factory=list)

    def __post_init__(self) -> None:
        platform = self.source.name.partition("-")[0] if self.source.signature else ""
        self._naming = IdRules(self.salt, platform, self.source.personal_reference)
        self._country = phone_country(self.source, self.country)

    def columns(self, text: Columns, rows: int) -> Columns:
        """customer_id, email and phone of each row from its text columns of these names; notes which ids are one person's."""
        blank = pa.array([""] * rows, pa.string()) if rows else pa.array([], pa.string())
        reference = text.get("customer_id", blank)
        email = mapped_unique(text.get("email", blank), clean_email, pa.string())
        phone = mapped_unique(
            text.get("phone", blank), lambda cell: clean_phone(cell, self._country), pa.string()
        )
        cleaned = [reference, pc.fill_null(email, ""), pc.fill_null(phone, "")]
        together = pc.binary_join_element_wise(*cleaned, "\x1f")
        who = remembering(self._known, self._who)
        found: Columns = {
            "customer_id": mapped_unique(together, who, pa.string()),
            "email": email,
            "phone": phone,
        }
        if "email" not in text and "customer_id" in text:
            found["email"] = mapped_unique(reference, clean_email, pa.string())
        if self._pairs:
            noted = zip(*self._pairs, strict=True)
            self._links.append(pa.table([pa.array(cells, pa.string()) for cells in noted], schema=LINK_ROWS))
            self._pairs.clear()
        return found

    def links(self) -> pa.Table:
        """Which ids stood on one row so far (schema LINK_ROWS), each pair once or a few times."""
        return pa.concat_tables([LINK_ROWS.empty_table(), *self._links])

    def _who(self, joined: str) -> str | None:
        """The id of one person, whose reference, e-mail and phone stand side by side."""
        reference, email, phone = joined.rsplit("\x1f", 2)
        keys = person_keys(self._naming, reference, email or None, phone or None)
        for (kind, alias), (other_kind, other) in linked_keys(
            keys, receiver_phone=self.source.receiver_phone
        ):
            self._pairs.append((alias, kind, other, other_kind))
        return keys[0][1] if keys else None


def phone_country(source: Source, country: str) -> str:
    """Where a file's phone numbers are from: China for the platforms that sell there alone, else the shop's country."""
    return "CN" if source.currency == "CNY" else country
