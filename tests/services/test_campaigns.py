"""From a shop's files to a campaign's list and back: consent, rest, codes, next month's export, people joined and erased."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from loyalty.campaigns.errors import (
    AlreadyOver,
    NobodyToWriteTo,
    NoSuchAudience,
    NoSuchCampaign,
    UnknownPlaceholder,
)
from loyalty.campaigns.messages import starting_template
from loyalty.campaigns.plan import HELD, CampaignOffer, Plan
from loyalty.campaigns.response import odds_response
from loyalty.campaigns.results import CONVERSION, GAIN, CampaignResult
from loyalty.campaigns.uplift import Qini
from loyalty.customers.birthdays import BIRTHDAY_DAYS
from loyalty.facts import campaigns as campaign_facts
from loyalty.facts import events as act_facts
from loyalty.facts.customer_story import lookups
from loyalty.models.customer_advice import ControlGroupMembership
from loyalty.purchase_model.customer_state import COLUMNS, CustomerState
from loyalty.rewards.gain.responses import COUPON, Response, updated
from loyalty.services.audiences import (
    SOURCES,
    THANKS,
    AudienceInputs,
    PreparedAudience,
    audiences,
    earlier_inputs,
    everyone,
)
from loyalty.services.campaign_learning import (
    ResponseRate,
    expected_offer_gains,
    learnt_response_rates,
    learnt_responses,
    save_measured_responses,
)
from loyalty.services.campaign_results import (
    UpliftRanking,
    campaign,
    campaign_result,
    most_responsive_audience,
    programme_start,
    rank_by_uplift,
    recipients,
    whole_programme,
)
from loyalty.services.campaigns import (
    base_rate,
    create,
    current_control_groups,
    customers_to_leave_alone,
    preview_campaign,
)
from loyalty.services.customer_story import story
from loyalty.services.figures import facts, programme, segmentation
from loyalty.services.next_actions import action_inputs
from loyalty.shop.shop import Shop
from loyalty.store import campaigns as store
from loyalty.store import identities
from loyalty.store.rewards import coupon_codes, coupon_list
from loyalty.words import Message, words_for
from tests.campaigns.builders import LAST, PEOPLE, STAMP, agreed, email, listed, month_after
from tests.intake.builders import bring, save

SAY = words_for("en", "USD")
PLAN = Plan(
    "July",
    "everyone",
    "email",
    (CampaignOffer("percent", Decimal(10)),),
    days=30,
    held_share=0.3,
    seed=4,
    message=starting_template("email", SAY),
)


@pytest.fixture
def shop(campaign_shop: Shop) -> Shop:
    return campaign_shop


def inputs_of(shop: Shop, day: dt.date = LAST) -> AudienceInputs:
    con = shop.database.reader()
    shop_facts = facts(con, day)
    segments = segmentation(shop_facts)
    rewards, _ = programme(shop, shop_facts.customers, [s.key for s in segments.segments])
    return AudienceInputs(con, shop_facts, segments, rewards)


def new_campaign(shop: Shop, plan: Plan = PLAN) -> store.CampaignRecord:
    return campaign(shop.database, create(shop, inputs_of(shop), plan, SAY, STAMP))


def assignments_of(shop: Shop, record: store.CampaignRecord) -> pd.DataFrame:
    return campaign_facts.assignments(shop.database.reader(), record.campaign_id)


def rows_of(shop: Shop, record: store.CampaignRecord) -> pd.DataFrame:
    return recipients(shop.database, shop.database.reader(), record, SAY, {}, "Tea & Co")


def proof(shop: Shop, record: store.CampaignRecord, day: dt.date) -> CampaignResult:
    return campaign_result(shop.database.reader(), record, day, shop.settings)


def test_the_audiences_of_a_shop(shop: Shop) -> None:
    sizes = {audience.key: len(audience.members) for audience in audiences(inputs_of(shop))}
    assert sizes["everyone"] == PEOPLE
    assert sizes["birthday"] == sum(
        n % 28 + 1 <= BIRTHDAY_DAYS for n in range(PEOPLE) if n % 5 == 0 or agreed(n)
    )  # the 1st to the 28th of July, as of the last of June
    assert any(key.startswith("segment:") for key in sizes)
    extra = [*SOURCES, everyone]
    assert len(audiences(inputs_of(shop), extra)) == len(sizes) + 1  # a new source is one more function


def test_prepared_groups_are_audiences(shop: Shop) -> None:
    inputs = inputs_of(shop)
    ids = inputs.facts.customers["customer_id"]
    record = new_campaign(shop)
    scored = pd.DataFrame({"customer_id": ids, "uplift": [0.2, -0.1] + [0.1] * (len(ids) - 2)})
    responsive = most_responsive_audience(
        record, UpliftRanking(Qini(np.zeros(1), np.zeros(1), 1.0, 0.5, 1.5), scored)
    )
    assert responsive.key == f"moved-{record.campaign_id}"
    assert ids[0] in responsive.customer_ids
    assert ids[1] not in responsive.customer_ids  # a message drives them away
    assert len(responsive.customer_ids) == len(ids) // 3
    chosen = PreparedAudience("mine", Message("Mine"), Message(THANKS), frozenset([*ids[:3], "a stranger"]))
    all_audiences = audiences(replace(inputs, prepared=(chosen, responsive)))
    prepared = [each for each in all_audiences if each.key in ("mine", responsive.key)]
    assert [(each.key, len(each.members)) for each in prepared] == [
        ("mine", 3),
        (responsive.key, len(responsive.customer_ids)),
    ]
    assert prepared[0].members["segment"].notna().all()


def test_control_groups_are_left_alone_everywhere(shop: Shop) -> None:
    record = new_campaign(shop)
    con, shop_facts = shop.database.reader(), facts(shop.database.reader(), LAST)
    people = assignments_of(shop, record)
    control_group, contacted = (
        people.loc[(people["arm"] == HELD) == back, "customer_id"] for back in (True, False)
    )
    memberships = current_control_groups(shop.database, con, LAST)
    until = STAMP.date() + dt.timedelta(days=29)
    assert memberships == dict.fromkeys(control_group, ControlGroupMembership("July", until))
    assert current_control_groups(shop.database, con, until) == memberships
    assert current_control_groups(shop.database, con, until + dt.timedelta(days=1)) == {}
    no_predictions = CustomerState(pd.DataFrame(columns=COLUMNS), None)
    step = story(
        con,
        shop_facts,
        lookups(con, LAST),
        None,
        control_group.iloc[0],
        memberships.get(control_group.iloc[0]),
    ).step(SAY)
    assert (step.key, step.what) == ("held_back", f"Leave them be until {SAY.date(until)}.")
    assert (
        story(
            con, shop_facts, lookups(con, LAST), None, contacted.iloc[0], memberships.get(contacted.iloc[0])
        )
        .step(SAY)
        .key
        != "held_back"
    )
    inputs = action_inputs(
        con, shop_facts, lookups(con, LAST), no_predictions, [], None, control_group=memberships
    )
    assert set(control_group) <= inputs.left_alone
    assert not set(contacted) & inputs.left_alone
    store.record_event(shop.database, record.campaign_id, store.CANCELLED, LAST, STAMP)
    assert current_control_groups(shop.database, con, LAST) == {}


def test_recipients_agreed_and_have_all_fields(shop: Shop) -> None:
    record = new_campaign(shop)
    people, rows = assignments_of(shop, record), rows_of(shop, record)
    willing = sum(agreed(n) for n in range(PEOPLE))
    assert len(people) == willing
    assert (people["arm"] == HELD).sum() == round(willing * 0.3)
    assert people.loc[people["arm"] == HELD, "code"].isna().all()
    assert set(rows["email"]) < {email(n) for n in range(PEOPLE) if agreed(n)}
    assert len(rows) == willing - round(willing * 0.3)
    assert (rows["phone"] == "").all()
    first = rows[rows["email"] == email(int(re.findall(r"\d+", rows["email"].iloc[0])[0]))].iloc[0]
    assert first["message"].startswith(f"Hello {first['name']},")
    assert first["code"] in first["message"]
    assert "10% off, until 30 Jul 2025" in first["message"]
    assert "Perhaps for Tea?" in first["message"]
    assert "{" not in first["message"]
    assert first["tags"] == "vip, tea"


def test_codes_are_new_each_time_and_saved(shop: Shop) -> None:
    first, second = (
        new_campaign(shop),
        new_campaign(shop, replace(PLAN, rest_days=0, held_share=0.0, audience="birthday")),
    )
    codes = [set(coupon_list(shop.database, record.list_id)["code"]) for record in (first, second)]
    assert not codes[0] & codes[1]
    assert coupon_codes(shop.database) == codes[0] | codes[1]


def test_nobody_is_contacted_twice_within_the_rest_days(shop: Shop) -> None:
    record = new_campaign(shop)
    with pytest.raises(NobodyToWriteTo):
        preview_campaign(shop, inputs_of(shop), PLAN, STAMP.date())
    people = assignments_of(shop, record)
    control_group = set(people.loc[people["arm"] == HELD, "customer_id"])
    con = shop.database.reader()
    later = STAMP.date() + dt.timedelta(days=20)
    assert (
        customers_to_leave_alone(shop.database, con, later, 14) == control_group
    )  # held back until the 30 days are over
    assert (
        customers_to_leave_alone(shop.database, con, STAMP.date() + dt.timedelta(days=30), 14) == frozenset()
    )
    store.record_event(shop.database, record.campaign_id, store.CANCELLED, STAMP.date(), STAMP)
    assert customers_to_leave_alone(shop.database, con, STAMP.date(), 14) == frozenset()
    with pytest.raises(AlreadyOver):
        rows_of(shop, campaign(shop.database, record.campaign_id))


def test_customers_who_opt_out_later_are_no_recipients_and_still_count(shop: Shop, tmp_path: Path) -> None:
    record = new_campaign(shop)
    before = rows_of(shop, record)
    gone = before["email"].iloc[0]
    again = listed().replace(f"{gone},", f"{gone},", 1)
    lines = [
        line.replace(",yes,2025-01-02", ",no,2025-07-02") if line.startswith(f"{gone},") else line
        for line in again.splitlines()
    ]
    bring(shop, save(tmp_path, "later.csv", "\n".join(lines) + "\n"))
    after = rows_of(shop, record)
    assert set(before["email"]) - set(after["email"]) == {gone}
    assert proof(shop, record, LAST + dt.timedelta(days=40)).sent == len(before)


def test_no_campaign_in_any_medium_reaches_customers_who_refused(shop: Shop) -> None:
    consents = act_facts.consents(shop.database.reader())
    refused = set(consents.loc[~consents["granted"].astype(bool), "customer_id"])
    assert refused
    for medium in ("email", "sms", "wechat", "counter"):
        plan = replace(PLAN, medium=medium, rest_days=0, held_share=0.0, message="{code} stop")
        try:
            record = new_campaign(shop, plan)
        except NobodyToWriteTo:
            assert medium in ("sms", "wechat")  # nobody was asked
            continue
        assert not refused & set(assignments_of(shop, record)["customer_id"])
        assert not refused & set(rows_of(shop, record)["customer_id"])


def month(shop: Shop, folder: Path, record: store.CampaignRecord, *, sent_buy: int, held_buy: int) -> None:
    """Next month's export: so many of the written to buy for 30.00 with their code, so many of the held back for 30.00."""
    people, rows = assignments_of(shop, record), rows_of(shop, record)
    emails = _addresses(shop)
    control_group = [emails[who] for who in people.loc[people["arm"] == HELD, "customer_id"]]
    buys = [(row.email, 30.0, row.code.lower()) for row in rows.head(sent_buy).itertuples()]
    buys += [(who, 30.0, "") for who in control_group[:held_buy]]
    bring(shop, save(folder, "july.csv", month_after(buys, STAMP.date())))


def _addresses(shop: Shop) -> dict[str, str]:
    return dict(shop.database.cursor().execute("SELECT customer_id, email FROM contacts").fetchall())


def test_next_month_s_export_closes_the_campaign(shop: Shop, tmp_path: Path) -> None:
    record = new_campaign(shop)
    early = proof(shop, record, LAST)
    assert early.look.number == 0
    month(shop, tmp_path, record, sent_buy=40, held_buy=5)
    result = proof(shop, record, STAMP.date() + dt.timedelta(days=29))
    sent, control_size = result.sent, result.control_group
    assert result.look.over
    assert result.coupons_used == 40
    assert result.cost == pytest.approx(
        40 * 30 / 9
    )  # 10 % off leaves 30.00, where the export tells no discount
    assert result.lifts[CONVERSION].lift == pytest.approx(40 / sent - 5 / control_size)
    assert result.bought_anyway == pytest.approx(1 - (40 / sent - 5 / control_size) * sent / 40)


def test_an_undone_import_opens_the_campaign_again(shop: Shop, tmp_path: Path) -> None:
    record = new_campaign(shop)
    month(shop, tmp_path, record, sent_buy=20, held_buy=4)
    day = STAMP.date() + dt.timedelta(days=29)
    full = proof(shop, record, day)
    last = shop.database.cursor().execute("SELECT max(import_id) FROM imports").fetchone()
    assert last is not None
    shop.undo(last[0], STAMP)
    empty = proof(shop, record, day)
    assert (empty.coupons_used, empty.lifts[CONVERSION].treated, empty.sent) == (0, 0.0, full.sent)


def test_people_joined_and_erased_do_not_break_a_running_campaign(shop: Shop, tmp_path: Path) -> None:
    record = new_campaign(shop)
    month(shop, tmp_path, record, sent_buy=20, held_buy=4)
    day = STAMP.date() + dt.timedelta(days=29)
    before, people = proof(shop, record, day), assignments_of(shop, record)
    sent = people.loc[people["arm"] != HELD, "customer_id"].tolist()
    control_group = people.loc[people["arm"] == HELD, "customer_id"].tolist()
    identities.join(shop.database, sent[0], sent[1], STAMP)
    identities.join(shop.database, sent[2], control_group[0], STAMP)
    with shop.database.writing() as cursor:
        store.erase_customer(cursor, [sent[3]])
    after = proof(shop, record, day)
    assert after.sent == before.sent - 3  # two are one, one was in both groups, one is gone
    assert after.control_group == before.control_group - 1
    assert (after.in_both_groups, after.erased) == (1, 1)
    rows = rows_of(shop, record)
    assert sent[3] not in set(rows["customer_id"])
    assert rows["code"].is_unique


def test_measured_responses_can_be_undone(shop: Shop, tmp_path: Path) -> None:
    record = new_campaign(shop, replace(PLAN, offers=(PLAN.offers[0], CampaignOffer("fixed", Decimal(5)))))
    month(shop, tmp_path, record, sent_buy=30, held_buy=6)
    result = proof(shop, record, STAMP.date() + dt.timedelta(days=29))
    assert set(result.arms) == {"A", "B"}
    assert GAIN in result.versus
    assert (
        save_measured_responses(shop.database, record, result, STAMP) == 6
    )  # money, odds and share, of two offers
    saved = store.responses(shop.database)
    gains = expected_offer_gains(saved, 20.0)
    assert set(gains) == {"percent-10", "fixed-5"}
    lift = result.arms["A"][GAIN].lift
    assert 0 < gains["percent-10"].mean < lift or lift < gains["percent-10"].mean < 0  # towards nothing
    assert gains["percent-10"].sources == ["July"]
    measured = odds_response(result.arms["A"][CONVERSION], "July")
    five = odds_response(result.arms["B"][CONVERSION], "July")  # 5 off a usual order of 20: a quarter
    coupon = learnt_responses(saved, 20.0).coupon
    scaled = Response(five.mean * 0.4, five.sd * 0.4, "July")
    expected = updated(COUPON, [measured, scaled])
    assert (coupon.mean, coupon.sd) == pytest.approx((expected.mean, expected.sd))
    assert coupon.sd < COUPON.sd
    assert coupon.sources == [*COUPON.sources, "July"]
    shares = [each for each in saved if each.measure == store.SHARE]
    assert [each.mean for each in shares] == [result.arms[arm][CONVERSION].lift for arm in ("A", "B")]
    assert (
        save_measured_responses(shop.database, record, result, STAMP) == 6
    )  # again: the earlier figures give way
    assert len(store.responses(shop.database)) == 6
    assert store.undo_responses(shop.database, record.campaign_id, STAMP) == 6
    assert store.responses(shop.database) == []
    assert len(store.responses(shop.database, include_undone=True)) == 12


def test_measured_shares_update_response_rates() -> None:
    """One in ten was assumed (10 % ± 10 %); a campaign measured 2 % ± 1 % of the same people, or of others."""
    saved = [store.MeasuredResponse(1, 7, "", "percent-10", 0.02, 0.01, "July", STAMP, None, store.SHARE)]
    usual = {"overdue": 10, "birthday": 10, "pair": 10, "unhappy": 5}
    same = (0.1 / 0.1**2 + 0.02 / 0.01**2) / (1 / 0.1**2 + 1 / 0.01**2)
    wide = 0.01**2 + 0.1**2
    other = (0.1 / 0.1**2 + 0.02 / wide) / (1 / 0.1**2 + 1 / wide)
    rates = learnt_response_rates(saved, {7: "overdue"}, usual)
    assert rates == {
        "overdue": ResponseRate(round(1 / same), ("July",)),
        "birthday": ResponseRate(round(1 / other), ("July",)),
        "pair": ResponseRate(10),
        "unhappy": ResponseRate(5),
    }
    assert (rates["overdue"].one_in, rates["birthday"].one_in) == (48, 17)
    harm = [replace(saved[0], mean=-0.05)]
    assert learnt_response_rates(harm, {7: "overdue"}, usual)["overdue"].one_in == 1000
    wonder = [replace(saved[0], mean=0.9)]
    assert learnt_response_rates(wonder, {7: "overdue"}, usual)["overdue"].one_in == 2
    assert learnt_response_rates([replace(saved[0], measure=store.GAIN)], {7: "overdue"}, usual) == {
        key: ResponseRate(n) for key, n in usual.items()
    }


def test_a_campaign_without_a_control_group_measures_nothing(shop: Shop, tmp_path: Path) -> None:
    record = new_campaign(shop, replace(PLAN, held_share=0.0))
    month(shop, tmp_path, record, sent_buy=30, held_buy=0)
    result = proof(shop, record, STAMP.date() + dt.timedelta(days=29))
    assert result.control_group == 0
    assert save_measured_responses(shop.database, record, result, STAMP) == 0
    assert learnt_responses(store.responses(shop.database), 20.0).coupon == COUPON


def test_the_base_rate_is_that_of_the_same_audience_earlier(shop: Shop) -> None:
    inputs = inputs_of(shop)
    base, people, of_shop = base_rate(inputs, PLAN)
    earlier = earlier_inputs(inputs.con, LAST - dt.timedelta(days=30), inputs.programme, in_force=False)
    assert (people, of_shop) == (len(earlier.facts.customers), False)
    bought = campaign_facts.purchases(inputs.con, LAST, LAST - dt.timedelta(days=29), LAST)
    assert base == pytest.approx(
        bought["customer_id"].isin(earlier.facts.customers["customer_id"]).sum() / people
    )


def test_the_preview_reports_an_undetectable_effect(shop: Shop) -> None:
    preview = preview_campaign(shop, inputs_of(shop), PLAN, STAMP.date())
    assert len(preview.reach.people) == sum(agreed(n) for n in range(PEOPLE))
    assert not preview.seen
    assert preview.needed > len(preview.reach.people)
    assert preview.best.share == 0.2


def test_before_and_after_needs_weeks_and_people(shop: Shop) -> None:
    assert programme_start(shop.database) is None
    record = new_campaign(shop)
    assert programme_start(shop.database) == STAMP.date()
    programme_result = whole_programme(shop.database.reader(), dt.date(2025, 4, 7), LAST)
    assert programme_result.series is not None  # 13 weeks before, 12 after
    assert programme_result.people is not None
    assert programme_result.people.pairs == len(
        set(assignments_of(shop, record).query("arm != @HELD")["customer_id"])
    )
    assert (
        rank_by_uplift(shop.database.reader(), record, proof(shop, record, LAST), LAST) is None
    )  # too few buyers


def test_mistakes_are_named(shop: Shop) -> None:
    with pytest.raises(NoSuchAudience, match="There are: everyone"):
        preview_campaign(shop, inputs_of(shop), replace(PLAN, audience="nobody"), STAMP.date())
    with pytest.raises(UnknownPlaceholder):
        new_campaign(shop, replace(PLAN, message="{surname}"))
    with pytest.raises(NoSuchCampaign):
        campaign(shop.database, 99)
