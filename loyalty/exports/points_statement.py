"""Statement of the points ledger as a table."""

from __future__ import annotations

import pandas as pd

from loyalty.rewards.points.entry_names import ENTRY_NAMES, SOURCE_NAMES
from loyalty.words import Words


def statement_table(entries: pd.DataFrame, words: Words) -> pd.DataFrame:
    """One row for each entry, the newest first, under the reader's headings. `entries`: as `loyalty.services.points.statement`."""
    rows = entries.iloc[::-1]
    return pd.DataFrame(
        {
            words.say("Date"): rows["at"],
            words.say("What"): [words.say(ENTRY_NAMES[str(kind)]) for kind in rows["kind"]],
            words.say("For"): [
                words.say(SOURCE_NAMES[str(source).partition(":")[0]]) for source in rows["source"]
            ],
            words.say("Points"): rows["points"],
            words.say("Pending points"): rows["pending"],
            words.say("On account"): rows["balance"],
            words.say("Version of the rules"): rows["version"],
            words.say("Reference"): rows["ref"],
        }
    )
