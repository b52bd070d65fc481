"""The kinds of files: what a row of each is, which columns it may have, which it must, and what its words can mean.

This is the one place that says so: reading, the mapping on the Data page, the tables to fill in by hand and
`docs/files.md` are all made from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import pyarrow as pa

from loyalty.intake import canonical as shapes
from loyalty.intake.errors import BadAnswer
from loyalty.intake.vocabulary import ACT_WORDS, ACTS, ANSWER_WORDS, ANSWERS, CONSENT, CONSENT_WORDS
from loyalty.words.message import N_

#: How a column's cells are read. "who" names a person (number, e-mail, phone); "word" has one of a few meanings.
Type = Literal["text", "who", "number", "moment", "birthday", "month", "word"]


@dataclass(frozen=True)
class Field:
    """One column that a file of a kind may have.

    `name`: what `--map` calls it; `title`: its heading (N_), read back in either language; `what`: a sentence (N_) of
    what it holds; `examples`: its cells in the table to fill in by hand, where it has this column.
    """

    name: str
    type: Type
    title: str
    what: str
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class Need:
    """Columns of which a file must have one at least, and what they hold, in words (N_)."""

    what: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Kind:
    """What one row of a file is.

    `rows`: the schema of its canonical rows; `anchor`: the column of these that every record has and no line of totals;
    `moment`: the one that says when ("" where none does). `choices` and `words` are of the columns of type "word";
    `ask` is the question (N_) for a word without a meaning. `renamed`: other names for fields, that were used before.
    """

    name: str
    title: str
    row: str
    fields: tuple[Field, ...]
    needs: tuple[Need, ...]
    rows: pa.Schema
    anchor: str
    moment: str
    choices: tuple[str, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    ask: str = ""
    renamed: Mapping[str, str] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """What `--map` may name."""
        return tuple(field.name for field in self.fields)

    def of_type(self, *types: Type) -> tuple[str, ...]:
        """Names of the fields of these types."""
        return tuple(field.name for field in self.fields if field.type in types)


_CUSTOMER_NUMBER = Field(
    "customer_id",
    "who",
    N_("Customer number"),
    N_("your own number or name for the customer"),
    ("K-1", "K-2"),
)
_EMAIL = Field(
    "email", "who", N_("E-mail"), N_("the customer's e-mail address"), ("ann@example.com", "ben@example.com")
)
_PHONE = Field("phone", "who", N_("Phone"), N_("the customer's phone number"))
_CONTACT = (_CUSTOMER_NUMBER, _EMAIL, _PHONE)
A_DATE, AN_AMOUNT, AN_ANSWER = N_("the date"), N_("the amount or the price"), N_("the score or the text")
A_PERSON = N_("the e-mail address, phone or customer number")
A_REFERRER, A_REFERRED = N_("who recommended"), N_("who was recommended")
A_MONTH, AN_EXPENSE = N_("the month or the date"), N_("the amount")

ORDERS = Kind(
    name="orders",
    title=N_("sales"),
    row=N_("an order, or a product in an order"),
    fields=(
        Field(
            "order_id",
            "text",
            N_("Order number"),
            N_("rows with the same number are one order; without one, each row is a sale"),
            ("1001", "1002"),
        ),
        Field(
            "ordered_at",
            "moment",
            N_("Date"),
            N_("when it was ordered, with the time of day if you like"),
            ("2026-03-01", "2026-03-02"),
        ),
        *_CONTACT,
        Field("name", "text", N_("Name"), N_("the customer's name")),
        Field("product", "text", N_("Product"), N_("what was bought"), ("Tea", "Cup")),
        Field("product_id", "text", N_("Product number"), N_("your number of the product")),
        Field("category", "text", N_("Category"), N_("the product's category")),
        Field(
            "quantity",
            "number",
            N_("Quantity"),
            N_("how many pieces; below 0 for what was given back"),
            ("2", "1"),
        ),
        Field("unit_price", "number", N_("Unit price"), N_("the price of one piece"), ("4.50", "12.00")),
        Field("amount", "number", N_("Amount"), N_("what the row came to, after discounts")),
        Field(
            "line_discount", "number", N_("Discount of the row"), N_("what was taken off quantity × price")
        ),
        Field(
            "total",
            "number",
            N_("Total"),
            N_("what was paid for the whole order, on any of its rows or on each"),
        ),
        Field("goods", "number", N_("Goods total"), N_("what was paid for the order's goods alone")),
        Field("discount", "number", N_("Discount"), N_("what was taken off the whole order")),
        Field("shipping", "number", N_("Shipping"), N_("postage within the total; it counts as no revenue")),
        Field("tax", "number", N_("Tax"), N_("sales tax within the total; it counts as no revenue")),
        Field("refunded", "number", N_("Refunded"), N_("what was given back of the whole order"), ("0", "0")),
        Field(
            "status",
            "word",
            N_("Status"),
            N_("paid, unpaid, cancelled, refunded; other words are asked"),
            ("paid", "paid"),
        ),
        Field("currency", "text", N_("Currency"), N_("a three-letter code, where it is not the shop's own")),
        Field("coupon_code", "text", N_("Coupon code"), N_("the code that the buyer used")),
    ),
    needs=(Need(A_DATE, ("ordered_at",)), Need(AN_AMOUNT, ("total", "amount", "unit_price", "goods"))),
    rows=shapes.SALE_ROWS,
    anchor="ordered_at",
    moment="ordered_at",
    choices=shapes.STATUSES,
    ask=N_("The status “{value}” is not known: does it mean a paid sale?"),
)
CUSTOMERS = Kind(
    name="customers",
    title=N_("a list of customers"),
    row=N_("a customer: the last list that tells of somebody is right"),
    fields=(
        *_CONTACT[:2],
        Field("phone", "who", N_("Phone"), N_("the customer's phone number"), ("+1 206 555 0101", "")),
        Field("name", "text", N_("Name"), N_("the customer's name"), ("Ann Reed", "Ben Lake")),
        Field("last_name", "text", N_("Last name"), N_("the family name, where it has a column of its own")),
        Field("birthday", "birthday", N_("Birthday"), N_("the whole date, or month and day alone"), ("1985-03-15", "--07-04")),
        Field("consent_email", "word", N_("Agrees to e-mail"), N_("yes or no; other words are asked"), ("yes", "no")),
        Field("consent_sms", "word", N_("Agrees to text messages"), N_("yes or no; other words are asked"), ("no", "no")),
        Field("consent_wechat", "word", N_("Agrees to WeChat"), N_("yes or no; other words are asked"), ("", "")),
        Field("consent_at", "moment", N_("Consent given on"), N_("when the customer said so; without it, the day of the import"), ("2026-03-01", "2026-03-02")),
        Field("consent_source", "text", N_("Consent given through"), N_("where they said so: a form, the till, a letter"), ("sign-up form", "till")),
        Field("tags", "text", N_("Tags"), N_("your own tags, as you write them"), ("wholesale", "")),
        Field("city", "text", N_("City"), N_("where the customer lives"), ("Brookmere", "Fernhollow")),
        Field("acquired_via", "text", N_("Found you through"), N_("the channel that brought them, named as in your spend"), ("Instagram", "a friend")),
        Field("first_seen", "moment", N_("Customer since"), N_("the day you first knew them"), ("2026-02-27", "2026-03-02")),
    ),
    needs=(Need(A_PERSON, ("customer_id", "email", "phone")),),
    rows=shapes.CUSTOMER_ROWS,
    anchor="customer_id",
    moment="first_seen",
    choices=CONSENT,
    words=CONSENT_WORDS,
    ask=N_("The word “{value}” is not known: does the customer agree to messages?"),
)  # fmt: skip
FEEDBACK = Kind(
    name="feedback",
    title=N_("answers of a survey, or reviews"),
    row=N_("an answer to a survey, or a review"),
    fields=(
        Field("answered_at", "moment", N_("Date"), N_("when it was answered or written"), ("2026-03-05", "2026-03-06")),
        *_CONTACT[1:], _CUSTOMER_NUMBER,
        Field("score", "number", N_("Score"), N_("satisfaction or stars up to 5, or 0 to 10 for “would you recommend us?”"), ("5", "4")),
        Field("comment", "text", N_("Comment"), N_("what they wrote"), ("", "")),
        Field("product", "text", N_("Product"), N_("what a review is of; with it, a table is read as reviews")),
        Field("kind", "word", N_("Kind of answer"), N_("csat, nps or review, where a file mixes them; other words are asked")),
    ),
    needs=(Need(A_DATE, ("answered_at",)), Need(AN_ANSWER, ("score", "comment"))),
    rows=shapes.FEEDBACK_ROWS,
    anchor="answered_at",
    moment="answered_at",
    choices=ANSWERS,
    words=ANSWER_WORDS,
    ask=N_("The word “{value}” is not known: what kind of answer is it?"),
    renamed={"ordered_at": "answered_at"},
)  # fmt: skip
EVENTS = Kind(
    name="events",
    title=N_("visits and what people did"),
    row=N_("a visit, or a like, comment or share"),
    fields=(
        Field("happened_at", "moment", N_("Time"), N_("when it happened"), ("2026-03-01 18:30", "2026-03-02 09:05")),
        *_CONTACT[1:], _CUSTOMER_NUMBER,
        Field("kind", "word", N_("What they did"), N_("view, search, cart, like, comment, share; other words are asked. Without the column all rows are views"), ("view", "like")),
        Field("product", "text", N_("Product"), N_("which product, if one"), ("Tea", "Cup")),
        Field("seconds", "number", N_("Seconds"), N_("how long they stayed, in seconds"), ("40", "")),
    ),
    needs=(Need(A_DATE, ("happened_at",)),),
    rows=shapes.EVENT_ROWS,
    anchor="happened_at",
    moment="happened_at",
    choices=ACTS,
    words=ACT_WORDS,
    ask=N_("The word “{value}” is not known: what did the person do?"),
)  # fmt: skip
REFERRALS = Kind(
    name="referrals",
    title=N_("who recommended you to whom"),
    row=N_("a customer who brought another one"),
    fields=(
        Field("referred_at", "moment", N_("Date"), N_("when they recommended you; without it, any later purchase counts"), ("2026-03-01", "2026-03-02")),
        Field("referrer", "who", N_("Recommended by"), N_("customer number or e-mail of who recommended you"), ("ann@example.com", "ann@example.com")),
        Field("referrer_email", "who", N_("Recommended by (e-mail)"), N_("their e-mail, where it has a column of its own")),
        Field("referrer_phone", "who", N_("Recommended by (phone)"), N_("their phone number")),
        Field("referred", "who", N_("New customer"), N_("customer number or e-mail of whom they brought"), ("ben@example.com", "cleo@example.com")),
        Field("referred_email", "who", N_("New customer (e-mail)"), N_("their e-mail, where it has a column of its own")),
        Field("referred_phone", "who", N_("New customer (phone)"), N_("their phone number")),
    ),
    needs=(
        Need(A_REFERRER, ("referrer", "referrer_email", "referrer_phone")),
        Need(A_REFERRED, ("referred", "referred_email", "referred_phone")),
    ),
    rows=shapes.REFERRAL_ROWS,
    anchor="referrer_id",
    moment="referred_at",
)  # fmt: skip
SPEND = Kind(
    name="spend",
    title=N_("what marketing cost"),
    row=N_("money spent on marketing; the last file that tells of a month and channel is right"),
    fields=(
        Field("month", "month", N_("Month"), N_("the month, or any day in it"), ("2026-03", "2026-03")),
        Field("channel", "text", N_("Channel"), N_("what the money was spent on"), ("Instagram", "Flyers")),
        Field(
            "amount",
            "number",
            N_("Spend"),
            N_("how much; several rows of a month and channel add up"),
            ("120.00", "35.50"),
        ),
        Field("currency", "text", N_("Currency"), N_("a three-letter code, where it is not the shop's own")),
    ),
    needs=(Need(A_MONTH, ("month",)), Need(AN_EXPENSE, ("amount",))),
    rows=shapes.SPEND_ROWS,
    anchor="month",
    moment="month",
)
KINDS: Mapping[str, Kind] = {
    kind.name: kind for kind in (ORDERS, CUSTOMERS, FEEDBACK, EVENTS, REFERRALS, SPEND)
}


def kind_named(name: str) -> Kind:
    """The kind called `name`; raises BadAnswer."""
    if name not in KINDS:
        raise BadAnswer(value=name, option="kind", known=", ".join(KINDS))
    return KINDS[name]
