"""What a file leaves open is asked, once; what it proves is not; answers are kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from loyalty.errors import OwnerError
from loyalty.intake import errors
from loyalty.intake.decisions import Answers, Question
from loyalty.intake.sources.registry import SOURCES
from loyalty.shop.shop import Shop
from tests.intake.builders import GENERIC, STAMP, bring, figures, generic_row, nets, save, text_of


def sales(*dates: str, price: str = "5.00") -> str:
    """A sale on each of the dates as written."""
    return text_of(
        GENERIC, [generic_row(n, "Ann", "Tea", "1", price, Date=at) for n, at in enumerate(dates, 1)]
    )


def questions(shop: Shop, path: Path, answers: Answers | None = None) -> tuple[Question, ...]:
    """What the file leaves open."""
    with shop.open_import(path, answers) as file:
        return file.plan.questions


def days(shop: Shop) -> list[str]:
    """Days of the orders that stand."""
    rows = (
        shop.database.cursor()
        .execute("SELECT strftime(ordered_at, '%Y-%m-%d') FROM orders ORDER BY 1")
        .fetchall()
    )
    return [day for (day,) in rows]


def test_dates_that_could_be_either_are_asked(tmp_path: Path, shop: Shop) -> None:
    path = save(tmp_path, "a.csv", sales("03/04/2025", "05/06/2025", "07/07/2025"))
    (question,) = questions(shop, path)
    assert (question.key, question.column, question.options) == ("date_order", "Date", ("DMY", "MDY"))
    assert question.text.english() == "Dates such as 03/04/2025: does the day or the month come first?"
    assert figures(shop) == (0, 0, 0.0, 0, 0)
    bring(shop, path, Answers(date_order="DMY"))
    assert days(shop) == ["2025-04-03", "2025-06-05", "2025-07-07"]


def test_an_answer_is_remembered_for_the_next_file_with_these_headings(tmp_path: Path, shop: Shop) -> None:
    bring(shop, save(tmp_path, "a.csv", sales("03/04/2025")), Answers(date_order="MDY"))
    moved = save(
        tmp_path,
        "b.csv",
        text_of(list(reversed(GENERIC)), [generic_row(9, "Ann", "Tea", "1", "5", Date="01/02/2025")]),
    )
    bring(shop, moved)
    assert days(shop) == ["2025-01-02", "2025-03-04"]


def test_what_a_file_proves_goes_before_saved_answers(tmp_path: Path, shop: Shop) -> None:
    bring(shop, save(tmp_path, "a.csv", sales("03/04/2025")), Answers(date_order="MDY"))
    rows = [
        generic_row(8, "Ann", "Tea", "1", "5", Date="05/06/2025"),
        generic_row(9, "Ann", "Tea", "1", "5", Date="20/06/2025"),
    ]
    bring(shop, save(tmp_path, "b.csv", text_of(GENERIC, rows)))
    assert days(shop) == ["2025-03-04", "2025-06-05", "2025-06-20"]
    third = save(
        tmp_path, "c.csv", text_of(GENERIC, [generic_row(10, "Ann", "Tea", "1", "5", Date="07/08/2025")])
    )
    bring(shop, third)
    assert days(shop)[-1] == "2025-07-08"  # the answer of the first file still holds


@pytest.mark.parametrize(
    ("dates", "read"),
    [
        (("03/04/2025", "13/04/2025"), ["2025-04-03", "2025-04-13"]),
        (("03/04/2025", "04/13/2025"), ["2025-03-04", "2025-04-13"]),
        (("2025年3月4日", "2025/3/5"), ["2025-03-04", "2025-03-05"]),
        (("45720", "45721.5"), ["2025-03-04", "2025-03-05"]),
    ],
)
def test_dates_that_prove_their_order_are_not_asked(
    dates: tuple[str, ...], read: list[str], tmp_path: Path, shop: Shop
) -> None:
    bring(shop, save(tmp_path, "a.csv", sales(*dates)))
    assert days(shop) == read


def test_two_date_orders_in_one_file_are_asked_and_misfits_rejected(tmp_path: Path, shop: Shop) -> None:
    path = save(tmp_path, "a.csv", sales("13/04/2025", "04/13/2025", "03/04/2025"))
    (question,) = questions(shop, path)
    assert question.key == "date_order"
    assert question.text.english().startswith(
        "This file has dates both ways round (13/04/2025, 04/13/2025, 03/04/2025)."
    )
    record = bring(shop, path, Answers(date_order="DMY"))
    assert (record.accepted, record.rejected) == (2, 1)
    assert days(shop) == ["2025-04-03", "2025-04-13"]


def test_a_thousand_or_a_little_over_one_is_asked(tmp_path: Path, shop: Shop) -> None:
    path = save(tmp_path, "a.csv", sales("2025-03-04", price="1,234"))
    (question,) = questions(shop, path)
    assert (question.key, question.options) == ("decimal", (".", ","))
    assert question.text.english() == "Numbers such as 1,234: which mark stands before the decimals?"
    bring(shop, path, Answers(decimal="."))
    assert nets(shop) == {"00001": 1234.0}


def test_a_decimal_mark_that_is_proven_is_not_asked(tmp_path: Path, shop: Shop) -> None:
    rows = [generic_row(1, "Ann", "Tea", "1", "1,234"), generic_row(2, "Ann", "Tea", "1", "0,50")]
    bring(shop, save(tmp_path, "a.csv", text_of(GENERIC, rows)))
    assert nets(shop) == {"00001": 1.234, "00002": 0.5}


def test_columns_that_are_missing_are_asked(tmp_path: Path, shop: Shop) -> None:
    path = save(tmp_path, "a.csv", "alpha,beta\n1,2\n")
    (question,) = questions(shop, path)
    assert (question.key, question.options) == ("mapping", ("alpha", "beta"))


@pytest.mark.parametrize(
    ("answers", "kind", "sentence"),
    [
        (
            Answers(source="etsyy"),
            errors.UnknownSource,
            f"“etsyy” is not a platform this app knows. It knows: {', '.join(source.name for source in SOURCES)}.",
        ),
        (
            Answers(mapping={"order_id": "Nope"}),
            errors.UnknownColumn,
            "The file has no column “Nope”. Its columns are: Invoice No, Customer, Date, Product, Qty, Unit Price, Status, Refunded, Remark.",
        ),
        (
            Answers(date_order="XYZ"),
            errors.BadAnswer,
            "“XYZ” is no choice for date_order; choose one of: DMY, MDY, YMD.",
        ),
        (Answers(decimal="'"), errors.BadAnswer, "“'” is no choice for decimal; choose one of: ., ,."),
        (
            Answers(statuses={"paid": "maybe"}),
            errors.BadAnswer,
            "“maybe” is no choice for status; choose one of: paid, unpaid, cancelled, refunded.",
        ),
    ],
)
def test_a_wrong_answer_lists_the_valid_ones(
    answers: Answers, kind: type[OwnerError], sentence: str, tmp_path: Path, shop: Shop
) -> None:
    path = save(tmp_path, "a.csv", sales("2025-03-04"))
    with pytest.raises(kind) as caught, shop.open_import(path, answers):
        pass
    assert caught.value.message.english() == sentence


def test_an_unknown_field_is_refused(tmp_path: Path, shop: Shop) -> None:
    path = save(tmp_path, "a.csv", sales("2025-03-04"))
    with (
        pytest.raises(errors.UnknownField, match="“shoe_size” is nothing this app reads"),
        shop.open_import(path, Answers(mapping={"shoe_size": "Qty"})),
    ):
        pass


def test_several_currencies_are_asked(tmp_path: Path, shop: Shop) -> None:
    rows = [
        {**generic_row(n, "Ann", "Tea", "1", "5"), "Currency": code}
        for n, code in enumerate(("EUR", "usd"), 1)
    ]
    path = save(tmp_path, "a.csv", text_of([*GENERIC, "Currency"], rows))
    (question,) = questions(shop, path)
    assert (question.key, question.options) == ("currency", ("EUR", "USD"))
    record = bring(shop, path, Answers(currency="USD"))
    assert (record.accepted, record.rejected, shop.settings.currency) == (2, 0, "USD")
    other = save(tmp_path, "b.csv", sales("2025-03-04").replace("00001", "00009"))
    bring(shop, other, Answers(currency="GBP"))
    assert shop.settings.currency == "USD"
    rows_read = (
        shop.database.cursor()
        .execute("SELECT order_id, currency, net::DOUBLE FROM orders ORDER BY 1")
        .fetchall()
    )
    assert rows_read == [("00001", "EUR", None), ("00002", "USD", 5.0), ("00009", "GBP", None)]


def test_a_preview_shows_rows_as_they_will_be_read(tmp_path: Path, shop: Shop) -> None:
    path = save(tmp_path, "a.csv", sales("2025-03-04", "gone"))
    with shop.open_import(path) as file:
        rows, rejected = file.preview()
    assert [(row["order_id"], str(row["ordered_at"]), str(row["amount"])) for row in rows] == [
        ("00001", "2025-03-04 00:00:00", "5.000000")
    ]
    assert [(row.line, row.reason.english()) for row in rejected] == [
        (3, "“gone” is not a date that can be read")
    ]


def test_a_survey_is_recognised_by_its_score_and_counts_once(tmp_path: Path, shop: Shop) -> None:
    text = "Email,Date,Score,Comment\nann@example.com,2025-03-04,5,lovely\nbob@example.com,2025-03-05,2,\nx@example.com,2025-03-05,7,\n"
    record = bring(shop, save(tmp_path, "survey.csv", text), Answers(scale=5))
    assert (record.kind, record.accepted, record.rejected) == ("feedback", 2, 1)
    again = bring(
        shop, save(tmp_path, "survey-again.csv", text.replace("lovely", "lovely ")), Answers(scale=5)
    )
    assert (again.accepted, again.duplicates) == (0, 2)
    shop.undo(record.import_id, STAMP)
    rows_read = (
        shop.database.cursor().execute("SELECT kind, score::INT, comment FROM feedback ORDER BY 2").fetchall()
    )
    assert rows_read == [("csat", 2, None), ("csat", 5, "lovely")]
    shop.undo(again.import_id, STAMP)
    assert shop.database.fingerprint()["feedback"][0] == 0


@pytest.mark.parametrize(
    ("dates", "read"),
    [
        (("31.12.24", "01.01.25", "15.01.25"), ["2024-12-31", "2025-01-01", "2025-01-15"]),
        (("24/12/31", "25/01/01", "25/01/15"), ["2024-12-31", "2025-01-01", "2025-01-15"]),
        (("13.04.2025", "25.04.2025"), ["2025-04-13", "2025-04-25"]),
    ],
)
def test_two_digit_years_show_by_keeping_together(
    dates: tuple[str, ...], read: list[str], tmp_path: Path, shop: Shop
) -> None:
    bring(shop, save(tmp_path, "a.csv", sales(*dates)))
    assert days(shop) == read


def test_a_two_digit_year_that_could_be_a_day_is_asked(tmp_path: Path, shop: Shop) -> None:
    (question,) = questions(shop, save(tmp_path, "a.csv", sales("25/03/24")))
    assert (question.key, question.options) == ("date_order", ("DMY", "YMD"))
