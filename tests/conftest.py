"""What tests in several folders share."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from loyalty.shop.settings import changed
from loyalty.shop.shop import Shop
from loyalty.store.database import FILE, Database
from tests.campaigns.builders import fill
from tests.intake.builders import bring
from tests.prepared import prepared_shop
from ui.session import SAMPLE_DATA, SAMPLE_FILES

#: What takes longest, the longest first, by the beginning of the tests' names: workers that begin with it end together.
LONGEST = (
    "tests/browser/",
    "tests/pages/",
    "tests/test_small_shops.py",
    "tests/store/test_crash.py::test_killed_at_any_moment_a_change_is_there_whole_or_not_at_all[import]",
    "tests/store/test_crash.py::test_killed_at_any_moment_a_change_is_there_whole_or_not_at_all[undo]",
)


def group(nodeid: str) -> str:
    """The tests that one worker runs together: those that share what they set up, else those of a file."""
    return next((name for name in LONGEST if nodeid.startswith(name)), nodeid.partition("::")[0])


class Grouped(LoadScopeScheduling):
    """Gives each worker one group after the other, in the order of the tests."""

    def _split_scope(self, nodeid: str) -> str:
        return group(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Grouped:
    """Tests are shared among the workers by `group`."""
    config.option.loadscopereorder = False  # by number of tests, which says nothing of their length
    return Grouped(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest groups first, the others as they come."""
    places = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(group(item.nodeid), len(LONGEST)))


@pytest.fixture(scope="session")
def sample_shop_folder() -> Path:
    """The folder of a closed shop with all files of the sample: copy it, change the copy."""

    def fill(shop: Shop, _: Path) -> None:
        for name in SAMPLE_FILES:
            bring(shop, SAMPLE_DATA / name)
        shop.save_settings(changed(shop.settings, shop_name="Morning Light Coffee"))

    return prepared_shop("sample", fill)


@pytest.fixture(scope="session")
def sample_orders_folder() -> Path:
    """The same of its two files of orders alone."""

    def fill(shop: Shop, _: Path) -> None:
        for name in ("shopify_orders.csv", "square_items.csv"):
            bring(shop, SAMPLE_DATA / name)

    return prepared_shop("sample-orders", fill)


@pytest.fixture(scope="session")
def campaign_shop_folder() -> Path:
    """The folder of a closed shop with the files of `tests.campaigns.builders`: copy it, change the copy."""
    return prepared_shop("campaign", fill)


@pytest.fixture
def campaign_shop(campaign_shop_folder: Path, tmp_path: Path) -> Iterator[Shop]:
    """A copy of it of the test's own, open."""
    with Shop.open(shutil.copytree(campaign_shop_folder, tmp_path / "shop")) as opened:
        yield opened


@pytest.fixture(scope="session", autouse=True)
def begun_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A new shop's database is a copy of one that is begun once a process: its tables take a tenth of a second to make, and
    half of all tests begin a shop. Where a test gives the secret itself, or the folder cannot be written, all is as ever."""
    ready = tmp_path_factory.mktemp("begun") / "shop"
    with Shop.open(ready):
        pass
    really = Database.open.__func__  # type: ignore[attr-defined]

    def opened(cls: type[Database], folder: Path, *salt: Callable[[], str]) -> Database:
        if not salt and not (folder / FILE).exists():
            with suppress(OSError):
                folder.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(ready / FILE, folder / FILE)
        found: Database = really(cls, folder, *salt)
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Database, "open", classmethod(opened))
        yield
