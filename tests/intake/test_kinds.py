"""The kinds hold together: their fields, rows, needs and words; and a file's headings tell which kind it is of."""

from __future__ import annotations

import pytest

from loyalty.intake import canonical
from loyalty.intake.errors import BadAnswer
from loyalty.intake.heading_words import HEADING_WORDS, guess_columns, kind_by_headings
from loyalty.intake.kinds import KINDS, kind_named
from loyalty.intake.sources import generic
from loyalty.intake.sources.registry import SOURCES
from loyalty.words import LANGUAGES, words_for
from tests.intake.builders import GENERIC


def test_the_names_are_those_of_the_command_line() -> None:
    assert list(KINDS) == ["orders", "customers", "feedback", "events", "referrals", "spend"]
    assert list(generic.BY_KIND) == ["orders", "feedback", "customers", "events", "referrals", "spend"]
    with pytest.raises(
        BadAnswer, match=r"“shoes” is no choice for kind; choose one of: orders, customers, feedback"
    ):
        kind_named("shoes")


def test_a_sale_s_columns_are_those_that_rows_of_sales_have() -> None:
    """All but the reference that payments carry to their order: a platform's own affair."""
    every = {*canonical.TEXT_FIELDS, *canonical.NUMBER_FIELDS, "ordered_at"} - {"order_reference"}
    assert set(KINDS["orders"].names) == every
    assert set(KINDS["orders"].of_type("number")) == set(canonical.NUMBER_FIELDS)


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_is_consistent(name: str) -> None:
    kind = KINDS[name]
    assert len(set(kind.names)) == len(kind.names)
    assert kind.anchor in kind.rows.names
    assert kind.moment in kind.rows.names
    assert {wanted for need in kind.needs for wanted in need.names} <= set(kind.names)
    assert set(kind.words.values()) <= set(kind.choices)
    assert bool(kind.of_type("word")) == bool(kind.choices) == bool(kind.ask)
    assert HEADING_WORDS[name].keys() <= set(kind.names)
    assert {len(field.examples) for field in kind.fields} == {0, 2}
    by_hand = {field.name for field in kind.fields if field.examples}
    assert all(by_hand & set(need.names) for need in kind.needs)


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if kind.words])
def test_every_meaning_has_words(name: str) -> None:
    kind = KINDS[name]
    assert set(kind.words.values()) == set(kind.choices)
    assert all(word == word.casefold().strip() for word in kind.words)
    assert all(choice in kind.words for choice in kind.choices)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", KINDS)
def test_the_documented_headings_are_read_back(name: str, language: str) -> None:
    kind, words = KINDS[name], words_for(language)
    headings = {words.say(field.title): field.name for field in kind.fields}
    assert {
        column: field for field, column in guess_columns(list(headings), HEADING_WORDS[name]).items()
    } == headings
    assert kind_by_headings(list(headings)) == name


@pytest.mark.parametrize(
    ("headings", "kind"),
    [
        ("E-mail,Birthday", "customers"),
        ("First Name,Last Name,Email,Total Spent,Last order date,Tags", "customers"),
        ("Customer,Type,Created at,Email", "customers"),
        ("Customer,Date", "orders"),  # a person and a date, but nothing more: asked for the amount
        ("email,name", "customers"),
        ("会员号,手机号,生日,标签", "customers"),
        ("Kundennummer,Geburtstag,Ort", "customers"),
        ("Email,Created at,Total", "orders"),
        ("Order,Customer,Date,Total,City,Tags", "orders"),
        ("Customer,Date,Price,City", "orders"),
        ("Date,Customer,Product,City", "orders"),
        ("Customer,City,Date,Quantity,Product", "orders"),
        ("date,email,score,comment", "feedback"),
        ("title,body,rating,review_date,reviewer_name,reviewer_email,product_id", "feedback"),
        ("评价时间,星级,评价内容,手机号", "feedback"),
        ("date,email,total,score", "orders"),
        ("Time,Event,User,URL", "events"),
        ("时间,行为,用户,停留时长（秒）", "events"),
        ("Date,Customer,Action,Amount", "orders"),
        ("referrer,friend,date", "referrals"),
        ("推荐人,被推荐人,日期", "referrals"),
        ("Date,Referred by,New customer,Total", "orders"),
        ("Month,Channel,Spend", "spend"),
        ("月份,渠道,花费", "spend"),
        ("Day,Campaign name,Amount spent (EUR)", "spend"),
        ("Date,Channel,Revenue", "orders"),
        ("Date,Customer,Cost", "orders"),
        ("who,when,paid", "orders"),
    ],
)
def test_headings_determine_the_kind(headings: str, kind: str) -> None:
    assert kind_by_headings(headings.split(",")) == kind


def test_a_table_of_sales_stays_one() -> None:
    assert kind_by_headings(GENERIC) == "orders"


def test_similar_headings_are_no_birthday_or_tag() -> None:
    columns = guess_columns(
        ["Email", "Created by", "Birthday present sent", "Tags updated"], HEADING_WORDS["customers"]
    )
    assert columns == {"email": "Email"}


def test_no_two_sources_of_a_kind_share_a_name() -> None:
    assert len({(source.name, source.kind) for source in SOURCES}) == len(SOURCES)
