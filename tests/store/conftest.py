"""An empty shop to keep things in."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from loyalty.shop.shop import Shop


@pytest.fixture(autouse=True)
def same_salt(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two shops of a test give the same person the same id, so that their states can be compared."""
    monkeypatch.setattr(secrets, "token_hex", lambda size: "0" * 2 * size)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A shop of its own for each test."""
    with Shop.open(tmp_path / "shop") as opened:
        yield opened
