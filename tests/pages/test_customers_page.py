"""Customers: who is one person, joining, splitting and taking it back, on the page."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from loyalty.intake.identity import hashed_id
from loyalty.shop.settings import changed
from loyalty.shop.shop import Shop
from tests.intake.builders import bring, save, text_of
from tests.pages.conftest import START
from tests.store.test_identities import ANN, BOB, OTHER, OWN, PHONE, own


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """A shop where Ann comes by e-mail and by phone, Bob by e-mail, and four others share a phone."""
    rows = [
        own(1, name="Ann Lee", email=ANN, phone=PHONE),
        own(2, name="Bob Ray", email=BOB),
        own(3, phone=PHONE),
    ]
    rows += [own(n, email=f"p{n}@example.com", phone=OTHER) for n in range(4, 8)]
    with Shop.open(tmp_path / "shop") as shop:
        shop.save_settings(changed(shop.settings, currency="CNY"))
        bring(shop, save(tmp_path, "own.csv", text_of(OWN, rows)))
    return tmp_path / "shop"


def card() -> None:
    """A script that shows the first customer's card alone, as the page does for a chosen row."""
    from pages.customers.identities import identity_card, merged_customers, show_confirmation
    from ui.session import words
    from ui.shop_figures import current_figures

    figures, say = current_figures(), words()
    assert figures is not None
    table = figures.facts().customers.merge(figures.contacts(), how="left", on="customer_id")
    show_confirmation()
    mine = table[table["email"].isin(["ann@example.com", "bob@example.com"])].sort_values(
        "orders", ascending=False
    )
    identity_card(figures, str(mine["customer_id"].iloc[0]), table, say)
    merged_customers(figures, say)


def texts(app: AppTest) -> list[str]:
    return [text.value for text in app.text]


def test_the_page_lists_who_was_joined_and_what_was_not_used(people: Path, start: START) -> None:
    assert people == Path(os.environ["LOYALTY_SHOP"])
    app = start(page="customers")
    assert not app.exception
    assert app.title[0].value == "1 of 6 customers have bought more than once."
    (section,) = [e for e in app.expander if e.label.startswith("Who is one person")]
    assert section.label == "Who is one person · 1 joined · 1 doubtful"
    joined, shared = (frame.value for frame in section.dataframe)
    assert joined.iloc[0][["Name", "E-mails", "Because of"]].tolist() == [
        "Ann Lee",
        ANN,
        "the same phone number",
    ]
    assert shared.iloc[0][["Number or address", "Why it joins nobody"]].tolist() == [
        "+8613912345671",
        "4 e-mail addresses stand beside it",
    ]
    chinese = start("zh-CN", page="customers")
    assert "谁是同一个人 · 已合并 1 位 · 1 个存疑" in [expander.label for expander in chinese.expander]


def test_join_split_and_take_back(people: Path, start: START) -> None:
    """Ann and Bob become one, Ann's phone a customer of its own; both are taken back."""
    start()
    app = AppTest.from_function(card, default_timeout=60).run()
    assert not app.exception
    assert f"E-mails: {ANN}" in texts(app)
    assert "Phones: +8613812345670" in texts(app)
    assert any("phone number, in own.csv" in caption.value for caption in app.caption)
    app.text_input(key="join-search").set_value("bob").run()
    assert app.selectbox(key="join-other").options == [f"Bob Ray · {BOB}"]
    app.button(key="join").click().run()
    assert app.success[0].value.startswith("They are one customer now.")
    assert f"E-mails: {BOB}, {ANN}" in texts(app) or f"E-mails: {ANN}, {BOB}" in texts(app)
    splits = [button for button in app.button if str(button.key).startswith("split-")]
    assert len(splits) == 3
    phone = texts(app).index("+8613812345670")
    assert phone > 0
    next(b for b in splits if b.key == f"split-{phone_id(people)}").click().run()
    assert "+8613812345670 is a customer of its own now." in app.success[0].value
    assert any("you split +8613812345670 off" in text for text in texts(app))
    for number in (2, 1):
        app.button(key=f"choice-{number}").click().run()
        assert app.success[0].value == "Taken back."
    assert any(text.endswith(f"you joined {ANN} and {BOB} (taken back)") for text in texts(app))
    assert not app.exception


def phone_id(folder: Path) -> str:
    """The id of Ann's phone, as the one server's shop has it."""
    from ui.session import _opened

    shop = _opened(str(folder.absolute()))
    return hashed_id(shop.database.salt, "phone", "+8613812345670")


def test_a_search_without_a_hit_says_so(people: Path, start: START) -> None:
    start()
    app = AppTest.from_function(card, default_timeout=60).run()
    app.text_input(key="join-search").set_value("nobody of this name").run()
    assert any(caption.value == "Nobody found." for caption in app.caption)


def test_the_country_is_kept(start: START) -> None:
    app = start(page="settings")
    box = app.selectbox(key="set-country")
    assert box.options[0] == "not known"
    box.select("GB")
    app.button(key="set-save").click().run()
    assert not app.exception
    with_country = start(page="settings")
    assert with_country.selectbox(key="set-country").value == "GB"
