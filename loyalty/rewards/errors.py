"""What can be wrong with a programme, its file or its coupons: one named mistake a kind."""

from __future__ import annotations

from loyalty.errors import OwnerError
from loyalty.words.message import N_


class NotAProgramme(OwnerError):
    """The text is no JSON object: `why` is the reader's own reason."""

    template = N_("This is not a rewards programme file: {why}.")


class UnknownKey(OwnerError):
    """A key that no programme has: `key` is its path, `known` what may stand there."""

    template = N_("The programme file names “{key}”, which is not known here. Known are: {known}.")


class MissingKey(OwnerError):
    """A key without which there is no programme."""

    template = N_("The programme file lacks “{key}”.")


class RepeatedKey(OwnerError):
    """One JSON object names a key twice, so which value holds is a guess."""

    template = N_("The programme file names “{key}” twice in one place.")


class NotText(OwnerError):
    """`key` should be 1 to 80 characters of text."""

    template = N_("“{key}” should be a text of 1 to 80 characters; it is {came}.")


class NotANumber(OwnerError):
    """`key` should be an exact number."""

    template = N_("“{key}” should be a number such as 0.05, with at most 6 decimals; it is {came}.")


class NotAWholeNumber(OwnerError):
    """`key` should be a whole number."""

    template = N_("“{key}” should be a whole number such as 30; it is {came}.")


class NotAList(OwnerError):
    """`key` should be a JSON list."""

    template = N_("“{key}” should be a list; it is {came}.")


class NotAnObject(OwnerError):
    """`key` should be a JSON object."""

    template = N_("“{key}” should be a group of named values; it is {came}.")


class OutOfRange(OwnerError):
    """`key` lies outside [`low`, `high`]."""

    template = N_("“{key}” should be from {low} to {high}; it is {came}.")


class NotAboveZero(OwnerError):
    """`key` lies outside (0, `high`]."""

    template = N_("“{key}” should be more than 0 and at most {high}; it is {came}.")


class NotOneOf(OwnerError):
    """`key` is none of the words in `known`."""

    template = N_("“{key}” should be one of {known}; it is {came}.")


class NotADate(OwnerError):
    """`key` should be a date in ISO form, or null."""

    template = N_("“{key}” should be a date such as 2026-03-31; it is {came}.")


class NotADayOfTheYear(OwnerError):
    """`key` should be a month and a day."""

    template = N_("“{key}” should be a day of the year such as 12-31; it is {came}.")


class DaysEndBeforeTheyBegin(OwnerError):
    """A span of days whose last is before its first."""

    template = N_("“{key}” should not be before {first}, where the days begin; it is {came}.")


class StepsDoNotRise(OwnerError):
    """A step of redemption that is not above the one before it, in points and in value."""

    template = N_("“{key}” should ask for more points than the step before it, and give more.")


class NoTiers(OwnerError):
    """A programme without any tier."""

    template = N_("“tiers” should hold at least one tier, starting at 0; it is empty.")


class FirstTierNotZero(OwnerError):
    """Everyone must have a tier, so the first begins at 0."""

    template = N_("“{key}” should be 0, so that everyone has a tier; it is {came}.")


class ThresholdsDoNotRise(OwnerError):
    """A tier that is not above the one before it, at `below`."""

    template = N_("“{key}” should be more than {below}, where the tier before it starts; it is {came}.")


class NamedTwice(OwnerError):
    """Two tiers with one key, or two offers for one segment."""

    template = N_("“{key}” should be different for each entry; {came} stands there twice.")


class UnknownTier(OwnerError):
    """A tier key that the programme does not have, or its first tier where one that can move is asked for."""

    template = N_("No tier “{key}” whose threshold can be moved. Such tiers are: {known}.")


class NoFreshCodes(OwnerError):
    """The random source kept repeating itself."""

    template = N_(
        "No new coupon codes could be drawn: the source of chance repeats itself. Nothing was issued."
    )
