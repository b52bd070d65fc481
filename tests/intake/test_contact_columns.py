"""Columns that name people: ids, addresses, and which ids stood on one row."""

from __future__ import annotations

import pyarrow as pa

from loyalty.intake.contact_columns import ContactReader
from loyalty.intake.identity import hashed_id
from loyalty.intake.sources import generic, jd, square, youzan


def columns(**cells: list[str]) -> dict[str, pa.Array]:
    return {name: pa.array(values, pa.string()) for name, values in cells.items()}


def test_each_row_gets_its_customer_and_each_pair_is_noted_once() -> None:
    reader = ContactReader(generic.SOURCE, "salt", "GB")
    text = columns(
        customer_id=["7", "7", "", "8", ""],
        email=["Ann@Example.com", "ann@example.com", "", "", ""],
        phone=["020 7946 0958", "+44 20 79460958", "02079460958", "139****0001", ""],
    )
    contacts = reader.columns(text, 5)
    ann, phone = hashed_id("salt", "email", "ann@example.com"), hashed_id("salt", "phone", "+442079460958")
    assert contacts["customer_id"].to_pylist() == [ann, ann, phone, "8", None]
    assert contacts["email"].to_pylist() == ["ann@example.com"] * 2 + [None] * 3
    assert contacts["phone"].to_pylist() == ["+442079460958"] * 3 + [None] * 2
    links = [("email", "number", "7"), ("email", "phone", phone)]
    assert sorted(
        (row["kind"], row["other_kind"], row["other"]) for row in reader.links().to_pylist()
    ) == sorted(links)
    assert set(reader.links()["alias"].to_pylist()) == {ann}
    again = reader.columns(text, 5)
    assert again["customer_id"] == contacts["customer_id"]
    assert reader.links().num_rows == 2


def test_a_reference_with_an_address_is_contact_data_where_there_is_no_other() -> None:
    contacts = ContactReader(generic.SURVEY, "salt").columns(columns(customer_id=["ann@example.com", "7"]), 2)
    assert contacts["email"].to_pylist() == ["ann@example.com", None]


def test_sales_without_buyers_are_anonymous() -> None:
    reader = ContactReader(square.SOURCE, "salt")
    assert reader.columns({}, 2)["customer_id"].to_pylist() == [None, None]
    assert reader.columns({}, 0)["customer_id"].to_pylist() == []
    assert reader.links().num_rows == 0


def test_a_chinese_platform_implies_its_country() -> None:
    """Whatever the shop's own country is."""
    contacts = ContactReader(youzan.SOURCE, "salt", "GB").columns(columns(phone=["138 1234 5670"]), 1)
    assert contacts["phone"].to_pylist() == ["+8613812345670"]


def test_platform_accounts_and_own_customer_numbers_differ() -> None:
    reader = ContactReader(square.SOURCE, "salt")
    assert reader.columns(columns(customer_id=["7"]), 1)["customer_id"].to_pylist() == ["square:7"]


def test_a_parcel_s_receiver_is_not_linked_to_the_buying_account() -> None:
    reader = ContactReader(jd.SOURCE, "salt")
    reader.columns(columns(customer_id=["小明", "小明"], phone=["13812345670", "13912345671"]), 2)
    assert reader.links().num_rows == 0
