"""Phone numbers of earlier files are linked to those of later ones once the shop's country is set."""

from __future__ import annotations

from pathlib import Path

from loyalty.intake.identity import hashed_id
from loyalty.shop.settings import changed
from loyalty.shop.shop import Shop
from tests.intake.builders import SHOPIFY, YOUZAN, figures, youzan_order
from tests.store.test_identities import ANN, OWN, PHONE, at, mapping, own, shopify


def test_a_country_set_later_holds_for_earlier_files(shop: Shop, tmp_path: Path) -> None:
    """While nothing tells the country, the two are two; then they are one, and figures notice."""
    at(shop, tmp_path, "own.csv", OWN, [own(1, phone="020 7946 0958"), own(2, phone="+44 20 7946 0958")])
    assert figures(shop)[0] == 2
    before = shop.database.data_version()
    shop.save_settings(changed(shop.settings, country="GB"))
    assert figures(shop)[0] == 1
    assert shop.database.data_version().sales != before.sales
    at(shop, tmp_path, "more.csv", OWN, [own(3, phone="(020) 79460958")])
    assert figures(shop)[:2] == (1, 3)


def test_contacts_from_before_there_were_links_get_theirs(shop: Shop, tmp_path: Path) -> None:
    """A shop of the version before: no links, phones as digits. Opened again, Ann is one."""
    shop.save_settings(changed(shop.settings, currency="CNY"))
    at(shop, tmp_path, "shop.csv", SHOPIFY, shopify(1, ANN, PHONE))
    at(shop, tmp_path, "youzan.csv", YOUZAN, [youzan_order(1003, "13812345670", "10.00", "茶(1件)")])
    with shop.database.writing() as cursor:
        old = hashed_id(shop.database.salt, "phone", "13812345670")
        new = hashed_id(shop.database.salt, "phone", "+8613812345670")
        cursor.execute("DELETE FROM link_versions")
        cursor.execute("DELETE FROM identities")
        cursor.execute("DELETE FROM meta WHERE key = 'phones_of'")
        cursor.execute("UPDATE contact_versions SET phone = '13812345670', line = NULL")
        for table in ("contact_versions", "order_versions", "order_heads"):
            cursor.execute(f"UPDATE {table} SET customer_id = ? WHERE customer_id = ?", [old, new])
    assert figures(shop)[0] == 2
    folder = shop.folder
    shop.close()
    with Shop.open(folder) as again:
        assert figures(again) == (1, 2, 20.0, 0, 1)
        assert set(mapping(again)) == {old, new}
        version = again.database.data_version()
    with Shop.open(folder) as third:
        assert third.database.data_version() == version
