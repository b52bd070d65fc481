"""The session that every command gets: open shop, language, as-of day and time of the run."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import ibis

from loyalty.services.figures import Facts, facts, last_day
from loyalty.shop.shop import Shop
from loyalty.words import Words


@dataclass(frozen=True)
class Session:
    """One run of the command line. `stamp`: local time of the run; `as_of_option`: the day of `--as-of`, if given."""

    shop: Shop
    words: Words
    stamp: dt.datetime
    as_of_option: dt.date | None

    def reader(self) -> ibis.BaseBackend:
        """A backend to read facts from."""
        return self.shop.database.reader()

    def as_of(self, con: ibis.BaseBackend) -> dt.date:
        """The day of `--as-of`, else the last day with a sale. Raises NoSales for an empty shop."""
        last = last_day(con)
        return self.as_of_option or last

    def facts(self) -> tuple[ibis.BaseBackend, Facts]:
        """A reader and the usual frames as of the day."""
        con = self.reader()
        return con, facts(con, self.as_of(con))
