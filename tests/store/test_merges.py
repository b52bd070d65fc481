"""Who was joined and why, and which keys joined nobody."""

from __future__ import annotations

from pathlib import Path

from loyalty.intake.identity import hashed_id
from loyalty.shop.settings import changed
from loyalty.shop.shop import Shop
from loyalty.store import identities
from loyalty.store.merges import merges, shared_keys
from tests.intake.builders import SHOPIFY, STAMP, YOUZAN, youzan_order
from tests.store.test_identities import ANN, BOB, OTHER, OWN, PHONE, at, own, shopify


def test_a_merge_has_the_kinds_of_its_keys(shop: Shop, tmp_path: Path) -> None:
    """Ann by phone over two channels; Bob's phone stands beside him alone, so that nothing was merged."""
    shop.save_settings(changed(shop.settings, currency="CNY"))
    assert merges(shop.database) == []
    at(shop, tmp_path, "shop.csv", SHOPIFY, [*shopify(1, ANN, PHONE), *shopify(2, BOB, OTHER)])
    assert merges(shop.database) == []
    at(shop, tmp_path, "youzan.csv", YOUZAN, [youzan_order(1003, "13812345670", "10.00", "茶(1件)")])
    (merge,) = merges(shop.database)
    salt = shop.database.salt
    assert set(merge.ids) == {hashed_id(salt, "email", ANN), hashed_id(salt, "phone", "+8613812345670")}
    assert (merge.customer_id, merge.because, merge.by_owner) == (
        hashed_id(salt, "email", ANN),
        ("phone",),
        False,
    )
    assert (merge.emails, merge.phones) == ((ANN,), ("+8613812345670",))
    assert merge.files == ("shop.csv", "youzan.csv")


def test_a_number_may_hold_two_addresses_together_that_no_sale_came_in_under(
    shop: Shop, tmp_path: Path
) -> None:
    at(
        shop,
        tmp_path,
        "own.csv",
        OWN,
        [own(1, who="17", email=ANN), own(2, who="17", email=BOB), own(3, email=BOB)],
    )
    (merge,) = merges(shop.database)
    assert (len(merge.ids), merge.because, merge.emails) == (2, ("number",), (ANN, BOB))


def test_the_owner_s_joins_are_marked(shop: Shop, tmp_path: Path) -> None:
    at(shop, tmp_path, "own.csv", OWN, [own(1, email=ANN), own(2, email=BOB)])
    ann, bob = (hashed_id(shop.database.salt, "email", address) for address in (ANN, BOB))
    made = identities.join(shop.database, ann, bob, STAMP)
    (merge,) = merges(shop.database)
    assert (merge.because, merge.by_owner) == ((), True)
    identities.undo_choice(shop.database, made.choice_id, STAMP)
    assert merges(shop.database) == []


def test_shared_keys_have_their_text_and_linked_customers(shop: Shop, tmp_path: Path) -> None:
    """A phone beside four addresses; number 7, which two tables give to different people."""
    shop.save_settings(changed(shop.settings, currency="CNY"))
    rows = [own(n, email=f"p{n}@example.com", phone=PHONE) for n in range(1, 5)]
    at(shop, tmp_path, "own.csv", OWN, [*rows, own(5, who="7", email=ANN)])
    other = [name if name != "Product" else "Item" for name in OWN]
    sale = dict(zip(other, own(6, who="7", email=BOB).values(), strict=True))
    at(shop, tmp_path, "till.csv", other, [sale])
    phone, number = shared_keys(shop.database)
    assert (phone.text, phone.key.kind, phone.key.count) == ("+8613812345670", "phone", 4)
    assert phone.beside == tuple(f"p{n}@example.com" for n in range(1, 5))
    assert len(phone.people) == 4
    assert (number.text, number.key.clash, number.beside) == ("7", True, (ANN, BOB))
