"""Lists of customers as Shopify, Square and 有赞 export them: who, since when, birthday, consents, however columns stand.

36 people: of every six the first two say yes to letters, the next two no, the last two were never asked (where the platform
knows such a thing); every third has a birthday, every ninth one without its year; one has no address of any sort.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from loyalty.shop.shop import Shop
from loyalty.store import imports
from loyalty.store.imports import ImportRecord
from tests.intake.builders import STAMP, bring, save, text_of
from tests.intake.sources.builders import CHINESE, ENGLISH, Row

PEOPLE = 36
SHOPIFY_OLD = [
    "First Name",
    "Last Name",
    "Email",
    "Accepts Email Marketing",
    "Company",
    "Address1",
    "Address2",
    "City",
    "Province",
    "Province Code",
    "Country",
    "Country Code",
    "Zip",
    "Phone",
    "Accepts SMS Marketing",
    "Total Spent",
    "Total Orders",
    "Tags",
    "Note",
    "Tax Exempt",
]
SHOPIFY_NEW = [
    "Customer ID",
    "First Name",
    "Last Name",
    "Email",
    "Accepts Email Marketing",
    "Default Address Company",
    "Default Address Address1",
    "Default Address Address2",
    "Default Address City",
    "Default Address Province Code",
    "Default Address Country Code",
    "Default Address Zip",
    "Default Address Phone",
    "Phone",
    "Accepts SMS Marketing",
    "Total Spent",
    "Total Orders",
    "Note",
    "Tax Exempt",
    "Tags",
]
SQUARE = [
    "Reference ID",
    "First Name",
    "Last Name",
    "Email Address",
    "Phone Number",
    "Nickname",
    "Company Name",
    "Street Address 1",
    "Street Address 2",
    "City",
    "State",
    "Postal Code",
    "Birthday",
    "Memo",
    "Square Customer ID",
    "Creation Source",
    "First Visit",
    "Last Visit",
    "Transaction Count",
    "Lifetime Spend",
    "Email Subscription Status",
    "Instant Profile",
]
YOUZAN = [
    "客户姓名",
    "客户昵称",
    "客户手机号",
    "客户生日",
    "客户性别",
    "标签",
    "是否会员",
    "成长值",
    "免费等级",
    "付费等级",
    "权益卡",
    "客户积分",
    "客户储值余额",
    "消费次数",
    "消费金额",
    "累计退款金额",
    "累计退款订单数",
    "笔单价",
    "上次消费时间",
    "分销员",
    "导购员",
    "企微好友",
    "来源渠道",
    "来源方式",
    "成为客户时间",
    "成为会员时间",
    "成为会员店铺",
    "公众号",
    "公众号关注时间",
    "最近浏览时间",
    "微信地域",
    "所属区域",
    "指定时间消费次数",
    "指定时间消费金额",
    "",
]


def birthday(n: int) -> str:
    """In ISO form, or "" where there is none."""
    if n % 3:
        return ""
    return (
        f"--{n % 12 + 1:02d}-{n % 28 + 1:02d}"
        if n % 9 == 0
        else f"19{60 + n}-{n % 12 + 1:02d}-{n % 28 + 1:02d}"
    )


def opinion(n: int) -> str:
    """yes, no or "" in turn."""
    return ("yes", "yes", "no", "no", "", "")[n % 6]


def shopify(n: int) -> Row:
    """Shopify says yes or no of everybody; its ids stand behind an apostrophe."""
    return {
        "Customer ID": f"'67000000{n:02d}",
        "First Name": "Ann",
        "Last Name": f"Reed {n}",
        "Email": f"p{n}@example.com" if n else "",
        "Accepts Email Marketing": opinion(n) or "no",
        "Accepts SMS Marketing": "no",
        "Phone": f"'+120655501{n:02d}" if n % 2 else "",
        "City": "Brookmere",
        "Default Address City": "Brookmere",
        "Default Address Phone": f"'+142555501{n:02d}",
        "Total Spent": "12.00",
        "Total Orders": "2",
        "Tags": "vip, tea" if n % 4 == 0 else "",
        "Tax Exempt": "no",
    }


def square(n: int) -> Row:
    """Square writes a birthday without its year in the year 0."""
    words = {"yes": "Subscribed", "no": "Unsubscribed", "": "Unknown"}
    return {
        "First Name": "Ann",
        "Last Name": f"Reed {n}",
        "Email Address": f"p{n}@example.com" if n else "",
        "Birthday": birthday(n).replace("--", "0000-"),
        "Square Customer ID": f"SQ{n:02d}" if n else "",
        "City": "Brookmere",
        "Email Subscription Status": words[opinion(n)],
        "First Visit": f"2025-01-{n % 28 + 1:02d}",
        "Transaction Count": "3",
    }


def youzan(n: int) -> Row:
    """有赞 pads cells with tabs and hides the phones of some."""
    return {
        "客户姓名": f"王{n}",
        "客户手机号": f"1390000{n:04d}\t" if n else "186******05",
        "客户生日": birthday(n).replace("--", ""),
        "标签": "老客,茶" if n % 4 == 0 else "",
        "来源渠道": "小红书" if n % 2 else "无",
        "来源方式": "扫码" if n % 2 == 0 else "",
        "成为客户时间": f"2025-01-{n % 28 + 1:02d} 10:01:00",
        "微信地域": "浙江 杭州",
        "消费次数": "3",
        "消费金额": "120.00",
        "是否会员": "是",
    }


def cut(rows: Sequence[Row], header: Sequence[str]) -> list[Row]:
    """`rows` without cells that this generation of the export has no column for."""
    return [{name: cell for name, cell in row.items() if name in header} for row in rows]


@dataclass(frozen=True)
class List:
    """A platform's list: its headings, rows, a column that may be missing, and who of them cannot be told."""

    source: str
    header: Sequence[str]
    row: Callable[[int], Row]
    optional: str
    rejected: int = 0

    def text(self, variant: str) -> str:
        """The file as it comes, or with its columns in another order, one missing and one of the owner's own."""
        rows = cut([self.row(n) for n in range(PEOPLE)], self.header)
        if variant != "moved":
            return text_of(self.header, rows)
        header = ["My own note", *reversed([name for name in self.header if name not in (self.optional, "")])]
        return text_of(
            header, [{**{k: v for k, v in r.items() if k != self.optional}, "My own note": "x"} for r in rows]
        )


LISTS: Mapping[str, List] = {
    "shopify-old": List("shopify-customers", SHOPIFY_OLD, shopify, "Note", rejected=1),
    "shopify-new": List("shopify-customers", SHOPIFY_NEW, shopify, "Default Address Zip"),
    "square": List("square-customers", SQUARE, square, "Memo", rejected=1),
    "youzan": List("youzan-customers", YOUZAN, youzan, "客户积分", rejected=1),
}
CASES = [(name, v) for name in LISTS for v in (CHINESE if name == "youzan" else ENGLISH)]


def read(shop: Shop, query: str) -> list[tuple[object, ...]]:
    """Rows of the store."""
    return shop.database.cursor().execute(query).fetchall()


def brought(name: str, variant: str, folder: Path, shop: Shop) -> ImportRecord:
    """Bring a list in; every row is accounted for."""
    encoding = "utf-8" if variant == "moved" else variant
    record = bring(shop, save(folder, "customers.csv", LISTS[name].text(variant), encoding))
    assert (record.source, record.kind, record.rows) == (LISTS[name].source, "customers", PEOPLE)
    assert (record.rejected, record.accepted) == (LISTS[name].rejected, PEOPLE - LISTS[name].rejected)
    return record


@pytest.mark.parametrize(("name", "variant"), CASES)
def test_every_identifiable_customer_is_imported(name: str, variant: str, tmp_path: Path, shop: Shop) -> None:
    brought(name, variant, tmp_path, shop)
    names = {
        n: f"王{n}" if name == "youzan" else f"Ann Reed {n}" for n in range(LISTS[name].rejected, PEOPLE)
    }
    assert sorted(read(shop, "SELECT name FROM contacts")) == sorted((who,) for who in names.values())
    if name in ("square", "youzan"):
        expected = sorted((names[n], birthday(n) or None) for n in names)
        assert sorted(read(shop, "SELECT name, birthday FROM contacts")) == expected
    by_name = "FROM contacts JOIN customers USING (customer_id)"
    if name != "square":
        tags = "老客,茶" if name == "youzan" else "vip, tea"
        assert read(shop, f"SELECT count(*), min(tags) {by_name} WHERE tags IS NOT NULL") == [
            (len([n for n in names if n % 4 == 0]), tags)
        ]
    if not name.startswith("shopify"):
        assert read(shop, f"SELECT first_seen::DATE::VARCHAR {by_name} WHERE name = '{names[5]}'") == [
            ("2025-01-06",)
        ]
    shop.undo(1, STAMP)
    assert {rows for rows, _ in shop.database.fingerprint().values()} == {0}


@pytest.mark.parametrize("variant", ENGLISH)
def test_consents_belong_to_their_medium(variant: str, tmp_path: Path, shop: Shop) -> None:
    brought("square", variant, tmp_path, shop)
    answers = [opinion(n) for n in range(1, PEOPLE)]
    asked = "SELECT medium, count(*) FILTER (granted), count(*) FILTER (NOT granted), min(source) FROM consents GROUP BY 1 ORDER BY 1"
    assert read(shop, asked) == [("email", answers.count("yes"), answers.count("no"), "square-customers")]
    brought("shopify-old", variant, tmp_path, shop)
    yes = answers.count("yes")
    assert read(shop, asked)[0][:3] == ("email", yes, PEOPLE - 1 - yes)  # the later list is right
    assert read(shop, asked)[1][:3] == ("sms", 0, PEOPLE - 1)


def test_a_masked_phone_identifies_nobody(tmp_path: Path, shop: Shop) -> None:
    brought("youzan", "gb18030", tmp_path, shop)
    (row,) = imports.rejected_rows(shop.database, 1)
    assert (row.line, row.reason.english()) == (
        2,
        "no e-mail address, phone or customer number tells who this is",
    )
    ways = "SELECT acquired_via, count(*) FROM customers GROUP BY 1 ORDER BY 2"
    even = len([n for n in range(1, PEOPLE) if n % 2 == 0])
    assert sorted(read(shop, ways), key=str) == sorted(
        [("小红书", PEOPLE - 1 - even), ("扫码", even)], key=str
    )


def test_a_platform_s_customer_id_identifies_buyers_without_an_address(tmp_path: Path, shop: Shop) -> None:
    """The phone of the address counts before the number: nobody's order holds the number."""
    rows = [
        {**shopify(1), "Email": "", "Phone": ""},
        {**shopify(2), "Email": "", "Phone": "", "Default Address Phone": ""},
    ]
    bring(shop, save(tmp_path, "a.csv", text_of(SHOPIFY_NEW, cut(rows, SHOPIFY_NEW))))
    assert read(shop, "SELECT phone, customer_id LIKE 'shopify:%' FROM contacts ORDER BY 1") == [
        ("+14255550101", False),
        (None, True),
    ]
