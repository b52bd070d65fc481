"""Errors about a whole file; each says what is wrong and what to do about it."""

from __future__ import annotations

from loyalty.errors import OwnerError
from loyalty.words.message import N_


class EmptyFile(OwnerError):
    """A file without contents."""

    template = N_("“{file}” is empty. Export it again from your shop and check that the export has finished.")


class NotATable(OwnerError):
    """Text, but without columns."""

    template = N_(
        "“{file}” has no columns: it looks like plain text. Choose the CSV or Excel file that your shop exports."
    )


class NotText(OwnerError):
    """A picture, a PDF, a program under the name of a table."""

    template = N_(
        "“{file}” is not a table but {looks_like}. Choose the CSV or Excel file that your shop exports."
    )


class HeaderOnly(OwnerError):
    """A header and nothing below it."""

    template = N_(
        "“{file}” has a line of headings and no rows below it. Choose a longer period when you export."
    )


class UnreadableEncoding(OwnerError):
    """A file that no encoding fits."""

    template = N_("The characters of “{file}” could not be read. Save it as “CSV UTF-8” and try again.")


class TooLarge(OwnerError):
    """A file over the limits on size, rows or columns."""

    template = N_(
        "“{file}” is too large: {what}. The limit is {limit}. Export a shorter period and bring in the parts one by one."
    )


class UnsafeSheet(OwnerError):
    """A spreadsheet with macros, entities, or one that unpacks to a bomb."""

    template = N_("“{file}” was not opened because it {why}. Save it as CSV and try again.")


class UnreadableSheet(OwnerError):
    """A spreadsheet that cannot be opened."""

    template = N_("“{file}” could not be opened as a spreadsheet ({why}). Save it as CSV and try again.")


class UnreadableArchive(OwnerError):
    """A ZIP archive that cannot be unpacked."""

    template = N_(
        "“{file}” could not be unpacked: it is damaged or locked with a password. Download it again, or unpack it "
        "yourself and bring in the files in it."
    )


class NestedArchive(OwnerError):
    """An archive within an archive."""

    template = N_(
        "“{file}” holds another archive (“{name}”). Unpack it yourself and bring in the files in it."
    )


class NoTableInArchive(OwnerError):
    """An archive of pictures, or of nothing."""

    template = N_(
        "“{file}” holds no table. Choose the CSV or Excel file that your shop exports, or an archive of such files."
    )


class SeveralTables(OwnerError):
    """An archive of several tables, none of them chosen."""

    template = N_("“{file}” holds several tables ({names}). Bring them in one by one.")


class EmptyFolder(OwnerError):
    """A folder without files."""

    template = N_("There are no files in the folder “{folder}”.")


class NoSuchFile(OwnerError):
    """A path without a file."""

    template = N_("There is no file “{file}”.")


class UnknownSource(OwnerError):
    """A platform name that this app does not support."""

    template = N_("“{name}” is not a platform this app knows. It knows: {known}.")


class UnknownColumn(OwnerError):
    """A mapping that names a column the file does not have."""

    template = N_("The file has no column “{column}”. Its columns are: {known}.")


class UnknownField(OwnerError):
    """A mapping to something this app does not keep."""

    template = N_("“{field}” is nothing this app reads. It reads: {known}.")


class BadAnswer(OwnerError):
    """An option with a value that is none of its choices."""

    template = N_("“{value}” is no choice for {option}; choose one of: {known}.")
