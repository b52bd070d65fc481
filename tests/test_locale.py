"""Every visible string is in the catalogues and translated; money, shares and days stand as each language has them."""

from __future__ import annotations

import ast
import datetime as dt
import importlib.util
import io
import re
from decimal import Decimal
from pathlib import Path
from string import Formatter
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry
from babel.messages.mofile import write_mo

from loyalty.words import N_, Message, Words, words_for

ROOT = Path(__file__).resolve().parents[1]

# Latin words that may stand in a Chinese sentence: names of products, formats, methods, currencies and options.
NAMES = frozenset({
    "Regulars", "Shopify", "Square", "WooCommerce", "WordPress", "WebToffee", "Import", "Export", "Order", "Orders",
    "Reports", "Transactions", "Items", "detail", "CSV", "XLSX", "Excel", "PDF", "JSON", "XML", "MB", "UTF-8", "MIT",
    "NPS", "RFM", "K-means", "DBSCAN", "HDBSCAN", "Wilson", "Kaplan", "Meier", "Greenwood", "log-log", "USD", "EUR", "CNY", "Europe",
    "London", "Asia", "Shanghai", "shop", "tiers", "CAC",
    # platforms, and their menus where the owner meets them in English
    "Etsy", "Stripe", "PayPal", "eBay", "Gumroad", "Toast", "Web", "Seller", "Hub", "All", "orders", "report", "txt",
    "Settings", "Options", "Download", "Data", "Sales", "summary", "Product", "mix", "t", "Item", "details", "Default",
    "Customers", "Directory",
    # methods of figures
    "CLV", "BG", "NBD", "Gamma-Gamma", "MASE", "ETS", "ARIMA", "LMDI", "Ang", "Benjamini", "Hochberg",
    "EASE", "TIFU-KNN", "Content-based", "Brier", "AUC", "ECE", "F1", "MBG", "Pareto",
    "Newcombe", "CUPED", "Lan", "DeMets", "O", "Brien", "Fleming", "Qini", "Thompson", "Newey", "West",
    # platforms that take a campaign's files; the two offers that are compared
    "Klaviyo", "Mailchimp", "A", "B",
})  # fmt: skip


def _module() -> ModuleType:
    """`locale/extract.py`, loaded by its path: the folder is no package, and the name is the standard library's."""
    spec = importlib.util.spec_from_file_location("catalogue_extract", ROOT / "locale" / "extract.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


EXTRACT = _module()
LANGUAGES: tuple[str, ...] = EXTRACT.TRANSLATED


@pytest.fixture(scope="module")
def source() -> Catalog:
    """What the source holds now."""
    catalogue: Catalog = EXTRACT.extracted()
    return catalogue


@pytest.fixture(scope="module", params=LANGUAGES)
def catalogue(request: pytest.FixtureRequest) -> Catalog:
    """A language's catalogue as it is kept."""
    found: Catalog = EXTRACT.load(request.param)
    return found


def _entries(catalogue: Catalog) -> list[Entry]:
    return [entry for entry in catalogue if entry.id]


def _texts(value: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    return (value or "",) if isinstance(value, str | None) else tuple(value)


def _holes(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def _literals(path: Path) -> set[str]:
    """Literal strings that pass through `say`, `plural` or `N_` in a file, wherever the call stands."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        first = node.args[0]
        if name in EXTRACT.KEYWORDS and isinstance(first, ast.Constant) and isinstance(first.value, str):
            found.add(first.value)
    return found - {""}


def test_every_literal_reaches_the_extraction(source: Catalog) -> None:
    """An independent walk over the syntax trees finds nothing that the extraction overlooks."""
    files = [ROOT / "app.py", *(path for folder in EXTRACT.FOLDERS for path in (ROOT / folder).rglob("*.py"))]
    missing = {text: path.name for path in files for text in _literals(path) if text not in source}
    assert missing == {}


def test_the_catalogue_holds_what_the_source_holds_and_no_more(source: Catalog, catalogue: Catalog) -> None:
    wanted = {entry.id for entry in _entries(source)}
    kept = {entry.id for entry in _entries(catalogue)}
    assert wanted - kept == set(), "run `python locale/extract.py` and translate what is new"
    assert kept - wanted == set(), "run `python locale/extract.py`: these strings are gone"
    assert dict(catalogue.obsolete) == {}


def test_nothing_is_untranslated_or_uncertain(catalogue: Catalog) -> None:
    entries = _entries(catalogue)
    assert [e.id for e in entries if not all(text.strip() for text in _texts(e.string))] == []
    assert [e.id for e in entries if e.fuzzy] == []
    assert [e.id for e in entries if e.pluralizable and len(_texts(e.string)) != catalogue.num_plurals] == []
    assert not catalogue.fuzzy


def test_every_translation_has_the_holes_of_its_source(catalogue: Catalog) -> None:
    """Of a plural pair the form for many counts: the one for one may have no number, its translation has."""
    wrong = {
        entry.id: text
        for entry in _entries(catalogue)
        for text in _texts(entry.string)
        if _holes(text) != _holes(_texts(entry.id)[-1])
    }
    assert wrong == {}


def test_the_catalogue_compiles(catalogue: Catalog) -> None:
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    assert compiled.getvalue()[:4] in (
        b"\xde\x12\x04\x95",
        b"\x95\x04\x12\xde",
    )  # the magic number of .mo files


def test_no_english_is_left_in_chinese() -> None:
    left = {}
    for entry in _entries(EXTRACT.load("zh_CN")):
        for text in _texts(entry.string):
            words = set(re.findall(r"[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*", re.sub(r"\{\w+\}", "", text)))
            if words - NAMES:
                left[text] = words - NAMES
    assert left == {}


def test_chinese_sentences_have_chinese_punctuation_and_paired_quotes() -> None:
    texts = [
        re.sub(r"\{\w+\}", "", text) for e in _entries(EXTRACT.load("zh_CN")) for text in _texts(e.string)
    ]
    assert [
        text for text in texts if re.search(r"[\u4e00-\u9fff][,;:!?()]|[,;:!?()][\u4e00-\u9fff]", text)
    ] == []
    assert [
        text for text in texts if text.count("“") != text.count("”") or text.count("（") != text.count("）")
    ] == []


@pytest.fixture
def chinese() -> Words:
    return words_for("zh_CN", "CNY")


@pytest.fixture
def english() -> Words:
    return words_for("en", "USD")


def test_say_speaks_chinese(chinese: Words, english: Words) -> None:
    assert chinese.say("Repurchase rate") == "复购率"
    assert chinese.say("Average order value") == "客单价"
    assert english.say("Repurchase rate") == "Repurchase rate"
    sentence = "{repeat} of {all} customers have bought more than once."
    assert chinese.say(sentence, repeat="312", all="1,190") == "1,190 位顾客中，有 312 位买过不止一次。"
    assert (
        english.say(sentence, repeat="312", all="1,190")
        == "312 of 1,190 customers have bought more than once."
    )


def test_say_leaves_the_empty_text_empty(chinese: Words) -> None:
    """gettext answers the empty text with the catalogue's header; no reader may see that."""
    assert chinese.say("") == ""


def test_plural_has_two_forms_in_english_and_one_in_chinese(chinese: Words, english: Words) -> None:
    forms = "{n} day", "{n} days"
    assert [english.plural(*forms, n) for n in (0, 1, 2, 1234)] == ["0 days", "1 day", "2 days", "1,234 days"]
    assert [chinese.plural(*forms, n) for n in (0, 1, 2, 1234)] == ["0 天", "1 天", "2 天", "1,234 天"]
    times = "Bought {n} time", "Bought {n} times"
    assert [english.plural(*times, n) for n in (1, 7)] == ["Bought 1 time", "Bought 7 times"]
    assert [chinese.plural(*times, n) for n in (1, 7)] == ["买过 1 次", "买过 7 次"]
    named = "{name}: {n} order", "{name}: {n} orders"
    assert chinese.plural(*named, 3, name="王芳") == "王芳：3 单"


def test_message_speaks_chinese_within_and_without(chinese: Words, english: Words) -> None:
    """A message inside a message is translated with it, also after a stay in a table."""
    inner = Message(N_("the file is damaged or locked with a password"))
    outer = Message(
        N_("“{file}” could not be opened as a spreadsheet ({why}). Save it as CSV and try again."),
        {"file": "订单.xlsx", "why": inner},
    )
    assert (
        chinese.message(outer) == "“订单.xlsx”无法作为表格打开（文件已损坏或设了密码）。请另存为 CSV 后再试。"
    )
    assert english.message(outer) == (
        "“订单.xlsx” could not be opened as a spreadsheet (the file is damaged or locked with a password). "
        "Save it as CSV and try again."
    )
    kept = Message.from_json(Message(N_("“{text}” is not a number"), {"text": "abc"}).to_json())
    assert chinese.message(kept) == "“abc”不是数字"


@pytest.mark.parametrize(
    ("value", "cents", "in_english", "in_chinese"),
    [
        (0, None, "$0.00", "¥0.00"),
        (12.5, None, "$12.50", "¥12.50"),
        (999.99, None, "$999.99", "¥999.99"),
        (1000, None, "$1,000", "¥1,000"),
        (1234567.8, None, "$1,234,568", "¥1,234,568"),
        (1234.5, True, "$1,234.50", "¥1,234.50"),
        (500, False, "$500", "¥500"),
        (-240, False, "-$240", "-¥240"),
        (Decimal("0.1") + Decimal("0.2"), None, "$0.30", "¥0.30"),
        (-0.001, None, "$0.00", "¥0.00"),
    ],
)
def test_money(
    value: float | Decimal,
    cents: bool | None,
    in_english: str,
    in_chinese: str,
    english: Words,
    chinese: Words,
) -> None:
    """Cents up to 1,000, none from there on, and never a negative nothing."""
    assert english.money(value, cents=cents) == in_english
    assert chinese.money(value, cents=cents) == in_chinese


def test_money_of_another_country_says_which() -> None:
    """The shop's own sign is short; a foreign amount beside it names its country. Yen have no cents."""
    assert words_for("zh_CN", "USD").money(12.5) == "$12.50"
    assert words_for("zh_CN", "CNY").money(12.5, currency="USD") == "US$12.50"
    assert words_for("en", "CNY").money(12.5) == "¥12.50"
    assert words_for("en", "USD").money(12.5, currency="CNY") == "CN¥12.50"
    assert words_for("en", "JPY").money(980.4) == "¥980"


def test_percent_and_number(english: Words, chinese: Words) -> None:
    for words in (english, chinese):
        assert [words.percent(share) for share in (0, 0.066, 1, 12.5)] == ["0%", "7%", "100%", "1,250%"]
        assert words.percent(0.0394, 1) == "3.9%"
        assert words.percent(-0.0001) == "0%"
        assert words.number(1190) == "1,190"
        assert words.number(1234.567, 2) == "1,234.57"
        assert words.number(-0.2) == "0"


def test_days_months_and_moments(english: Words, chinese: Words) -> None:
    day = dt.date(2026, 6, 30)
    assert (english.date(day), chinese.date(day)) == ("30 Jun 2026", "2026年6月30日")
    assert (english.month(day), chinese.month(day)) == ("Jun 2026", "2026年6月")
    when = dt.datetime(2026, 1, 5, 9, 7)
    assert (english.moment(when), chinese.moment(when)) == ("5 Jan 2026, 09:07", "2026年1月5日 09:07")


def test_lists_are_joined_as_the_language_does(english: Words, chinese: Words) -> None:
    parts = ["滤纸", "手冲壶"]
    assert (english.listing(parts), chinese.listing(parts)) == ("滤纸, 手冲壶", "滤纸、手冲壶")


def test_a_language_that_is_not_spoken_is_answered_in_english() -> None:
    assert words_for("xx").say("Repurchase rate") == "Repurchase rate"
