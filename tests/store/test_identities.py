"""One person, one customer: files of several channels in any order, undo, joins and splits."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loyalty.intake.decisions import Answers
from loyalty.intake.identity import hashed_id
from loyalty.shop.settings import changed
from loyalty.shop.shop import Shop
from loyalty.store import identities, imports
from loyalty.store.errors import AlreadyOnePerson, NoSuchChoice, NoSuchPerson, NothingToSplit
from tests.intake.builders import (
    SHOPIFY,
    STAMP,
    YOUZAN,
    bring,
    figures,
    save,
    shopify_order,
    text_of,
    youzan_order,
)

OWN = ["Order", "Customer number", "Name", "E-mail", "Phone", "Date", "Product", "Amount"]
ANN, BOB = "ann@example.com", "bob@example.com"
PHONE, OTHER = "138 1234 5670", "13912345671"


def shopify(number: int, email: str, phone: str = "", **cells: str) -> list[dict[str, str]]:
    """One paid order of 10.00 at Shopify, in a shop of China."""
    amounts = {"Subtotal": "10.00", "Total": "10.00", "Currency": "CNY", "Phone": phone}
    return shopify_order(1000 + number, email, ("Tea", "1", "10.00"), **{**amounts, **cells})


def own(number: int, *, who: str = "", name: str = "", email: str = "", phone: str = "") -> dict[str, str]:
    """One sale of 10.00 in a table of the owner's own."""
    cells = [f"S{number}", who, name, email, phone, f"2025-04-{number % 28 + 1:02d}", "Tea", "10.00"]
    return dict(zip(OWN, cells, strict=True))


def at(shop: Shop, folder: Path, name: str, header: Sequence[str], rows: Sequence[dict[str, str]]) -> int:
    """Bring a file in; returns the import's number."""
    return bring(shop, save(folder, name, text_of(header, rows))).import_id


def mapping(shop: Shop) -> dict[str, str]:
    """alias to customer_id."""
    return dict(shop.database.cursor().execute("SELECT alias, customer_id FROM identities").fetchall())


def ids(shop: Shop) -> list[str]:
    """customer_id of each order, by order number."""
    rows = shop.database.cursor().execute("SELECT customer_id FROM orders ORDER BY order_id").fetchall()
    return [customer_id for (customer_id,) in rows]


@pytest.fixture
def cny(shop: Shop) -> Shop:
    """A shop in China."""
    shop.save_settings(changed(shop.settings, currency="CNY"))
    return shop


def test_shopify_and_youzan_orders_of_one_customer(cny: Shop, tmp_path: Path) -> None:
    """Shopify knows Ann by e-mail and phone, 有赞 by phone alone: 3 orders of 10.00, one customer, who came back."""
    at(cny, tmp_path, "shop.csv", SHOPIFY, [*shopify(1, ANN, PHONE), *shopify(2, BOB)])
    assert figures(cny) == (2, 2, 20.0, 0, 0)
    youzan = [
        youzan_order(1003, "13812345670", "10.00", "茶(1件)"),
        youzan_order(1004, OTHER, "10.00", "茶(1件)"),
    ]
    at(cny, tmp_path, "youzan.csv", YOUZAN, youzan)
    assert figures(cny) == (3, 4, 40.0, 0, 1)


def test_phones_in_any_format_are_linked(cny: Shop, tmp_path: Path) -> None:
    """Five forms of one number, in five sales, and one of another."""
    forms = [
        "138 1234 5670",
        "+86 138-1234-5670",
        "008613812345670",
        "'13812345670",
        "8613812345670",
        "139 1234 5671",
    ]
    at(cny, tmp_path, "own.csv", OWN, [own(n, phone=form) for n, form in enumerate(forms, 1)])
    assert figures(cny) == (2, 6, 60.0, 0, 1)


def test_the_country_is_the_shop_s(shop: Shop, tmp_path: Path) -> None:
    shop.save_settings(changed(shop.settings, currency="GBP"))
    rows = [
        own(1, phone="+44 20 7946 0958"),
        own(2, phone="020 7946 0958"),
        own(3, phone="0044 (0)20 79460958"),
    ]
    at(shop, tmp_path, "own.csv", OWN, rows)
    assert figures(shop)[0] == 1


def test_a_file_s_currency_sets_the_country_of_a_new_shop(shop: Shop, tmp_path: Path) -> None:
    rows = [*shopify(1, "", "+86 13812345670"), *shopify(2, "", "13812345670")]
    at(shop, tmp_path, "shop.csv", SHOPIFY, rows)
    assert figures(shop)[:2] == (1, 2)


def test_never_by_name_alone(cny: Shop, tmp_path: Path) -> None:
    """Three called Ann Lee, by three addresses; one known by her name alone, in the place of a customer number."""
    rows = [own(n, name="Ann Lee", email=f"ann{n}@example.com") for n in (1, 2)]
    at(
        cny,
        tmp_path,
        "own.csv",
        OWN,
        [*rows, own(3, who="Ann Lee", name="Ann Lee", email="ann3@example.com")],
    )
    at(cny, tmp_path, "till.csv", OWN, [own(4, who="Ann Lee"), own(5, name="Ann Lee")])
    assert figures(cny) == (4, 5, 50.0, 1, 0)
    assert mapping(cny) == {}


def test_a_customer_number_joins_a_list_with_addresses_and_sales_without(cny: Shop, tmp_path: Path) -> None:
    at(cny, tmp_path, "web.csv", OWN, [own(1, who="17", email=ANN, phone=PHONE), own(2, who="18", email=BOB)])
    at(cny, tmp_path, "till.csv", OWN, [own(3, who="17"), own(4, phone="+86 13812345670"), own(5, who="19")])
    assert figures(cny) == (3, 5, 50.0, 0, 1)
    assert {ids(cny)[i] for i in (0, 2, 3)} == {ids(cny)[0]}


def test_a_list_of_customers_links_what_stands_on_its_rows(cny: Shop, tmp_path: Path) -> None:
    """Number 17 buys at the till, Ann by e-mail, her phone at 有赞; the list says that they are one. Undone, they are three."""
    at(cny, tmp_path, "till.csv", OWN, [own(1, who="17"), own(2, email=ANN)])
    at(cny, tmp_path, "youzan.csv", YOUZAN, [youzan_order(1003, "13812345670", "10.00", "茶(1件)")])
    assert figures(cny)[0] == 3
    text = f"Customer number,Name,E-mail,Phone,City\n17,Ann Lee,{ANN},+86 {PHONE},Lijiang\n"
    made = bring(cny, save(tmp_path, "list.csv", text), Answers(kind="customers"))
    assert (made.kind, made.accepted) == ("customers", 1)
    assert figures(cny)[:3] == (1, 3, 30.0)
    imports.undo(cny.database, made.import_id, STAMP)
    assert figures(cny)[0] == 3


def test_an_undone_import_takes_its_merge_back(cny: Shop, tmp_path: Path) -> None:
    at(cny, tmp_path, "youzan.csv", YOUZAN, [youzan_order(1003, "13812345670", "10.00", "茶(1件)")])
    at(cny, tmp_path, "plain.csv", OWN, [own(1, email=ANN)])
    before, apart = cny.database.fingerprint(), ids(cny)
    assert len(set(apart)) == 2
    link = at(cny, tmp_path, "shop.csv", SHOPIFY, shopify(1, ANN, PHONE))
    assert len(set(ids(cny))) == 1
    imports.undo(cny.database, link, STAMP)
    assert (cny.database.fingerprint(), ids(cny), mapping(cny)) == (before, apart, {})


def test_a_courier_s_phone_joins_nobody_and_is_listed(cny: Shop, tmp_path: Path) -> None:
    rows = [own(n, email=f"p{n}@example.com", phone=PHONE) for n in range(1, 5)]
    at(cny, tmp_path, "own.csv", OWN, [*rows, own(6, phone=PHONE)])
    assert figures(cny)[0] == 5
    (key,) = identities.shared_aliases(cny.database.cursor())
    assert (key.kind, key.beside, key.count) == ("phone", "email", 4)


@pytest.mark.parametrize(
    ("email", "phone"),
    [
        ("", "13800000000"),
        ("", "13800138000"),
        ("", "00000000"),
        ("", "12345678"),
        ("noreply@shop.example", ""),
        ("guest@example.com", "11111111111"),
        ("a***@example.com", "138****5670"),
    ],
)
def test_what_names_nobody_stays_anonymous(cny: Shop, tmp_path: Path, email: str, phone: str) -> None:
    at(cny, tmp_path, "own.csv", OWN, [own(1, email=email, phone=phone), own(2, email=email, phone=phone)])
    assert figures(cny) == (0, 2, 20.0, 2, 0)


def test_rows_that_name_ann_by_a_placeholder_too_do_not_join_her_to_others(cny: Shop, tmp_path: Path) -> None:
    at(
        cny,
        tmp_path,
        "own.csv",
        OWN,
        [own(1, email=ANN, phone="13800000000"), own(2, email=BOB, phone="13800000000")],
    )
    assert figures(cny)[0] == 2


def test_a_join_is_kept_through_files_to_come_and_can_be_taken_back(cny: Shop, tmp_path: Path) -> None:
    at(cny, tmp_path, "own.csv", OWN, [own(1, email=ANN), own(2, email=BOB)])
    ann, bob = ids(cny)
    version = cny.database.data_version()
    made = identities.join(cny.database, bob, ann, STAMP)
    assert cny.database.data_version().sales != version.sales
    assert figures(cny) == (1, 2, 20.0, 0, 1)
    with pytest.raises(AlreadyOnePerson):
        identities.join(cny.database, ann, bob, STAMP)
    at(cny, tmp_path, "more.csv", OWN, [own(3, email=BOB, phone=OTHER), own(4, phone=OTHER)])
    assert figures(cny) == (1, 4, 40.0, 0, 1)
    identities.undo_choice(cny.database, made.choice_id, STAMP)
    assert figures(cny) == (2, 4, 40.0, 0, 1)
    with pytest.raises(NoSuchChoice):
        identities.undo_choice(cny.database, made.choice_id, STAMP)
    (kept,) = identities.choices(cny.database.cursor())
    assert (kept.choice, kept.alias, kept.other, kept.undone_at) == ("join", bob, ann, STAMP)


def test_a_split_holds_whatever_files_show_later(cny: Shop, tmp_path: Path) -> None:
    """Ann and Bob share a phone; the owner knows that they are two."""
    rows = [own(1, email=ANN, phone=PHONE), own(2, email=BOB, phone=PHONE)]
    at(cny, tmp_path, "own.csv", OWN, rows)
    head = ids(cny)[0]
    assert ids(cny) == [head, head]
    bob = hashed_id(cny.database.salt, "email", BOB)
    made = identities.split(cny.database, bob, STAMP)
    assert len(set(ids(cny))) == 2
    at(cny, tmp_path, "more.csv", OWN, [own(3, email=BOB, phone=PHONE), own(4, phone=PHONE)])
    aliases = ids(cny)
    assert aliases[1] == aliases[2] == bob
    assert aliases[0] == aliases[3] != bob
    with pytest.raises(NothingToSplit):
        identities.split(cny.database, bob, STAMP)
    identities.undo_choice(cny.database, made.choice_id, STAMP)
    assert len(set(ids(cny))) == 1


def test_choices_need_existing_customers(cny: Shop, tmp_path: Path) -> None:
    at(cny, tmp_path, "own.csv", OWN, [own(1, email=ANN)])
    with pytest.raises(NoSuchPerson, match="There is no customer “nobody”"):
        identities.join(cny.database, ids(cny)[0], "nobody", STAMP)
    with pytest.raises(NoSuchPerson):
        identities.split(cny.database, "nobody", STAMP)
    with pytest.raises(NothingToSplit):
        identities.split(cny.database, ids(cny)[0], STAMP)


def test_any_id_that_ever_was_a_person_s_leads_to_them(cny: Shop, tmp_path: Path) -> None:
    """The phone named Ann until her e-mail came."""
    at(cny, tmp_path, "youzan.csv", YOUZAN, [youzan_order(1003, "13812345670", "10.00", "茶(1件)")])
    (old,) = ids(cny)
    at(cny, tmp_path, "shop.csv", SHOPIFY, shopify(1, ANN, PHONE))
    (now,) = set(ids(cny))
    assert now == hashed_id(cny.database.salt, "email", ANN) != old
    assert (
        identities.current_id(cny.database.cursor(), old)
        == now
        == identities.current_id(cny.database.cursor(), now)
    )


EMAILS = [f"p{n}@example.com" for n in range(5)]
PHONES = [f"1391234567{n}" for n in range(4)]
SALES = st.lists(
    st.tuples(
        st.sampled_from(["", *EMAILS]),
        st.sampled_from(["", *PHONES]),
        st.sampled_from(["", "C1", "C2", "C3"]),
    ),
    min_size=1,
    max_size=6,
)


@given(files=st.lists(SALES, min_size=2, max_size=4), chance=st.randoms(use_true_random=False))
@settings(
    deadline=None,
    derandomize=True,
    max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_files_in_any_order_give_the_same_people(
    files: list[list[tuple[str, str, str]]], chance: object, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """And merging moves no money: what all spent is the number of sales times 10."""
    folder = tmp_path_factory.mktemp("order")
    number = itertools.count(1)
    paths = [
        save(
            folder, f"{n}.csv", text_of(OWN, [own(next(number), email=e, phone=p, who=w) for e, p, w in file])
        )
        for n, file in enumerate(files)
    ]
    aliases = []
    for turn in range(2):
        with Shop.open(folder / str(turn)) as shop:
            shop.save_settings(changed(shop.settings, currency="CNY"))
            for path in paths:
                bring(shop, path)
            aliases.append((mapping(shop), ids(shop), figures(shop), shop.database.fingerprint()["orders"]))
            if turn:
                identities_before = mapping(shop)
                with shop.database.writing() as cursor:
                    identities.update_identities(cursor)
                assert mapping(shop) == identities_before
        chance.shuffle(paths)  # type: ignore[attr-defined]
    assert aliases[0] == aliases[1]
    mapped, named, (customers, orders, revenue, anonymous, _), _ = aliases[0]
    sales = sum(map(len, files))
    assert (orders, revenue) == (sales, 10.0 * sales)
    assert customers == len({customer for customer in named if customer is not None})
    assert anonymous == sum(sale == ("", "", "") for file in files for sale in file)
    assert not set(mapped) & set(mapped.values())
