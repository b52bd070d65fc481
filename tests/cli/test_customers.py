"""customers: who is one person and why; joining, splitting and taking that back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import STAMP, Cli
from tests.intake.builders import save, text_of
from tests.store.test_identities import ANN, BOB, OTHER, OWN, PHONE, own


@pytest.fixture
def shop(cli: Cli, tmp_path: Path) -> Cli:
    """Ann by e-mail and phone, by phone alone, and by number; Bob by e-mail; a courier's phone beside four."""
    rows = [own(1, who="17", name="Ann", email=ANN, phone=PHONE), own(2, email=BOB)]
    rows += [own(n, email=f"p{n}@example.com", phone=OTHER) for n in range(3, 7)]
    web = save(tmp_path, "web.csv", text_of(OWN, rows))
    till = save(tmp_path, "till.csv", text_of(OWN, [own(8, phone="+86 138 1234 5670"), own(9, who="17")]))
    assert cli("import", web, till, "--currency", "CNY")[0] == 0
    return cli


def test_merges_and_shared(shop: Cli, plain: Callable[..., tuple[int, str, str]]) -> None:
    code, answer = shop("customers", "merges")
    assert (code, answer["customers"]) == (0, 1)
    (merge,) = answer["merges"]
    assert (merge["name"], merge["emails"], merge["phones"]) == ("Ann", [ANN], ["+8613812345670"])
    assert (len(merge["ids"]), merge["because"], merge["files"]) == (
        3,
        ["number", "phone"],
        ["till.csv", "web.csv"],
    )
    assert merge["why"] == "the same customer number, the same phone number"
    (key,) = shop("customers", "shared")[1]["shared"]
    assert (key["text"], key["kind"], key["count"], key["of"]) == ("+8613912345671", "phone", 4, "email")
    assert len(key["people"]) == 4
    assert "1 customer came in under several addresses or numbers." in plain("customers", "merges")[1]
    assert (
        "+8613912345671 (phone number): 4 e-mail addresses stand beside it" in plain("customers", "shared")[1]
    )


def test_show(shop: Cli, plain: Callable[..., tuple[int, str, str]]) -> None:
    code, answer = shop("customers", "show", "17")
    assert code == 0
    assert {key["kind"]: (key["text"], key["orders"]) for key in answer["keys"]} == {
        "email": (ANN, 1),
        "phone": ("+8613812345670", 1),
        "number": ("17", 1),
    }
    assert (answer["emails"], answer["phones"], answer["names"]) == ([ANN], ["+8613812345670"], ["Ann"])
    assert (
        "the same phone number, in till.csv and web.csv"
        in plain("customers", "show", answer["customer_id"])[1]
    )


def test_join_split_choices_and_undo(shop: Cli) -> None:
    assert shop("kpis")[1]["customers"] == 6
    ann = shop("customers", "show", "17")[1]["customer_id"]
    bob = next(
        c["customer_id"]
        for c in shop("clv")[1]["customers"]
        if shop("customers", "show", c["customer_id"])[1]["emails"] == [BOB]
    )
    code, choice = shop("customers", "join", bob, "17")
    assert (code, choice["choice_id"], choice["choice"]) == (0, 1, "join")
    assert len(set(choice["customers"].values())) == 1
    assert shop("kpis")[1]["customers"] == 5
    code, choice = shop("customers", "split", "17")
    assert (code, choice["customers"]) == (0, {"17": "17"})
    assert shop("kpis")[1]["customers"] == 7  # the join was made with 17, and went with it
    code, answer = shop("customers", "undo-choice", "2")
    assert (code, answer["undone_at"]) == (0, STAMP.isoformat())
    assert shop("kpis")[1]["customers"] == 5
    choices = shop("customers", "choices")[1]["choices"]
    assert [(c["choice_id"], c["choice"], c["undone_at"] is None) for c in choices] == [
        (1, "join", True),
        (2, "split", False),
    ]
    assert shop("rewards", "balance", "17")[1]["customer_id"] in (ann, bob)


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("show", "nobody"), 1, "There is no customer “nobody”"),
        (("split", "nobody"), 1, "There is no customer “nobody”"),
        (("join", "17", "17"), 1, "are one customer already"),
        (("undo-choice", "7"), 1, "There is no choice 7"),
        (("undo-choice", "seven"), 2, "needs the number of a choice"),
        (("join", "17"), 2, "customers join needs 2 id(s)"),
        (("merges", "17"), 2, "customers merges needs 0 id(s)"),
    ],
)
def test_wrong_choices_are_reported(shop: Cli, arguments: tuple[str, ...], code: int, sentence: str) -> None:
    exit_code, answer = shop("customers", *arguments)
    assert exit_code == code
    assert sentence in answer["error"]
