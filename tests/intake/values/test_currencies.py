"""Which currency rows are in: columns, marks at amounts, platforms; what is vague is asked, what is none set aside."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from loyalty.intake.decisions import Answers, Question
from loyalty.intake.values.currencies import code_of, mark_in
from loyalty.shop.shop import Shop
from loyalty.store import rates
from loyalty.words.message import Message
from tests.intake.builders import STAMP, bring, figures, save, text_of

HEADER = ["Order", "Date", "Total", "Currency"]


def table(*cells: tuple[str, str]) -> str:
    """Sales of 1 March on, a day each, from (total, currency)."""
    rows = [
        {"Order": f"A{n}", "Date": f"2025-03-{n:02d}", "Total": total, "Currency": code}
        for n, (total, code) in enumerate(cells, 1)
    ]
    return text_of(HEADER, rows)


def asked(shop: Shop, path: Path, answers: Answers | None = None) -> tuple[Question, ...]:
    """What is asked of a file."""
    with shop.open_import(path, answers) as file:
        return file.plan.questions


def net_by_order(shop: Shop) -> dict[str, tuple[str | None, float | None]]:
    """Currency and net revenue by order."""
    rows = (
        shop.database.cursor()
        .execute("SELECT order_id, currency, net::DOUBLE FROM orders ORDER BY 1")
        .fetchall()
    )
    return {number: (currency, net) for number, currency, net in rows}


def home(shop: Shop, currency: str) -> None:
    """Choose the shop's currency."""
    shop.save_settings(replace(shop.settings, currency=currency))


CODES: dict[str, str | None] = {
    "eur": "EUR",
    " USD ": "USD",
    "€": "EUR",
    "£": "GBP",
    "US$": "USD",
    "rmb": "CNY",
    "人民币": "CNY",
    "$": None,
    "¥": None,
    "kr.": None,
}


@pytest.mark.parametrize(("word", "code"), CODES.items())
def test_words_for_currencies(word: str, code: str | None) -> None:
    assert code_of(word) == code


def test_other_words_are_none() -> None:
    message = code_of("euros")
    assert isinstance(message, Message)
    assert message.english() == "“euros” is no currency code such as EUR, USD or CNY"


@pytest.mark.parametrize(
    ("amount", "mark"),
    [
        ("116,99 €", "€"),
        ("-$5.00", "$"),
        ("$ 5", "$"),
        ("5.00", ""),
        ("", ""),
        ("EUR 5", "EUR"),
        ("(US$5)", "US$"),
    ],
)
def test_marks_at_amounts(amount: str, mark: str) -> None:
    assert mark_in(amount) == mark


def test_currencies_from_a_column_of_codes_with_one_invalid_word(tmp_path: Path, shop: Shop) -> None:
    home(shop, "USD")
    path = save(tmp_path, "a.csv", table(("5", "eur"), ("6", "USD"), ("7", ""), ("8", "euros"), ("9", "£")))
    record = bring(shop, path)
    assert (record.accepted, record.rejected) == (4, 1)
    assert net_by_order(shop) == {
        "A1": ("EUR", None),
        "A2": ("USD", 6.0),
        "A3": (None, 7.0),
        "A5": ("GBP", None),
    }


def test_an_empty_cell_is_the_shop_s_own_once_it_has_one(tmp_path: Path, shop: Shop) -> None:
    """In the first file it is the currency of the others, which becomes the shop's."""
    bring(shop, save(tmp_path, "a.csv", table(("5", "EUR"), ("6", ""))))
    assert net_by_order(shop) == {"A1": ("EUR", 5.0), "A2": ("EUR", 6.0)}
    bring(shop, save(tmp_path, "b.csv", table(("5", "USD"), ("6", "")).replace("A", "B")), Answers())
    assert {k: v for k, v in net_by_order(shop).items() if k > "B"} == {
        "B1": ("USD", None),
        "B2": (None, 6.0),
    }


def test_currency_marks_replace_a_currency_column(tmp_path: Path, shop: Shop) -> None:
    """A German table with € behind each amount, brought to a shop in dollars, is no table of dollars."""
    home(shop, "USD")
    text = "Bestellnummer;Datum;Gesamt\n1;2025-03-01;10,50 €\n2;2025-03-02;9,00 €\n"
    with shop.open_import(save(tmp_path, "a.csv", text)) as file:
        assert [note.english() for note in file.notes()] == [
            "Rows in EUR: 2. You have entered no rate from EUR to USD yet: these sales are taken in and wait; no figure "
            "counts them until you enter one."
        ]
        file.run(STAMP)
    assert net_by_order(shop) == {"1": ("EUR", None), "2": ("EUR", None)}
    rates.save_rates(shop.database, [rates.parse_rate("EUR", "2025-03", "1.1", "USD")])
    assert figures(shop)[2] == pytest.approx(1.1 * 19.5)


def test_rows_of_one_table_may_differ_by_their_marks(tmp_path: Path, shop: Shop) -> None:
    home(shop, "GBP")
    bring(
        shop,
        save(
            tmp_path, "a.csv", "Order,Date,Total\n1,2025-03-01,£5.00\n2,2025-03-02,€6.00\n3,2025-03-03,7.00\n"
        ),
    )
    assert net_by_order(shop) == {"1": ("GBP", 5.0), "2": ("EUR", None), "3": (None, 7.0)}


@pytest.mark.parametrize("own", ["USD", "CAD", ""])
def test_a_dollar_sign_means_the_shop_currency_where_possible(own: str, tmp_path: Path, shop: Shop) -> None:
    if own:
        home(shop, own)
    bring(shop, save(tmp_path, "a.csv", "Order,Date,Total\n1,2025-03-01,$5.00\n"))
    assert net_by_order(shop) == {"1": (None, 5.0)}


def test_a_dollar_is_asked_about_where_it_cannot(tmp_path: Path, shop: Shop) -> None:
    home(shop, "EUR")
    path = save(tmp_path, "a.csv", "Order,Date,Total\n1,2025-03-01,$5.00\n2,2025-03-02,$6.00\n")
    (question,) = asked(shop, path)
    assert (question.key, question.options[:3]) == ("currency", ("USD", "CAD", "AUD"))
    assert question.text.english() == "Amounts are marked with “$”. Which currency is that?"
    bring(shop, path, Answers(currency="CAD"))
    assert net_by_order(shop) == {"1": ("CAD", None), "2": ("CAD", None)}
    later = save(tmp_path, "b.csv", "Order,Date,Total\n3,2025-04-01,$5.00\n")
    assert asked(shop, later) == ()


def test_several_currencies_and_none_of_the_shop_s_are_asked_about(tmp_path: Path, shop: Shop) -> None:
    path = save(tmp_path, "a.csv", table(("5", "EUR"), ("6", "USD"), ("7", "$")))
    (question,) = asked(shop, path)
    assert (question.key, question.options[:3]) == ("currency", ("EUR", "USD", "CAD"))
    assert question.text.english().startswith(
        "This file is in EUR, USD, $. Which one is the shop's currency?"
    )
    bring(shop, path, Answers(currency="EUR"))
    assert shop.settings.currency == "EUR"
    assert net_by_order(shop) == {"A1": ("EUR", 5.0), "A2": ("USD", None), "A3": ("EUR", 7.0)}


def test_notes_give_rows_and_rates(tmp_path: Path, shop: Shop) -> None:
    """Three rows in euros at two rates, one in pounds without any; a new rate shows at once."""
    home(shop, "USD")
    rates.save_rates(
        shop.database,
        [
            rates.parse_rate("EUR", "2025-01", "1.05", "USD"),
            rates.parse_rate("EUR", "2025-03", "1.08", "USD"),
        ],
    )
    path = save(tmp_path, "a.csv", table(("5", "EUR"), ("6", "eur"), ("7", "€"), ("8", "GBP"), ("9", "USD")))
    with shop.open_import(path) as file:
        converted, waiting = (note.english() for note in file.notes())
        assert (
            converted
            == "Rows in EUR: 3. They are converted to USD by your rates: 1.05 (2025-01), 1.08 (2025-03)."
        )
        assert waiting.startswith("Rows in GBP: 1. You have entered no rate from GBP to USD yet")
        rates.save_rates(shop.database, [rates.parse_rate("GBP", "2025-01", "1.25", "USD")])
        assert (
            file.notes()[1].english()
            == "Rows in GBP: 1. They are converted to USD by your rates: 1.25 (2025-01)."
        )


def test_the_first_currency_is_noted_as_the_shop_s(tmp_path: Path, shop: Shop) -> None:
    with shop.open_import(save(tmp_path, "a.csv", table(("5", "EUR")))) as file:
        assert [note.english() for note in file.notes()] == [
            "The shop has no currency yet. It becomes EUR, as this file is in it."
        ]
        file.run(STAMP)
    with shop.open_import(save(tmp_path, "b.csv", table(("6", "EUR")))) as file:
        assert file.notes() == ()


def test_rows_without_a_number_keep_their_name_whatever_the_shop_s_currency(
    tmp_path: Path, shop: Shop
) -> None:
    """A "$" that was the shop's own before its currency was known is the same sale when the table comes again."""
    first = "Date,Customer,Total\n2025-03-01,ann,$5.00\n"
    bring(shop, save(tmp_path, "a.csv", first))
    home(shop, "USD")
    again = bring(shop, save(tmp_path, "b.csv", first + "2025-03-02,ann,$6.00\n"))
    assert (again.accepted, again.duplicates) == (1, 1)
    assert sum(net or 0 for _, net in net_by_order(shop).values()) == Decimal(11)
