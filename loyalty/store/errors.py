"""What can go wrong with the shop's database, in the owner's words."""

from __future__ import annotations

from loyalty.errors import OwnerError
from loyalty.words.message import N_


class ShopInUse(OwnerError):
    """Another process has the database open; DuckDB lets in one at a time."""

    template = N_(
        "The shop in “{folder}” is open in another window or program. Close it there and try again."
    )


class ShopUnreadable(OwnerError):
    """The database file is damaged or not a database."""

    template = N_(
        "The shop's database in “{folder}” cannot be opened. Restore it from a backup, or choose another folder."
    )


class ShopTooNew(OwnerError):
    """Written by a later version of the app."""

    template = N_(
        "The shop in “{folder}” was written by a newer version of Regulars. Update Regulars to open it."
    )


class FolderNotWritable(OwnerError):
    """The shop's folder cannot be made or written."""

    template = N_(
        "The folder “{folder}” cannot be written. Choose another one with --shop, or change its permissions."
    )


class DiskFull(OwnerError):
    """No room left while writing; nothing was changed."""

    template = N_("The disk is full. Nothing was changed. Free some space and try again.")


class NoSuchImport(OwnerError):
    """An import id that is not in the ledger."""

    template = N_("There is no import {import_id}. The history lists all of them.")


class NoSuchPerson(OwnerError):
    """A customer id that no file that stands has shown."""

    template = N_("There is no customer “{customer_id}” in the files that were brought in.")


class AlreadyOnePerson(OwnerError):
    """A join of two ids that are one person."""

    template = N_("“{alias}” and “{other}” are one customer already.")


class NothingToSplit(OwnerError):
    """A split of an id that stands alone."""

    template = N_("“{alias}” is a customer of its own already.")


class NoSuchChoice(OwnerError):
    """The number of a join or split that the owner never made, or has taken back."""

    template = N_(
        "There is no choice {choice_id} that could be taken back."
    )


class AlreadyUndone(OwnerError):
    """Undo of an import that has been undone."""

    template = N_("Import {import_id} has been undone before.")
