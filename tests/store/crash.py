"""The work of the process that is killed: one change of a shop, reported once it is saved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from pathlib import Path

from loyalty.shop.shop import Shop
from loyalty.store import rewards

STAMP = dt.datetime(2026, 1, 1)


def take_in(shop: Shop, path: Path) -> None:
    """Import the file."""
    with shop.open_import(path) as file:
        file.run(STAMP)


def undo(shop: Shop, path: Path) -> None:
    """Take the second import back."""
    shop.undo(2, STAMP)


def save_programme(shop: Shop, path: Path) -> None:
    """Write a ledger that is only added to."""
    rewards.save_programme(shop.database, "{}", STAMP)


CHANGES: Mapping[str, Callable[[Shop, Path], None]] = {
    "import": take_in,
    "undo": undo,
    "programme": save_programme,
}


def change(name: str, folder: Path, path: Path, sender: Connection) -> None:
    """Open the shop in `folder` and change it, with a report before and after."""
    sender.send("begun")
    with Shop.open(folder) as shop:
        CHANGES[name](shop, path)
        sender.send("saved")
