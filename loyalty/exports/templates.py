"""Templates to fill in by hand, one for each kind of file: recognised headings and two example rows."""

from __future__ import annotations

import pandas as pd

from loyalty.exports.table import to_csv
from loyalty.intake.kinds import kind_named
from loyalty.words import Words


def template(kind: str, words: Words) -> bytes:
    """A CSV file for `kind` (of `loyalty.intake.kinds.KINDS`) with headings in the reader's language."""
    columns = [field for field in kind_named(kind).fields if field.examples]
    return to_csv(pd.DataFrame({words.say(field.title): list(field.examples) for field in columns}))
