"""Turns columns that name a person into customer id and contact data, and collects which ids are one person's."""

from __future__ import annotations

from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from loyalty.intake.canonical import LINK_ROWS
from loyalty.intake.identity import IdRules, clean_email, linked_keys, person_keys
from loyalty.intake.sources.base import Columns, Source
from loyalty.intake.values.columns import cached, map_distinct
from loyalty.intake.values.phones import clean_phone


@dataclass
class ContactReader:
    """Customer ids and contact data of rows; each distinct person is computed once.

    `salt` makes customer ids. `country` is where phone numbers are from, unless the platform sells in one country only.
    """

    source: Source
    salt: str
    country: str = ""
    _ids: dict[str, str | None] = field(default_factory=dict)
    _pairs: list[tuple[str, str, str, str]] = field(default_factory=list)
    _links: list[pa.Table] = field(default_factory=list)

    def __post_init__(self) -> None:
        platform = self.source.name.partition("-")[0] if self.source.signature else ""
        self._rules = IdRules(self.salt, platform, self.source.personal_reference)
        self._country = phone_country(self.source, self.country)

    def columns(self, text: Columns, rows: int) -> Columns:
        """customer_id, email and phone of each row from its text columns of these names; notes which ids are one person's."""
        blank = pa.array([""] * rows, pa.string()) if rows else pa.array([], pa.string())
        reference = text.get("customer_id", blank)
        email = map_distinct(text.get("email", blank), clean_email, pa.string())
        phone = map_distinct(
            text.get("phone", blank), lambda cell: clean_phone(cell, self._country), pa.string()
        )
        cleaned_columns = [reference, pc.fill_null(email, ""), pc.fill_null(phone, "")]
        joined = pc.binary_join_element_wise(*cleaned_columns, "\x1f")
        customer_id_of = cached(self._ids, self._customer_id)
        columns: Columns = {
            "customer_id": map_distinct(joined, customer_id_of, pa.string()),
            "email": email,
            "phone": phone,
        }
        if "email" not in text and "customer_id" in text:
            columns["email"] = map_distinct(reference, clean_email, pa.string())
        if self._pairs:
            link_columns = zip(*self._pairs, strict=True)
            self._links.append(
                pa.table([pa.array(cells, pa.string()) for cells in link_columns], schema=LINK_ROWS)
            )
            self._pairs.clear()
        return columns

    def links(self) -> pa.Table:
        """Which ids shared a row so far (schema LINK_ROWS), each pair once or a few times."""
        return pa.concat_tables([LINK_ROWS.empty_table(), *self._links])

    def _customer_id(self, joined: str) -> str | None:
        """The id of one person, whose reference, e-mail and phone stand side by side."""
        reference, email, phone = joined.rsplit("\x1f", 2)
        keys = person_keys(self._rules, reference, email or None, phone or None)
        for (kind, alias), (other_kind, other) in linked_keys(
            keys, receiver_phone=self.source.receiver_phone
        ):
            self._pairs.append((alias, kind, other, other_kind))
        return keys[0][1] if keys else None


def phone_country(source: Source, country: str) -> str:
    """Where a file's phone numbers are from: China for the platforms that sell there alone, else the shop's country."""
    return "CN" if source.currency == "CNY" else country
