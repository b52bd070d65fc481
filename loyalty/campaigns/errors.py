"""Errors of campaigns and their figures, one class for each kind."""

from __future__ import annotations

from loyalty.errors import OwnerError
from loyalty.words import N_


class NoSuchGroup(OwnerError):
    """A value that is in no row of the group column."""

    template = N_("No row has “{value}” in the column “{column}”. There are: {known}.")


class OneGroupOnly(OwnerError):
    """Every row is in the control group."""

    template = N_("All rows are “{value}”: there is nobody to compare them with.")


class NotANumberHere(OwnerError):
    """An outcome cell that is not a number; `line` counts data rows from 1."""

    template = N_("“{text}” in the column “{column}” is not a number (row {line}).")


class NoSuchAudience(OwnerError):
    """An unknown audience key."""

    template = N_("There is no audience “{key}”. There are: {known}.")


class NobodyToWriteTo(OwnerError):
    """Nobody is reachable after consent, address and rest rules."""

    template = N_(
        "Nobody is left to write to: nobody on this list has agreed to it, has an address for it, and is not resting from an earlier message."
    )


class NoSuchCampaign(OwnerError):
    """An unknown campaign number."""

    template = N_("There is no campaign {campaign_id}.")


class UnknownPlaceholder(OwnerError):
    """A message with an unknown placeholder."""

    template = N_("The message names {{{name}}}, which is not known here. Known are: {known}.")


class NotAnOffer(OwnerError):
    """Offer values that are not valid."""

    template = N_("This is no offer: {why}")


class AlreadyOver(OwnerError):
    """A campaign that was cancelled or is over."""

    template = N_("The campaign “{name}” was taken back.")
