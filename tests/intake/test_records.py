"""Rows of every kind but sales: what is read of them, what is set aside and why, and what is asked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from loyalty.errors import OwnerError
from loyalty.intake.decisions import Answers, Question
from loyalty.shop.shop import Shop
from loyalty.store import imports
from tests.intake.builders import STAMP, bring, save


def read(shop: Shop, query: str) -> list[tuple[object, ...]]:
    """Rows of the store."""
    return shop.database.cursor().execute(query).fetchall()


def reasons(shop: Shop, import_id: int = 1) -> dict[int, str]:
    """Why each line was set aside."""
    return {row.line: row.reason.english() for row in imports.rejected_rows(shop.database, import_id)}


def asked(shop: Shop, path: Path, answers: Answers | None = None) -> Sequence[Question]:
    """What a file leaves open."""
    with shop.open_import(path, answers) as file:
        return file.plan.questions


CUSTOMERS = """E-mail,Phone,Customer no,First name,Last name,Birthday,Email opt-in,SMS opt-in,Opt-in date,City,Tags,Source,Member since
Ann@Example.com,,,Ann,Reed,1985-03-15,yes,no,2026-01-02,Brookmere,"vip, tea",Instagram,2025-01-01
,+49 170 1234567,,Ben,Lake,--07-04,Subscribed,unsubscribed,,,,,
,,K-7,Cleo,,,1,0,2026-02-03 10:00,,,,
,,,Nobody,,,yes,,,,,,
dan@example.com,,,Dan,,31 June 1980,,,,,,,
eve@example.com,,,Eve,,,pending,,,,,,
,,,,,,,,,,,,
Totals,,,,,,,,,,,,
"""


def test_a_list_of_customers(tmp_path: Path, shop: Shop) -> None:
    record = bring(shop, save(tmp_path, "members.csv", CUSTOMERS))
    assert (record.kind, record.source) == ("customers", "generic")
    assert (record.rows, record.accepted, record.duplicates, record.rejected, record.not_records) == (
        8,
        4,
        0,
        2,
        2,
    )
    assert reasons(shop) == {
        5: "no e-mail address, phone or customer number tells who this is",
        6: "“31 June 1980” is no day of the calendar when read as YMD",
    }
    assert read(shop, "SELECT name, email, phone, birthday FROM contacts ORDER BY name") == [
        ("Ann Reed", "ann@example.com", None, "1985-03-15"),
        ("Ben Lake", None, "+491701234567", "--07-04"),
        ("Cleo", None, None, None),
        ("Eve", "eve@example.com", None, None),
    ]
    people = "SELECT name, city, tags, acquired_via, first_seen::DATE::VARCHAR FROM customers JOIN contacts USING (customer_id) ORDER BY 1"
    assert read(shop, people)[:2] == [
        ("Ann Reed", "Brookmere", "vip, tea", "Instagram", "2025-01-01"),
        ("Ben Lake", None, None, None, None),
    ]
    consents = "SELECT name, medium, granted, stated_at::VARCHAR FROM consents JOIN contacts USING (customer_id) ORDER BY 1, 2"
    assert read(shop, consents) == [
        ("Ann Reed", "email", True, "2026-01-02 00:00:00"),
        ("Ann Reed", "sms", False, "2026-01-02 00:00:00"),
        ("Ben Lake", "email", True, str(STAMP)),
        ("Ben Lake", "sms", False, str(STAMP)),
        ("Cleo", "email", True, "2026-02-03 10:00:00"),
        ("Cleo", "sms", False, "2026-02-03 10:00:00"),
    ]


def test_birthdays_that_could_be_either_are_asked_like_dates(tmp_path: Path, shop: Shop) -> None:
    path = save(tmp_path, "a.csv", "Email,Birthday\nann@example.com,03/04\nben@example.com,05/06/1985\n")
    (question,) = asked(shop, path)
    assert (question.key, question.column, question.options) == ("date_order", "Birthday", ("DMY", "MDY"))
    bring(shop, path, Answers(date_order="DMY"))
    birthdays = "SELECT email, birthday FROM contacts ORDER BY 1"
    assert read(shop, birthdays) == [("ann@example.com", "--04-03"), ("ben@example.com", "1985-06-05")]
    more = save(tmp_path, "b.csv", "Birthday,Email\n07/08,cleo@example.com\n")
    assert asked(shop, more) == ()  # remembered for these headings
    bring(shop, more)
    assert read(shop, birthdays)[2] == ("cleo@example.com", "--08-07")


def test_one_birthday_proves_the_order_of_all(tmp_path: Path, shop: Shop) -> None:
    bring(shop, save(tmp_path, "a.csv", "Email,Birthday\nann@example.com,03/04\nben@example.com,31/12\n"))
    assert read(shop, "SELECT birthday FROM contacts ORDER BY 1") == [("--04-03",), ("--12-31",)]


def test_an_unknown_word_for_consent_is_asked(tmp_path: Path, shop: Shop) -> None:
    path = save(
        tmp_path,
        "a.csv",
        "Email,Newsletter,SMS opt-in\nann@example.com,gladly,yes\nben@example.com,NEVER!,gladly\n",
    )
    questions = asked(shop, path)
    assert [(q.key, q.options) for q in questions] == [
        ("status:gladly", ("yes", "no", "unknown")),
        ("status:NEVER!", ("yes", "no", "unknown")),
    ]
    assert (
        questions[0].text.english() == "The word “gladly” is not known: does the customer agree to messages?"
    )
    with pytest.raises(OwnerError, match="“paid” is no choice for status"):
        bring(shop, path, Answers(statuses={"gladly": "paid"}))
    bring(shop, path, Answers(statuses={"gladly": "yes", "never!": "no"}))
    assert read(
        shop, "SELECT medium, count(*) FILTER (granted), count(*) FROM consents GROUP BY 1 ORDER BY 1"
    ) == [
        ("email", 1, 2),
        ("sms", 2, 2),
    ]
    assert (
        asked(shop, save(tmp_path, "b.csv", "Email,Newsletter,SMS opt-in\ncleo@example.com,Gladly,\n")) == ()
    )


ANSWERS = """Date,Email,Score,Comment
2026-03-05,ann@example.com,5,lovely
2026-03-06,ben@example.com,,no stars but words
2026-03-07,,4,
2026-03-08,,,
2026-03-09,,6,
,,3,
"""


def test_answers_have_a_date_and_a_score_or_a_text(tmp_path: Path, shop: Shop) -> None:
    record = bring(shop, save(tmp_path, "survey.csv", ANSWERS), Answers(scale=5))
    assert (record.kind, record.rows, record.accepted, record.rejected) == ("feedback", 6, 3, 3)
    assert reasons(shop) == {
        5: "there is no score and no text",
        6: "the score 6 is not between 0 and 5",
        7: "the date is missing",
    }
    assert read(shop, "SELECT kind, score::DOUBLE, scale, comment FROM feedback ORDER BY answered_at") == [
        ("csat", 5.0, 5, "lovely"),
        ("csat", None, 5, "no stars but words"),
        ("csat", 4.0, 5, None),
    ]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("date,email,score\n2026-03-05,a@example.com,5\n", "csat"),
        ("date,email,score\n2026-03-05,a@example.com,9\n", "nps"),
        ("date,email,nps\n2026-03-05,a@example.com,3\n", "nps"),
        ("date,email,score,product\n2026-03-05,a@example.com,5,Tea\n", "review"),
        ("date,email,score,product\n2026-03-05,a@example.com,9,Tea\n", "review"),
        ("review date,email,stars\n2026-03-05,a@example.com,5\n", "review"),
        ("日期,手机号,星级,评价内容\n2026-03-05,13900000001,5,好喝\n", "review"),
        ("日期,手机号,满意度,留言\n2026-03-05,13900000001,5,好喝\n", "csat"),
    ],
)
def test_what_answers_are_shows_by_their_headings(text: str, kind: str, tmp_path: Path, shop: Shop) -> None:
    bring(shop, save(tmp_path, "a.csv", text))
    assert read(shop, "SELECT kind FROM feedback") == [(kind,)]


def test_a_file_may_mix_kinds_of_answers(tmp_path: Path, shop: Shop) -> None:
    text = "Date,Type,Score,Product\n2026-03-05,NPS,9,\n2026-03-05,Satisfaction,5,\n2026-03-05,rating,4,Tea\n2026-03-05,NPS,3,\n2026-03-06,,5,Cup\n"
    record = bring(shop, save(tmp_path, "a.csv", text), Answers(kind="feedback"))
    assert (record.accepted, record.rejected) == (5, 0)
    assert read(
        shop, "SELECT kind, score::INT, scale, product FROM feedback ORDER BY answered_at, score, kind"
    ) == [
        ("nps", 3, 10, None),
        ("review", 4, 5, "Tea"),
        ("csat", 5, 5, None),
        ("nps", 9, 10, None),
        ("review", 5, 5, "Cup"),
    ]


EVENTS = """Timestamp,User,Event,Product,Duration
2026-03-01 18:30,ann@example.com,page_view,Tea,40
2026-03-01 18:31,ann@example.com,Add to cart,Tea,
2026-03-01 18:32,K-7,加购,,
2026-03-01 18:33,,Liked,Cup,1.5
2026-03-02 10:00,ann@example.com,,Cup,
2026-03-02 11:00,ann@example.com,share,Cup,-2
soon,ann@example.com,share,Cup,
"""


def test_visits_and_acts(tmp_path: Path, shop: Shop) -> None:
    record = bring(shop, save(tmp_path, "events.csv", EVENTS))
    assert (record.kind, record.rows, record.accepted, record.rejected) == ("events", 7, 4, 3)
    assert reasons(shop) == {
        6: "it does not say what was done",
        7: "the time spent is below 0",
        8: "“soon” is not a date that can be read",
    }
    assert read(
        shop, "SELECT kind, product, seconds, customer_id IS NULL FROM events ORDER BY happened_at"
    ) == [
        ("view", "Tea", 40.0, False),
        ("cart", "Tea", None, False),
        ("cart", None, None, False),
        ("like", "Cup", 1.5, True),
    ]


def test_an_unknown_act_is_asked(tmp_path: Path, shop: Shop) -> None:
    path = save(
        tmp_path, "events.csv", "Time,Event\n2026-03-01,zoomed in\n2026-03-01,view\n2026-03-02,purchase\n"
    )
    (question,) = asked(shop, path)
    assert question.text.english() == "The word “zoomed in” is not known: what did the person do?"
    assert question.options == ("view", "search", "cart", "like", "comment", "share", "other")
    bring(shop, path, Answers(statuses={"zoomed in": "view"}))
    assert read(shop, "SELECT kind, count(*) FROM events GROUP BY 1 ORDER BY 1") == [
        ("other", 1),
        ("view", 2),
    ]


def test_a_table_of_times_alone_is_one_of_visits(tmp_path: Path, shop: Shop) -> None:
    path = save(tmp_path, "visits.csv", "Time,Customer\n2026-03-01 10:00,K-1\n2026-03-01 11:00,K-2\n")
    bring(shop, path, Answers(kind="events"))
    assert read(shop, "SELECT kind, count(*) FROM events GROUP BY 1") == [("view", 2)]


REFERRALS = """Date,Referred by,Friend email,Friend phone
2026-03-01,ann@example.com,ben@example.com,
2026-03-01,K-7,,+49 170 1234567
,K-7,dan@example.com,
2026-03-02,ann@example.com,ANN@example.com,
2026-03-02,,ben@example.com,
2026-03-02,K-7,nobody at all,
"""


def test_recommendations(tmp_path: Path, shop: Shop) -> None:
    record = bring(shop, save(tmp_path, "referrals.csv", REFERRALS))
    assert (record.kind, record.rows, record.accepted, record.rejected) == ("referrals", 6, 3, 3)
    assert reasons(shop) == {
        5: "somebody is said to have recommended you to themselves",
        6: "no e-mail address, phone or customer number tells who recommended",
        7: "no e-mail address, phone or customer number tells who was recommended",
    }
    rows_read = read(
        shop,
        "SELECT referrer_id, referred_at::DATE::VARCHAR FROM referrals ORDER BY referred_at, referrer_id = 'K-7'",
    )
    assert [(who == "K-7", day) for who, day in rows_read] == [
        (False, "2026-03-01"),
        (True, "2026-03-01"),
        (True, None),
    ]


def test_a_person_is_the_same_in_every_kind(tmp_path: Path, shop: Shop) -> None:
    bring(shop, save(tmp_path, "a.csv", "Order,Date,Email,Total\n1,2026-03-01,Ann@example.com,5\n"))
    bring(
        shop, save(tmp_path, "b.csv", "E-mail,Birthday\nann@example.com,03-15\n"), Answers(date_order="MDY")
    )
    bring(shop, save(tmp_path, "c.csv", "Time,E-mail,Event\n2026-03-01,ANN@EXAMPLE.COM,view\n"))
    bring(shop, save(tmp_path, "d.csv", "Date,Recommended by,New customer\n2026-03-01,ann@example.com,K-2\n"))
    tables = ("orders", "customers", "contacts", "events")
    ids = {row for table in tables for row in read(shop, f"SELECT customer_id FROM {table}")}
    assert len(ids) == 1
    assert read(shop, "SELECT referrer_id FROM referrals") == list(ids)


SPEND = """Month,Channel,Spend
2026-03,Instagram,120.00
Mar 2026,Instagram,-20
2026年3月,Flyers,"1,035.50"
2026-04-15,Flyers,10
2026-04,,5
2026-05,Flyers,
spring,Flyers,5
Total,,1145.50
"""


def test_marketing_spend(tmp_path: Path, shop: Shop) -> None:
    record = bring(shop, save(tmp_path, "spend.csv", SPEND), Answers(channel="other"))
    assert (record.kind, record.rows, record.accepted, record.rejected, record.not_records) == (
        "spend",
        8,
        5,
        2,
        1,
    )
    assert reasons(shop) == {
        7: "the amount is missing",
        8: "“spring” is not a month that can be read",
    }
    assert read(shop, "SELECT month::VARCHAR, channel, amount::DOUBLE FROM spend ORDER BY 1, 2") == [
        ("2026-03-01", "Flyers", 1035.5),
        ("2026-03-01", "Instagram", 120.0 - 20),
        ("2026-04-01", "Flyers", 10.0),
        ("2026-04-01", "other", 5.0),
    ]


def test_spend_in_another_currency_waits_for_a_rate(tmp_path: Path, shop: Shop) -> None:
    bring(
        shop, save(tmp_path, "a.csv", "Order,Date,Email,Total,Currency\n1,2026-03-01,ann@example.com,5,EUR\n")
    )
    text = "Month,Channel,Spend,Currency\n2026-03,Ads,10,eur\n2026-03,Ads,7,USD\n2026-03,Ads,5,\n"
    record = bring(shop, save(tmp_path, "spend.csv", text))
    assert (record.accepted, reasons(shop, 2)) == (3, {})
    spent = read(shop, "SELECT sum(amount)::DOUBLE, count(*) FILTER (amount IS NULL) FROM spend")
    assert spent == [(10.0 + 5.0, 1)]


@pytest.mark.parametrize(
    ("kind", "text", "missing"),
    [
        ("customers", "Colour,City\nred,Bath\n", "the e-mail address, phone or customer number"),
        ("feedback", "When,Colour\n2026-03-01,red\n", "the date / the score or the text"),
        ("events", "Colour,Product\nred,Tea\n", "the date"),
        ("referrals", "Colour,Friend\nred,ann@example.com\n", "who recommended"),
        ("spend", "Colour,Channel\nred,Ads\n", "the month or the date / the amount"),
    ],
)
def test_columns_that_a_kind_cannot_do_without_are_asked(
    kind: str, text: str, missing: str, tmp_path: Path, shop: Shop
) -> None:
    (question,) = asked(shop, save(tmp_path, "a.csv", text), Answers(kind=kind))
    assert (question.key, question.text.english()) == ("mapping", f"Which columns hold {missing}?")


def test_a_mapping_is_of_its_kind(tmp_path: Path, shop: Shop) -> None:
    path = save(tmp_path, "a.csv", "wer,wann,was\nann@example.com,2026-03-01,geteilt\n")
    mapping = {"customer_id": "wer", "happened_at": "wann", "kind": "was"}
    with pytest.raises(OwnerError, match="“happened_at” is nothing this app reads"):
        asked(shop, path, Answers(mapping=mapping))
    bring(shop, path, Answers(kind="events", mapping=mapping))
    assert read(shop, "SELECT kind FROM events") == [("share",)]
    later = save(tmp_path, "b.csv", "wer,wann,was\nann@example.com,2026-03-02,geteilt\n")
    assert bring(shop, later).kind == "events"  # the answers for these headings still hold
    with shop.open_import(
        save(tmp_path, "c.csv", "wer,wann,was\nx,2026-03-02,5\n"), Answers(kind="orders")
    ) as file:
        assert dict(file.plan.reading.fields) == {}  # but not for rows of another kind


def test_answers_may_still_name_their_date_as_they_did(tmp_path: Path, shop: Shop) -> None:
    path = save(tmp_path, "a.csv", "x,y\n2026-03-01,5\n")
    bring(shop, path, Answers(kind="feedback", mapping={"ordered_at": "x", "score": "y"}))
    assert read(shop, "SELECT answered_at::DATE::VARCHAR, kind FROM feedback") == [("2026-03-01", "csat")]


def test_a_platform_s_file_may_be_read_as_another_kind(tmp_path: Path, shop: Shop) -> None:
    text = "Name,Email,Financial Status,Created at,Lineitem quantity,Lineitem name,Lineitem price,Tags\n#1,ann@example.com,paid,2026-03-01,1,Tea,5,vip\n"
    record = bring(shop, save(tmp_path, "a.csv", text), Answers(kind="customers"))
    assert (record.kind, record.source) == ("customers", "generic")
    assert read(shop, "SELECT tags FROM customers") == [("vip",)]
