"""Shops that many tests start from, made once and kept on disk until the code or the files that make them change."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from loyalty.shop.shop import Shop

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / ".pytest_cache" / "shops"
SOURCES = (
    "loyalty/intake/**/*.py",
    "loyalty/store/**/*.py",
    "loyalty/shop/*.py",
    "sample_data/*.csv",
    "tests/campaigns/made.py",
)


def digest() -> str:
    """A hash of the names and bytes of all files that such a shop depends on."""
    hashed = hashlib.sha256()
    for path in sorted(path for pattern in SOURCES for path in ROOT.glob(pattern)):
        hashed.update(path.relative_to(ROOT).as_posix().encode())
        hashed.update(path.read_bytes())
    return hashed.hexdigest()[:16]


def prepared_shop(name: str, fill: Callable[[Shop, Path], None]) -> Path:
    """The folder of the closed shop that `fill(shop, folder for files)` fills; copy it, change the copy.

    It is made beside its place and then moved there, so that two processes that make it at once do not meet.
    """
    folder = KEPT / f"{name}-{digest()}"
    if not folder.exists():
        KEPT.mkdir(parents=True, exist_ok=True)
        for outdated in KEPT.glob(f"{name}-*"):
            shutil.rmtree(outdated, ignore_errors=True)
        with tempfile.TemporaryDirectory(dir=KEPT, ignore_cleanup_errors=True) as temporary:
            made = Path(temporary) / "shop"
            with Shop.open(made) as opened:
                fill(opened, Path(temporary))
            try:
                made.rename(folder)
            except OSError:  # another process was first
                assert folder.exists()
    return folder
