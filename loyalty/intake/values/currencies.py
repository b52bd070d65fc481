"""Which currency a file and its rows are in: from a column, from marks at the amounts, from the platform, or asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import pyarrow.compute as pc
from babel.numbers import list_currencies

from loyalty.intake.decisions import Answers, Question, Reading
from loyalty.intake.errors import BadAnswer
from loyalty.intake.evidence import DistinctCells
from loyalty.intake.sources.base import Source
from loyalty.intake.tables.text_table import TextTable
from loyalty.intake.values.cells import value_or_none
from loyalty.intake.values.numbers import MARKS
from loyalty.words.message import N_, Message

ASK_CURRENCY = N_(
    "This file is in {currencies}. Which one is the shop's currency? Sales in the others are converted by rates that "
    "you enter."
)
ASK_MARK = N_("Amounts are marked with “{mark}”. Which currency is that?")
NOT_A_CURRENCY = N_("“{text}” is no currency code such as EUR, USD or CNY")
_NAMED = {
    "€": "EUR", "EURO": "EUR", "£": "GBP", "US$": "USD", "CA$": "CAD", "A$": "AUD", "AU$": "AUD", "NZ$": "NZD", "HK$": "HKD",
    "NT$": "TWD", "S$": "SGD", "R$": "BRL", "CN¥": "CNY", "JP¥": "JPY", "RMB": "CNY", "₩": "KRW", "₹": "INR", "₽": "RUB",
    "₺": "TRY", "฿": "THB", "₫": "VND", "₱": "PHP", "₪": "ILS", "ZŁ": "PLN", "KČ": "CZK", "FT": "HUF", "円": "JPY",
    "圆": "CNY", "人民币": "CNY", "美元": "USD", "欧元": "EUR", "英镑": "GBP", "日元": "JPY", "港币": "HKD", "港元": "HKD",
    "新台币": "TWD",
}  # fmt: skip
#: Marks of several currencies: what they may be, the likeliest first.
AMBIGUOUS: Mapping[str, tuple[str, ...]] = {
    "$": ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN"),
    "¥": ("CNY", "JPY"),
    "￥": ("CNY", "JPY"),
    "元": ("CNY", "TWD", "HKD"),
    "KR": ("SEK", "NOK", "DKK", "ISK"),
}
_MARKED = ("total", "amount", "unit_price", "goods")


@dataclass(frozen=True)
class Currencies:
    """`currency`: of rows that name none, "" for the shop's own. `field`: whose cells name a row's, "" for none. `codes`:
    all that the file names."""

    currency: str
    field: str
    codes: tuple[str, ...]


@cache
def _codes() -> frozenset[str]:
    """The codes of ISO 4217."""
    return frozenset(list_currencies())


def code_of(word: str) -> str | Message | None:
    """The code that a word or mark means; None for a mark of several currencies, a `Message` for another word.

    >>> code_of("usd"), code_of("€"), code_of("$"), code_of("人民币")
    ('USD', 'EUR', None, 'CNY')
    """
    text = word.strip().rstrip(".").upper()
    if text in AMBIGUOUS:
        return None
    code = text if text in _codes() else _NAMED.get(text)
    return code or Message(NOT_A_CURRENCY, {"text": word})


def mark_in(amount: str) -> str:
    """The mark or code next to an amount; "" where there is none.

    >>> mark_in("116,99 €"), mark_in("-$5"), mark_in("12.50")
    ('€', '$', '')
    """
    if amount[:1].isdigit() and amount[-1:].isdigit():
        return ""
    match = MARKS.search(amount)
    return match[0] if match else ""


def currency_of(
    values: DistinctCells, fields: Mapping[str, str], source: Source, answers: Answers, home: str
) -> tuple[Currencies, list[Question]]:
    """The currency of a file and its rows; asked where several are in it while the shop has none, or a mark is ambiguous.

    `home`: the shop's own, "" while it has none. Raises BadAnswer.
    """
    stated = answers.currency.upper()
    if stated and stated not in _codes():
        raise BadAnswer(value=stated, option="currency", known="USD, EUR, CNY, …")
    field, words = _currency_words(values, fields, source)
    codes = sorted({code for word in words if isinstance(code := code_of(word), str)})
    ambiguous = sorted({word.strip().rstrip(".").upper() for word in words if code_of(word) is None})
    several = len(codes) + bool(ambiguous) > 1
    default_currency = codes[0] if len(codes) == 1 and not ambiguous else "" if words else source.currency
    if field == "currency" and home:
        default_currency = ""  # an empty cell is the shop's own
    if field != "currency" and not several:
        field = ""
    currencies = Currencies(
        stated or default_currency,
        field,
        tuple(sorted({*codes, *filter(None, [stated or default_currency])})),
    )
    if stated:
        return currencies, []
    column = fields.get(field or "currency", "")
    if not home and several:
        options = [*codes, *(code for mark in ambiguous for code in AMBIGUOUS[mark] if code not in codes)][:6]
        text = Message(ASK_CURRENCY, {"currencies": ", ".join([*codes, *ambiguous][:6])})
        return currencies, [Question("currency", text, column, tuple(options))]
    unclear = [mark for mark in ambiguous if home and home not in AMBIGUOUS[mark]]
    if unclear:
        text = Message(ASK_MARK, {"mark": unclear[0]})
        return currencies, [Question("currency", text, column, AMBIGUOUS[unclear[0]])]
    return currencies, []


def _currency_words(
    values: DistinctCells, fields: Mapping[str, str], source: Source
) -> tuple[str, list[str]]:
    """The field that names currencies, and the different words in it."""
    if "currency" in fields:
        words = (value_or_none(cell) for cell in values[fields["currency"]])
        return "currency", [word for word in words if word]
    for name in _MARKED if not source.currency else ():
        marks = {mark_in(cell) for cell in values[fields[name]]} - {""} if name in fields else set[str]()
        if marks:
            return name, sorted(marks)
    return "", []


def rows_by_currency(table: TextTable, reading: Reading) -> Counter[str]:
    """How many rows of a file name each currency; all of them, where the file as a whole is in one."""
    if not reading.currency_field:
        return Counter({reading.currency: table.rows} if reading.currency else {})
    counts = Counter[str]()
    column = reading.fields[reading.currency_field]
    for batch in table.batches():
        for entry in pc.value_counts(batch.column(column)).to_pylist():
            code = _code_in(entry["values"], reading)
            counts.update({code: entry["counts"]} if code else {})
    return counts


def _code_in(cell: str, reading: Reading) -> str:
    """The code that a cell of the currency field names; "" for none."""
    word = value_or_none(cell) if reading.currency_field == "currency" else mark_in(cell)
    code = code_of(word) if word else None
    return code if isinstance(code, str) else ""
