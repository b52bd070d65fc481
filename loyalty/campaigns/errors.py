"""What can be wrong with a campaign or with figures about one: a named mistake a kind."""

from __future__ import annotations

from loyalty.errors import OwnerError
from loyalty.words import N_


class NoSuchGroup(OwnerError):
    """A value that no row of the group's column holds."""

    template = N_("No row has “{value}” in the column “{column}”. There are: {known}.")


class OneGroupOnly(OwnerError):
    """Every row belongs to the control."""

    template = N_("All rows are “{value}”: there is nobody to compare them with.")


class NotANumberHere(OwnerError):
    """A cell of an outcome that is no number; `line` counts data rows from 1."""

    template = N_("“{text}” in the column “{column}” is not a number (row {line}).")


class NoSuchAudience(OwnerError):
    """A key that names no audience of this shop."""

    template = N_("There is no audience “{key}”. There are: {known}.")


class NobodyToWriteTo(OwnerError):
    """Nobody is left once consent, addresses and rest are respected."""

    template = N_(
        "Nobody is left to write to: nobody on this list has agreed to it, has an address for it, and is not resting from an earlier message."
    )


class NoSuchCampaign(OwnerError):
    """A number that no campaign has."""

    template = N_("There is no campaign {campaign_id}.")


class UnknownPlaceholder(OwnerError):
    """A message names something that is not known of people."""

    template = N_("The message names {{{name}}}, which is not known here. Known are: {known}.")


class NotAnOffer(OwnerError):
    """Values that no offer can have."""

    template = N_("This is no offer: {why}")


class AlreadyOver(OwnerError):
    """A campaign that was taken back, or whose time is over."""

    template = N_("The campaign “{name}” was taken back.")
