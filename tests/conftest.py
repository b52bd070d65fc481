"""What tests in several folders share."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from loyalty.shop.settings import changed
from loyalty.shop.shop import Shop
from loyalty.store.database import FILE, Database
from tests.campaigns.made import fill
from tests.intake.builders import bring
from ui.session import SAMPLE_DATA, SAMPLE_FILES


@pytest.fixture(scope="session")
def sample_shop_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a closed shop with all files of the sample, made once a process: copy it, change the copy."""
    folder = tmp_path_factory.mktemp("whole-sample") / "shop"
    with Shop.open(folder) as opened:
        for name in SAMPLE_FILES:
            bring(opened, SAMPLE_DATA / name)
        opened.save_settings(changed(opened.settings, shop_name="Morning Light Coffee"))
    return folder


@pytest.fixture(scope="session")
def sample_orders_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same of its two files of orders alone."""
    folder = tmp_path_factory.mktemp("sample-orders") / "shop"
    with Shop.open(folder) as opened:
        for name in ("shopify_orders.csv", "square_items.csv"):
            bring(opened, SAMPLE_DATA / name)
    return folder


@pytest.fixture(scope="session")
def campaign_shop_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a closed shop with the files of `tests.campaigns.made`, made once a process: copy it, change the copy."""
    folder = tmp_path_factory.mktemp("made")
    with Shop.open(folder / "shop") as opened:
        fill(opened, folder)
    return folder / "shop"


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
