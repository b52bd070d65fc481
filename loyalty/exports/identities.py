"""Merged customers and the reasons, as sentences and tables."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from babel.lists import format_list

from loyalty.intake.identity import EMAIL, NUMBER, PHONE
from loyalty.intake.sources.registry import PLATFORMS
from loyalty.store.merges import Merge, SharedKey
from loyalty.store.person import PersonKey
from loyalty.words import N_, Words

_NAMES = {EMAIL: N_("e-mail address"), PHONE: N_("phone number"), NUMBER: N_("customer number")}
_SAME = {
    EMAIL: N_("the same e-mail address"),
    PHONE: N_("the same phone number"),
    NUMBER: N_("the same customer number"),
}

_MANY = {
    EMAIL: N_("{n} e-mail addresses stand beside it"),
    PHONE: N_("{n} phone numbers stand beside it"),
    NUMBER: N_("{n} customer numbers stand beside it"),
}


def platform_title(name: str) -> str:
    """Title of a platform."""
    return next((s.title.split(" (")[0] for s in PLATFORMS if s.name.split("-")[0] == name), name)


def key_name(kind: str, words: Words) -> str:
    """Name of a key: "phone number", "account at Square"."""
    name = _NAMES.get(kind)
    return words.say(name) if name else words.say("account at {platform}", platform=platform_title(kind))


def files_text(files: Sequence[str], words: Words) -> str:
    """ "shop.csv and youzan.csv"; of many, the first two and how many more."""
    shown = list(files[:2]) if len(files) > 3 else list(files)
    if len(files) > 3:
        shown.append(words.plural("{n} more file", "{n} more files", len(files) - 2))
    return words.listing(shown) if words.language == "zh_CN" else format_list(shown, locale=words.locale)


def key_sentence(key: PersonKey, words: Words) -> str:
    """What an id is and its source: "the same phone number, in shop.csv and youzan.csv"."""
    if not key.files:
        return words.say("joined by you")
    files = files_text(key.files, words)
    name = key_name(key.kind, words) if len(key.files) == 1 else _same(key.kind, words)
    return words.say("{key}, in {files}", key=name, files=files)


def _same(kind: str, words: Words) -> str:
    name = _SAME.get(kind)
    return words.say(name) if name else words.say("the same {key}", key=key_name(kind, words))


def merge_reason(merge: Merge, words: Words) -> str:
    """Why several ids are one person: "the same phone number", "joined by you"."""
    same = [_same(kind, words) for kind in merge.because]
    return words.listing([*same, *([words.say("joined by you")] if merge.by_owner else [])])


def merge_table(merges: Sequence[Merge], words: Words) -> pd.DataFrame:
    """One row for each person with several ids, under the reader's headings."""
    rows = [
        (
            merge.name,
            words.listing(list(merge.emails)),
            words.listing(list(merge.phones)),
            len(merge.ids),
            merge_reason(merge, words),
            words.listing(list(merge.files)),
            merge.customer_id,
        )
        for merge in merges
    ]
    headings = [
        words.say("Name"),
        words.say("E-mails"),
        words.say("Phones"),
        words.say("Addresses and numbers joined"),
        words.say("Because of"),
        words.say("Files"),
        words.say("Customer number"),
    ]
    return pd.DataFrame(rows, columns=headings)


def shared_key_reason(shared: SharedKey, words: Words) -> str:
    """Why a shared key merges nobody."""
    key = shared.key
    if key.clash:
        return words.say("two of your tables give this number to different people")
    n = words.number(key.count)
    if key.beside in _MANY:
        return words.say(_MANY[key.beside], n=n)
    return words.say("{n} accounts at {platform} stand beside it", n=n, platform=platform_title(key.beside))


def shared_table(shared_keys: Sequence[SharedKey], words: Words) -> pd.DataFrame:
    """One row for each key that merges nobody, under the reader's headings."""
    rows = [
        (
            shared.text,
            key_name(shared.key.kind, words),
            shared_key_reason(shared, words),
            words.listing(list(shared.beside)),
            len(shared.people),
        )
        for shared in shared_keys
    ]
    headings = [
        words.say("Number or address"),
        words.say("What it is"),
        words.say("Why it joins nobody"),
        words.say("Beside it"),
        words.say("Customers"),
    ]
    return pd.DataFrame(rows, columns=headings)
