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

    template = N_("There is no choice {choice_id} that could be taken back.")


class AlreadyUndone(OwnerError):
    """Undo of an import that has been undone."""

    template = N_("Import {import_id} has been undone before.")


class BadRate(OwnerError):
    """An exchange rate that is none: not a number above 0 that the store can hold."""

    template = N_(
        "“{text}” is no exchange rate: write how much one {currency} is in the shop's currency, such as 1.08; above 0, "
        "with a point and at most 8 digits behind it."
    )


class BadMonth(OwnerError):
    """A text that names no month."""

    template = N_("“{text}” is no month such as 2025-03.")


class NotACurrency(OwnerError):
    """A code that ISO 4217 does not know."""

    template = N_("“{text}” is no currency code such as EUR, USD or CNY.")


class OwnCurrency(OwnerError):
    """A rate for the shop's own currency."""

    template = N_("{currency} is the shop's own currency: it needs no rate.")


class NoHomeCurrency(OwnerError):
    """A rate while the shop has no currency to convert to."""

    template = N_("Choose the shop's own currency in the settings first: rates lead to it.")


class TwoRates(OwnerError):
    """Two different rates for one currency from one month on."""

    template = N_("There are two rates for {currency} from {month} on. Keep one of them.")


class NoSuchRate(OwnerError):
    """A rate to take away that is not there."""

    template = N_("There is no rate for {currency} from {month} on.")


class NoSuchChannel(OwnerError):
    """A channel's name without a sale."""

    template = N_("There are no sales of a channel called “{channel}”. There are: {known}.")


class OneChannelTwice(OwnerError):
    """A channel compared with itself."""

    template = N_("Name two different channels: the sales of one channel are never counted twice.")


class NoSuchEntry(OwnerError):
    """A number under which no points were entered, or they were taken back already."""

    template = N_("There is no entry {entry_id} of points that could be taken back.")
