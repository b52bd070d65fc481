"""One person: all that files and the owner say of them."""

from __future__ import annotations

from pathlib import Path

from loyalty.intake.identity import hashed_id
from loyalty.shop.settings import changed
from loyalty.shop.shop import Shop
from loyalty.store import identities
from loyalty.store.person import PersonKey, person
from tests.intake.builders import SHOPIFY, STAMP, YOUZAN, youzan_order
from tests.store.test_identities import ANN, BOB, OTHER, OWN, PHONE, at, ids, own, shopify


def test_a_customer_s_keys_have_their_files(shop: Shop, tmp_path: Path) -> None:
    """Ann by e-mail at Shopify, by phone at 有赞, where she has a later phone too; her number in the owner's table."""
    shop.save_settings(changed(shop.settings, currency="CNY"))
    at(shop, tmp_path, "shop.csv", SHOPIFY, shopify(1, ANN, PHONE, **{"Billing Name": "Ann Lee"}))
    at(shop, tmp_path, "youzan.csv", YOUZAN, [youzan_order(1003, "13812345670", "10.00", "茶(1件)")])
    at(
        shop,
        tmp_path,
        "own.csv",
        OWN,
        [own(1, who="17", name="Ann Lee-Ray", email=ANN, phone=OTHER), own(2, who="17")],
    )
    salt = shop.database.salt
    ann, first, second = (
        hashed_id(salt, "email", ANN),
        hashed_id(salt, "phone", "+8613812345670"),
        hashed_id(salt, "phone", "+8613912345671"),
    )
    for customer_id in (ann, first, "17"):
        customer = person(shop.database, customer_id)
        assert customer.customer_id == ann
    assert {key.alias: key for key in customer.keys} == {
        ann: PersonKey(ann, "email", ANN, ("own.csv", "shop.csv"), 2),
        first: PersonKey(first, "phone", "+8613812345670", ("shop.csv", "youzan.csv"), 1),
        second: PersonKey(second, "phone", "+8613912345671", ("own.csv",), 0),
        "17": PersonKey("17", "number", "17", ("own.csv",), 1),
    }
    assert customer.names == ("Ann Lee-Ray", "Ann Lee")
    assert customer.emails == (ANN,)
    assert customer.phones == ("+8613912345671", "+8613812345670")
    newest = shop.database.cursor().execute("SELECT name, email, phone FROM contacts").fetchall()
    assert newest == [("Ann Lee-Ray", ANN, "+8613912345671")]


def test_several_addresses_in_one_file_are_all_kept(shop: Shop, tmp_path: Path) -> None:
    rows = [own(1, who="17", email=ANN), own(2, who="17", email=BOB), own(3, who="17", email=ANN, name="Ann")]
    at(shop, tmp_path, "own.csv", OWN, rows)
    customer = person(shop.database, "17")
    assert customer.emails == (ANN, BOB)
    assert sum(key.orders for key in customer.keys) == 3


def test_the_owner_s_choice_is_shown(shop: Shop, tmp_path: Path) -> None:
    at(shop, tmp_path, "own.csv", OWN, [own(1, email=ANN), own(2, email=BOB)])
    ann, bob = ids(shop)
    identities.join(shop.database, ann, bob, STAMP)
    assert [key.said for key in person(shop.database, ann).keys] == ["join", "join"]
    identities.split(shop.database, bob, STAMP)
    assert [(key.alias, key.said) for key in person(shop.database, bob).keys] == [(bob, "split")]


def test_a_customer_with_one_id(shop: Shop, tmp_path: Path) -> None:
    at(shop, tmp_path, "own.csv", OWN, [own(1, who="Ann")])
    (key,) = person(shop.database, "Ann").keys
    assert key == PersonKey("Ann", "number", "Ann", ("own.csv",), 1)
