"""What tests in several folders share."""

from __future__ import annotations

from pathlib import Path

import pytest

from loyalty.shop import Shop
from tests.intake.builders import bring
from ui.session import SAMPLE_DATA, SAMPLE_FILES


@pytest.fixture(scope="session")
def sample_shop_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a closed shop with all files of the sample, made once a process: copy it, change the copy."""
    folder = tmp_path_factory.mktemp("whole-sample") / "shop"
    with Shop.open(folder) as opened:
        for name in SAMPLE_FILES:
            bring(opened, SAMPLE_DATA / name)
    return folder


@pytest.fixture(scope="session")
def sample_orders_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same of its two files of orders alone."""
    folder = tmp_path_factory.mktemp("sample-orders") / "shop"
    with Shop.open(folder) as opened:
        for name in ("shopify_orders.csv", "square_items.csv"):
            bring(opened, SAMPLE_DATA / name)
    return folder
