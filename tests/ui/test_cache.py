"""The one cache: what its keys are made of, what is shared, and that each result is worked out once."""

from __future__ import annotations

import datetime as dt
import shutil
import threading
from collections.abc import Hashable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from loyalty.services.figures import save_programme
from loyalty.shop.settings import changed
from loyalty.shop.shop import Shop
from loyalty.words import Words
from tests.intake.builders import STAMP
from ui.cache import CACHE, cache_rule, cached
from ui.session import ShopNow, span_of
from ui.shop_figures import ShopFigures


@dataclass(frozen=True)
class Made:
    """A shop as far as keys go."""

    sales: str = "s1"
    everything: str = "e1"

    def key(self, *, sales_only: bool) -> Hashable:
        return self.sales if sales_only else self.everything

    def is_current(self, *, sales_only: bool) -> bool:
        return self.everything != "gone"


WORKED: list[object] = []  # what was worked out, in order


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    CACHE.clear()
    WORKED.clear()
    yield
    CACHE.clear()


def plain(shop: Made, *arguments: object) -> list[object]:
    WORKED.append(arguments)
    return [shop, *arguments]


def other(shop: Made, *arguments: object) -> list[object]:
    WORKED.append(arguments)
    return ["other", *arguments]


@cache_rule(sales_only=True, entries=2)
def of_sales(shop: Made, number: int, add: int = 0) -> int:
    WORKED.append(number)
    return number + add


@cache_rule(sales_only=True)
def made_of_sales(shop: Made) -> int:
    return cached(of_sales, shop, 1)


@cache_rule(sales_only=True)
def wrongly_of_sales(shop: Made) -> list[object]:
    return cached(plain, shop)


def made_of_both(shop: Made) -> int:
    return cached(made_of_sales, shop) + len(cached(plain, shop))


def failing(shop: Made) -> int:
    WORKED.append("failed")
    raise ValueError(shop)


def test_an_equal_version_shares_and_another_one_does_not() -> None:
    first = cached(plain, Made())
    assert cached(plain, Made(sales="s2")) is first  # another object, the same version
    assert cached(plain, Made(everything="e2")) is not first
    assert len(WORKED) == 2


def test_a_function_of_sales_outlives_what_the_owner_enters() -> None:
    assert [cached(of_sales, Made(everything=name), 7) for name in "abc"] == [7, 7, 7]
    assert WORKED == [7]
    cached(of_sales, Made(sales="s2"), 7)
    assert WORKED == [7, 7]


def test_function_and_arguments_distinguish() -> None:
    shop, day = Made(), dt.date(2026, 1, 1)
    asked = [
        ("a",),
        ("b",),
        ("a", "b"),
        (1.5,),
        (day,),
        (("a", "b"),),
        (Words("en", "USD"),),
        (Words("en", "EUR"),),
        (Words("zh_CN", "USD"),),
    ]
    results = [cached(plain, shop, *arguments) for arguments in asked]
    assert [result[1:] for result in results] == [list(arguments) for arguments in asked]
    assert (
        cached(plain, shop, Words("en", "USD")) is results[6]
    )  # words of one language and currency are equal
    assert cached(other, shop, "a") == ["other", "a"]
    assert cached(of_sales, shop, 1) == 1
    assert cached(of_sales, shop, 1, add=2) == 3


def test_what_cannot_be_a_key_is_refused() -> None:
    with pytest.raises(TypeError, match="unhashable"):
        cached(plain, Made(), ["a"])
    with pytest.raises(ValueError, match="cannot be told from others"):
        cached(lambda shop: 1, Made())


def test_a_function_of_sales_is_made_of_its_like_alone() -> None:
    """Else it would stay as it is when the owner enters something."""
    assert cached(made_of_both, Made()) == 2
    with pytest.raises(TypeError, match="wrongly_of_sales is kept by sales alone"):
        cached(wrongly_of_sales, Made())
    assert len(cached(plain, Made(), "afterwards")) == 2  # nothing is left of it


def test_only_so_many_are_kept_the_latest_used() -> None:
    shop = Made()
    for number in (1, 2, 1, 3, 1, 2):  # 3 takes the place of 2
        cached(of_sales, shop, number)
    assert WORKED == [1, 2, 3, 2]


def test_a_failure_is_not_kept() -> None:
    for _ in range(2):
        with pytest.raises(ValueError, match="Made"):
            cached(failing, Made())
    assert WORKED == ["failed", "failed"]


def test_a_result_of_data_that_were_written_to_meanwhile_is_not_kept() -> None:
    """Else a copy of the shop, which still has that version, would be shown it."""
    for _ in range(2):
        assert len(cached(plain, Made(everything="gone"))) == 1
    assert len(WORKED) == 2


MEETING = threading.Barrier(2, timeout=30)


def slow(shop: Made) -> object:
    WORKED.append("slow")
    threading.Event().wait(0.2)
    return object()


def meets(shop: Made, name: str) -> int:
    return MEETING.wait()


def test_two_at_once_work_a_thing_out_once_and_do_not_wait_for_others() -> None:
    with ThreadPoolExecutor(2) as pool:
        one, two = pool.map(lambda _: cached(slow, Made()), range(2))
        assert one is two
        assert WORKED == ["slow"]
        # each waits within its own work until the other is there: keys have a lock each
        assert sorted(pool.map(lambda name: cached(meets, Made(), name), "ab")) == [0, 1]


def figures_of(shop: Shop) -> ShopFigures:
    now = ShopNow(shop, shop.database.data_version())
    span = cached(span_of, now)
    assert span is not None
    return ShopFigures(shop, now.version, *span)


def test_a_copied_shop_is_warm_until_it_diverges(sample_orders_folder: Path, tmp_path: Path) -> None:
    with (
        Shop.open(shutil.copytree(sample_orders_folder, tmp_path / "one")) as one,
        Shop.open(shutil.copytree(sample_orders_folder, tmp_path / "two")) as two,
    ):
        first = figures_of(one)
        assert figures_of(two).facts() is first.facts()
        assert figures_of(two).programme() is first.programme()
        wanted = first.programme()[0]
        save_programme(two, wanted, STAMP)
        assert figures_of(two).facts() is first.facts()  # made of sales alone
        assert (figures_of(two).programme()[1], figures_of(one).programme()[1]) == (True, False)
        two.undo(2, STAMP)
        assert figures_of(two).facts() is not first.facts()
        assert figures_of(one).facts() is first.facts()


def test_settings_count_but_for_the_language(sample_orders_folder: Path, tmp_path: Path) -> None:
    with Shop.open(shutil.copytree(sample_orders_folder, tmp_path / "one")) as shop:
        before = figures_of(shop).balances()
        shop.save_settings(changed(shop.settings, language="zh_CN"))
        assert figures_of(shop).balances() is before
        shop.save_settings(changed(shop.settings, margin=0.4))
        assert figures_of(shop).balances() is not before
