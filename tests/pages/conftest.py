"""The app driven by Streamlit's own AppTest, from its entry script, on a shop folder of the test's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[2]
START = Callable[..., AppTest]


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> START:
    """`start(locale="en-GB", sample=False)`: the app just opened, in that language, on an empty or the sample shop."""
    monkeypatch.setenv("LOYALTY_SHOP", str(tmp_path / "shop"))
    st.cache_resource.clear()

    def begin(locale: str = "en-GB", *, sample: bool = False) -> AppTest:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=180)
        app.context = {"locale": locale}
        if sample:
            app.query_params["shop"] = "sample"
        return app.run()

    return begin


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop folder whose sample shop is filled, made once; read-only by custom."""
    return tmp_path_factory.mktemp("sampled") / "shop"


@pytest.fixture
def sampled(sample_folder: Path, monkeypatch: pytest.MonkeyPatch) -> START:
    """`sampled(locale="en-GB")`: the app looking at the sample shop that the session shares."""
    monkeypatch.setenv("LOYALTY_SHOP", str(sample_folder))

    def begin(locale: str = "en-GB") -> AppTest:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=180)
        app.context = {"locale": locale}
        app.query_params["shop"] = "sample"
        return app.run()

    return begin
