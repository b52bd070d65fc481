"""The same sales in two channels: asked once, counted once in any order of files, and undone whole."""

from __future__ import annotations

import itertools
import random
from pathlib import Path

import pytest

from loyalty.intake.decisions import Answers
from loyalty.shop.file_import import FileImport, examine_together, may_overlap
from loyalty.shop.shop import Shop
from loyalty.store import channel_overlap
from loyalty.store.channel_overlap import ChannelPair, decisions, set_decision
from loyalty.store.errors import NoSuchChannel, OneChannelTwice
from tests.intake.builders import STAMP, WEBTOFFEE, bring, figures, nets, save, text_of
from tests.intake.sources.test_paypal import DEFAULT as PAYPAL
from tests.store.currencies import TABLE, Both, both, orders_of, payments_of, sale

SALES = both()
GOODS = float(sum(s.net for s in SALES))
SAME = Answers(same_sale={"shopify": "same"})


def bring_in(shop: Shop, path: Path, answers: Answers | None = None) -> FileImport:
    """Examine, answer what is asked of other channels, take in."""
    with shop.open_import(path, answers) as file:
        file.examine(STAMP)
        assert file.questions == ()
        file.run(STAMP)
    return file


def files(folder: Path, sales: list[Both] = SALES) -> tuple[Path, Path]:
    """The shop's export and the payment service's."""
    return save(folder, "orders.csv", orders_of(sales)), save(folder, "payments.csv", payments_of(sales))


def test_the_owner_is_asked_before_anything_is_written(tmp_path: Path, shop: Shop) -> None:
    """40 orders; 37 of their payments, and 3 payments of something else."""
    stray = [Both(2000 + n, s.at, s.net + 100, "") for n, s in enumerate(SALES[:3])]
    orders, payments = (
        save(tmp_path, "o.csv", orders_of(SALES)),
        save(tmp_path, "p.csv", payments_of([*SALES[3:], *stray])),
    )
    bring(shop, orders)
    before = shop.database.fingerprint()
    with shop.open_import(payments) as file:
        assert may_overlap([file])
        assert file.questions == ()
        result = file.examine(STAMP)
        (question,) = file.questions
        assert (question.key, question.options) == ("same_sale:shopify", ("same", "different"))
        assert question.text.english() == (
            "37 of 40 payments in this file look like sales that you already have from Shopify. Count them once?"
        )
        assert (result.duplicates, sum(w.sales for w in result.totals)) == (0, 40)
        assert shop.database.fingerprint() == before
        file.answer(SAME)
        assert file.questions == ()
        result = file.examine(STAMP)
        assert (result.duplicates, sum(w.sales for w in result.totals)) == (37, 3)
        file.run(STAMP)
    assert decisions(shop.database) == [ChannelPair("stripe", "shopify", True, 37, 3)]
    extra = float(sum(s.paid for s in stray))
    assert figures(shop)[1:3] == (40 + 3, pytest.approx(GOODS + extra))
    assert not may_overlap([file])


def test_the_owner_may_decide_that_they_are_different(tmp_path: Path, shop: Shop) -> None:
    orders, payments = files(tmp_path)
    bring_in(shop, orders)
    bring_in(shop, payments, Answers(same_sale={"shopify": "different"}))
    assert figures(shop)[1:3] == (80, pytest.approx(2 * GOODS + 40 * 4))
    assert decisions(shop.database) == [ChannelPair("stripe", "shopify", False, 0, 40)]
    set_decision(shop.database, "shopify", "stripe", same=True, stamp=STAMP)
    assert figures(shop)[1:3] == (40, pytest.approx(GOODS))
    set_decision(shop.database, "stripe", "shopify", same=None, stamp=STAMP)
    assert (decisions(shop.database), figures(shop)[1]) == ([], 80)


@pytest.mark.parametrize("first", ["orders", "payments"])
def test_the_order_counts_whichever_came_first(first: str, tmp_path: Path, shop: Shop) -> None:
    """The shop's order has products and postage apart; the payment does not. Asked the other way round it is the same."""
    orders, payments = files(tmp_path)
    pair = (
        [(orders, "payments"), (payments, "sales")]
        if first == "orders"
        else [(payments, "sales"), (orders, "payments")]
    )
    bring(shop, pair[0][0])
    with shop.open_import(pair[1][0]) as file:
        file.examine(STAMP)
        (question,) = file.questions
        assert question.text.english().startswith(
            f"40 of 40 {pair[0][1]} in this file look like {'sales' if first == 'orders' else 'payments'}"
        )
        file.answer(Answers(same_sale={question.key.removeprefix("same_sale:"): "same"}))
        file.run(STAMP)
    assert [(door.channel, door.other) for door in decisions(shop.database)] == [("stripe", "shopify")]
    assert nets(shop) == {f"#{s.number}": float(s.net) for s in SALES}


def test_a_buyer_that_only_the_payment_names_is_filled_in(tmp_path: Path, shop: Shop) -> None:
    orders = save(tmp_path, "o.csv", orders_of(SALES, Email=""))
    bring(shop, orders)
    assert figures(shop)[0] == 0
    bring_in(shop, save(tmp_path, "p.csv", payments_of(SALES)), SAME)
    with_address = [s for s in SALES if s.email]
    people = {s.email for s in with_address}
    assert figures(shop)[:2] == (len(people), 40)
    assert figures(shop)[3] == 40 - len(with_address)


def test_a_refund_that_only_the_payment_shows_counts(tmp_path: Path, shop: Shop) -> None:
    """The first order: 3.00 of it given back by way of the payment service alone; the second: all of it; the third: 2.00,
    which the shop's own export shows too. The shop's figure is never raised."""
    sales = SALES[:8]
    order_rows, payment_rows = orders_of(sales).splitlines(), payments_of(sales).splitlines()
    for place, (at_shop, at_service) in enumerate(
        [("0.00", "3.00"), ("0.00", f"{sales[1].paid:.2f}"), ("2.00", "2.00"), ("2.50", "1.00")], 1
    ):
        order_rows[place] = orders_of([sales[place - 1]], **{"Refunded Amount": at_shop}).splitlines()[1]
        payment_rows[place] = payments_of([sales[place - 1]], **{"Amount Refunded": at_service}).splitlines()[
            1
        ]
    bring(shop, save(tmp_path, "o.csv", "\n".join(order_rows) + "\n"))
    bring_in(shop, save(tmp_path, "p.csv", "\n".join(payment_rows) + "\n"), SAME)
    back = [3.0, float(sales[1].net), 2.0, 2.5, 0.0, 0.0, 0.0, 0.0]
    assert nets(shop) == {
        f"#{s.number}": pytest.approx(float(s.net) - b) for s, b in zip(sales, back, strict=True)
    }


@pytest.mark.parametrize("seed", range(5))
def test_any_order_of_files_leads_to_the_same(seed: int, tmp_path: Path) -> None:
    """Orders and payments in two overlapping parts each, in a random order; then all undone, one by one."""
    chance = random.Random(seed)
    parts = {
        "o1": orders_of(SALES[:25]),
        "o2": orders_of(SALES[20:]),
        "p1": payments_of(SALES[:22]),
        "p2": payments_of(SALES[15:]),
    }
    with Shop.open(tmp_path / "straight") as straight:
        for name, text in parts.items():
            bring(straight, save(tmp_path, f"{name}.csv", text))
        set_decision(straight.database, "stripe", "shopify", same=True, stamp=STAMP)
        expected = straight.database.fingerprint()
        assert figures(straight)[1:3] == (40, pytest.approx(GOODS))
    names = list(parts)
    chance.shuffle(names)
    with Shop.open(tmp_path / "mixed") as mixed:
        with mixed.database.writing() as cursor:
            cursor.execute("INSERT INTO channel_overlap VALUES ('stripe', 'shopify', true, NULL)")
        states = [mixed.database.fingerprint()]
        for name in names:
            bring(mixed, save(tmp_path, f"{name}.csv", parts[name]))
            states.append(mixed.database.fingerprint())
        assert states[-1] == expected
        for number, before in reversed(list(enumerate(states[:-1], 1))):
            mixed.undo(number, STAMP)
            assert mixed.database.fingerprint() == before


def test_the_same_sale_in_three_channels_counts_once(tmp_path: Path, shop: Shop) -> None:
    """A shop, its payments, and the owner's own table of the same sales, each pair said to be the same."""
    rows = [sale(s.number, f"{s.at:%Y-%m-%d %H:%M}", f"{s.paid:.2f}", Customer=s.email) for s in SALES]
    orders, payments = files(tmp_path)
    for path in (orders, payments, save(tmp_path, "t.csv", text_of(TABLE, rows))):
        bring(shop, path)
    for pair in itertools.combinations(("shopify", "stripe", "shop"), 2):
        set_decision(shop.database, *pair, same=True, stamp=STAMP)
    assert [(d.channel, d.other, d.once, d.alone) for d in decisions(shop.database)] == [
        ("shop", "shopify", 40, 0),
        ("stripe", "shop", 0, 0),
        ("stripe", "shopify", 40, 0),
    ]
    assert nets(shop) == {f"#{s.number}": float(s.net) for s in SALES}


def test_a_chain_of_channels_never_hides_all(tmp_path: Path, shop: Shop) -> None:
    """Decisions that lead in a circle: something always stays."""
    for name in "abc":
        rows = [sale(n, f"2025-03-{n:02d}", f"{n}.00", Product=name) for n in range(1, 9)]
        bring(shop, save(tmp_path, f"{name}.csv", text_of(TABLE, rows)), Answers(channel=name))
    with shop.database.writing() as cursor:
        for pair in (("a", "b"), ("b", "c"), ("c", "a")):
            cursor.execute("INSERT INTO channel_overlap VALUES (?, ?, true, NULL)", list(pair))
        channel_overlap.update_duplicates(cursor)
    assert figures(shop)[1:3] == (8, float(sum(range(1, 9))))


def test_files_of_one_command_are_compared_with_each_other(tmp_path: Path, shop: Shop) -> None:
    orders, payments = files(tmp_path)
    with shop.open_import(orders) as first, shop.open_import(payments) as second:
        assert may_overlap([first, second])
        examine_together([first, second], STAMP)
        assert (first.questions, [q.key for q in second.questions]) == ((), ["same_sale:shopify"])
        second.answer(SAME)
        result = examine_together([first, second], STAMP)
        assert [examined.duplicates for examined in result] == [0, 40]
    assert figures(shop)[1] == 0


def test_an_answer_counts_under_either_name(tmp_path: Path, shop: Shop) -> None:
    """`--same-sale shopify=yes` is meant for the pair, also when the shop's own export comes second."""
    orders, payments = files(tmp_path)
    bring(shop, payments)
    bring_in(shop, orders, SAME)
    assert figures(shop)[1:3] == (40, pytest.approx(GOODS))


@pytest.mark.parametrize("names_it", ["order", "payment"])
def test_a_number_joins_what_addresses_do_not(names_it: str, tmp_path: Path, shop: Shop) -> None:
    """Everyone pays under another address than they order with; numbers tell the sales apart all the same."""
    orders = [
        {
            "order_id": str(s.number),
            "order_number": str(s.number),
            "order_date": f"{s.at:%Y-%m-%d %H:%M:%S}",
            "status": "completed",
            "shipping_total": "4.00",
            "tax_total": "0.00",
            "fee_total": "0.00",
            "order_total": f"{s.paid:.2f}",
            "order_currency": "EUR",
            "billing_email": f"x{s.number}@example.com",
            "line_item_1": f"name:Tea|quantity:1|total:{s.net:.2f}",
            "transaction_id": f"ch_{s.number}" if names_it == "order" else "",
        }
        for s in SALES
    ]
    payments = payments_of(SALES, **{"Customer Email": "someone@example.net"}).splitlines()
    if names_it == "payment":
        lines = [
            payments_of([s], **{"Customer Email": "someone@example.net", "Description": f"Order {s.number}"})
            for s in SALES
        ]
        payments = [payments[0], *(line.splitlines()[1] for line in lines)]
    bring(shop, save(tmp_path, "o.csv", text_of(WEBTOFFEE, orders)))
    bring_in(
        shop, save(tmp_path, "p.csv", "\n".join(payments) + "\n"), Answers(same_sale={"woocommerce": "same"})
    )
    assert figures(shop)[:3] == (40, 40, pytest.approx(GOODS))


def test_paypal_matches_the_shop_by_the_amount_paid(tmp_path: Path, shop: Shop) -> None:
    """PayPal's goods are its gross amount less postage; what is compared is the gross. One payment is given back later."""
    rows = [
        {
            "Date": f"{s.at:%m/%d/%Y}",
            "Time": f"{s.at:%H:%M:%S}",
            "TimeZone": "CET",
            "Currency": "EUR",
            "Fee": "-0.59",
            "Type": "Express Checkout Payment",
            "Status": "Completed",
            "Gross": f"{s.paid:.2f}",
            "From Email Address": s.email,
            "Shipping and Handling Amount": "4.00",
            "Transaction ID": f"TX{s.number}",
            "Balance Impact": "Credit",
        }
        for s in SALES
    ]
    back = {
        **rows[0],
        "Type": "Payment Refund",
        "Gross": "-3.00",
        "Shipping and Handling Amount": "",
        "Transaction ID": "RF1",
        "Reference Txn ID": rows[0]["Transaction ID"],
        "Balance Impact": "Debit",
        "From Email Address": "shop@example.com",
    }
    bring(shop, save(tmp_path, "o.csv", orders_of(SALES)))
    bring_in(shop, save(tmp_path, "p.csv", text_of(PAYPAL, [back, *rows])), SAME)
    assert decisions(shop.database) == [ChannelPair("paypal", "shopify", True, 40, 0)]
    assert figures(shop)[1:3] == (40, pytest.approx(GOODS - 3))


def test_unlike_channels_are_not_asked_about(tmp_path: Path, shop: Shop) -> None:
    bring(shop, save(tmp_path, "o.csv", orders_of(SALES)))
    with shop.open_import(save(tmp_path, "p.csv", payments_of(both(seed=9)))) as file:
        assert file.examine(STAMP).possible_overlaps == ()
        assert file.questions == ()


def test_a_decision_stays_after_its_files_are_undone(tmp_path: Path, shop: Shop) -> None:
    orders, payments = files(tmp_path)
    bring_in(shop, orders)
    before = shop.database.fingerprint()
    bring_in(shop, payments, SAME)
    shop.undo(2, STAMP)
    assert shop.database.fingerprint() == before
    with shop.open_import(payments) as file:
        assert file.examine(STAMP).duplicates == 40
        assert file.questions == ()


def test_a_decision_needs_two_channels_with_sales(tmp_path: Path, shop: Shop) -> None:
    bring(shop, files(tmp_path)[0])
    with pytest.raises(OneChannelTwice):
        set_decision(shop.database, "shopify", "shopify", same=True, stamp=STAMP)
    with pytest.raises(NoSuchChannel, match=r"no sales of a channel called “stripe”\. There are: shopify"):
        set_decision(shop.database, "shopify", "stripe", same=True, stamp=STAMP)
