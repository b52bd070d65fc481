"""Who is one person, in words and as tables, in both languages."""

from __future__ import annotations

from loyalty.exports.identities import (
    files_text,
    key_name,
    key_sentence,
    merge_reason,
    merge_table,
    shared_key_reason,
    shared_table,
)
from loyalty.store.connected_ids import SharedAlias
from loyalty.store.merges import Merge, SharedKey
from loyalty.store.person import PersonKey
from loyalty.words import words_for

EN, ZH = words_for("en"), words_for("zh_CN")
MERGE = Merge(
    "c1",
    ("c1", "c2"),
    "Ann",
    ("ann@example.com",),
    ("+44207",),
    ("phone", "square"),
    ("a.csv", "b.csv"),
    by_owner=True,
)
PHONE = SharedKey(
    SharedAlias("c9", "phone", "email", 4, clash=False),
    "+44208",
    ("p1@example.com", "p2@example.com"),
    ("c3", "c4"),
)
NUMBER = SharedKey(SharedAlias("7", "number", "email", 2, clash=True), "7", (), ("c3", "c4"))


def test_a_key_is_called_by_what_it_is() -> None:
    assert [key_name(kind, EN) for kind in ("email", "phone", "number", "square", "jd")] == [
        "e-mail address",
        "phone number",
        "customer number",
        "account at Square",
        "account at 京东",
    ]
    assert key_name("phone", ZH) == "手机号"


def test_why_an_id_is_one_of_a_person_s() -> None:
    assert (
        key_sentence(PersonKey("c2", "phone", "+44207", ("a.csv", "b.csv"), 1), EN)
        == "the same phone number, in a.csv and b.csv"
    )
    assert (
        key_sentence(PersonKey("c2", "phone", "+44207", ("a.csv", "b.csv"), 1), ZH)
        == "同一个手机号，出现在 a.csv、b.csv"
    )
    assert key_sentence(PersonKey("c2", "phone", "+44207", ("a.csv",), 1), EN) == "phone number, in a.csv"
    assert (
        key_sentence(PersonKey("s", "square", "s", ("a.csv", "b.csv"), 1), EN)
        == "the same account at Square, in a.csv and b.csv"
    )
    assert key_sentence(PersonKey("c2", "email", "x", (), 0), EN) == "joined by you"


def test_many_files_are_cut_short() -> None:
    assert files_text(["a", "b", "c"], EN) == "a, b, and c"
    assert files_text(["a", "b", "c", "d", "e"], EN) == "a, b, and 3 more files"


def test_a_merge_in_words_and_in_a_table() -> None:
    assert merge_reason(MERGE, EN) == "the same phone number, the same account at Square, joined by you"
    table = merge_table([MERGE], EN)
    assert table.iloc[0].tolist() == [
        "Ann",
        "ann@example.com",
        "+44207",
        2,
        merge_reason(MERGE, EN),
        "a.csv, b.csv",
        "c1",
    ]
    assert next(iter(merge_table([], ZH).columns)) == ZH.say("Name")


def test_a_shared_key_says_why_it_joins_nobody() -> None:
    assert shared_key_reason(PHONE, EN) == "4 e-mail addresses stand beside it"
    assert shared_key_reason(NUMBER, EN) == "two of your tables give this number to different people"
    table = shared_table([PHONE, NUMBER], EN)
    assert table["Customers"].tolist() == [2, 2]
    assert table.iloc[0]["Beside it"] == "p1@example.com, p2@example.com"
