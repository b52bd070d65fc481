"""The app driven by Streamlit's own AppTest, from its entry script, on a shop folder of the test's own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from ui.background import jobs
from ui.session import SAMPLE_FOLDER, _opened

ROOT = Path(__file__).resolve().parents[2]
START = Callable[..., AppTest]


def opened(locale: str = "en-GB", *, sample: bool = False, page: str = "") -> AppTest:
    """The app as a browser of that language opens it, on the shop that the environment names.

    `page`: the folder of the page whose address was opened, Home by default. AppTest has no public way to begin there.
    """
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=180)
    app.context = {"locale": locale}
    if sample:
        app.query_params["shop"] = "sample"
    if page:
        app._page_hash = calc_hash(page)
    return app.run()


@pytest.fixture
def start(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[START]:
    """`start(locale="en-GB", sample=False, page="")`: the app just opened, in that language, on an empty or the sample shop."""
    monkeypatch.setenv("LOYALTY_SHOP", str(tmp_path / "shop"))

    def begin(locale: str = "en-GB", *, sample: bool = False, page: str = "") -> AppTest:
        if sample:
            shutil.copytree(request.getfixturevalue("sample_shop_folder"), tmp_path / "shop" / SAMPLE_FOLDER)
        return opened(locale, sample=sample, page=page)

    yield begin
    for folder in (tmp_path / "shop", tmp_path / "shop" / SAMPLE_FOLDER):
        _opened.clear(str(folder))
    jobs.clear()


@pytest.fixture(scope="session")
def sample_folder(sample_shop_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop folder whose sample shop is filled, made once; read-only by custom."""
    folder = tmp_path_factory.mktemp("sampled") / "shop"
    shutil.copytree(sample_shop_folder, folder / SAMPLE_FOLDER)
    return folder


@pytest.fixture
def sampled(sample_folder: Path, monkeypatch: pytest.MonkeyPatch) -> START:
    """`sampled(locale="en-GB", page="")`: the app looking at the sample shop that the session shares."""
    monkeypatch.setenv("LOYALTY_SHOP", str(sample_folder))

    return partial(opened, sample=True)
