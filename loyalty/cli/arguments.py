"""The arguments of each command."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

from loyalty.cli.option_types import day, mapping, names, same_sale
from loyalty.customers.status import STATUSES
from loyalty.intake.kinds import KINDS
from loyalty.words import LANGUAGES

#: Adds a command of that name with that help text.
Add = Callable[[str, str], argparse.ArgumentParser]


def add_global_options(parser: argparse.ArgumentParser, *, top: bool) -> None:
    """Options of every command; below the top level they have no default, so that they do not undo those given above."""
    default = None if top else argparse.SUPPRESS
    parser.add_argument("--shop", type=Path, default=default, help="the shop's folder")
    parser.add_argument(
        "--json", action="store_true", default=False if top else default, help="print one JSON document"
    )
    parser.add_argument(
        "--as-of", type=day, default=default, metavar="DATE", help="the day that counts as today"
    )
    parser.add_argument(
        "--language", choices=sorted(LANGUAGES), default=default, help="language of the sentences"
    )


def _add_import_commands(add: Add) -> None:
    """import, imports, undo, rejected, sources, rates, channel-overlap."""
    bring = add("import", "bring in files of any known kind; a folder stands for the files in it")
    bring.add_argument("files", nargs="+", type=Path, metavar="FILE|FOLDER")
    bring.add_argument("--source", default="", help="the platform, where it is not recognised")
    bring.add_argument("--kind", choices=tuple(KINDS), default="", help="what the rows are")
    bring.add_argument(
        "--map", type=mapping, default={}, metavar="FIELD=COLUMN,…", help="which column holds what"
    )
    bring.add_argument(
        "--status",
        type=mapping,
        default={},
        metavar="WORD=paid,…",
        help="what a word means: of a status, a consent, an act",
    )
    bring.add_argument("--date-order", choices=("DMY", "MDY", "YMD"), default="")
    bring.add_argument("--decimal", choices=(".", ","), default="")
    bring.add_argument("--encoding", default="")
    bring.add_argument("--delimiter", default="")
    bring.add_argument("--channel", default="", help="the name of the channel these sales were made on")
    bring.add_argument(
        "--currency", default="", help="of rows that name none; the shop's own, while it has none"
    )
    bring.add_argument(
        "--same-sale",
        type=same_sale,
        default={},
        metavar="CHANNEL=yes|no,…",
        help="whether its sales are these",
    )
    bring.add_argument("--scale", type=int, choices=(5, 10, 100), default=0, help="a survey's highest score")
    bring.add_argument("--dry-run", action="store_true", help="count, and change nothing")
    add("imports", "the history of imports")
    undo = add("undo", "take an import back")
    undo.add_argument("import_id", type=int, metavar="ID")
    rejected = add("rejected", "write an import's rejected rows to a file")
    rejected.add_argument("import_id", type=int, metavar="ID")
    rejected.add_argument("--out", type=Path, required=True)
    add("sources", "the platforms that are known, and how to export from each")
    rates = add("rates", "exchange rates to the shop's currency, and the sales that wait for one")
    rates.add_argument("action", nargs="?", choices=("list", "set", "remove", "waiting"), default="list")
    rates.add_argument("currency", nargs="?", help="set, remove: a three-letter code")
    rates.add_argument("month", nargs="?", help="set, remove: the month it holds from, such as 2025-03")
    rates.add_argument("rate", nargs="?", help="set: units of the shop's currency for one of it")
    overlap = add("channel-overlap", "channels with the same sales, as you decided")
    overlap.add_argument("action", nargs="?", choices=("list", "set", "forget"), default="list")
    overlap.add_argument("channel", nargs="?", help="set, forget: a channel")
    overlap.add_argument("other", nargs="?", help="set, forget: another one")
    overlap.add_argument("answer", nargs="?", choices=("same", "different"), help="set: what they are")


def _add_figure_commands(add: Add) -> None:
    """kpis, cohorts, clv, costs, segments, rules."""
    kpis = add("kpis", "the key figures")
    kpis.add_argument("--from", dest="since", type=day, metavar="DATE")
    kpis.add_argument("--to", dest="until", type=day, metavar="DATE")
    kpis.add_argument("--by", choices=("month", "channel"))
    add("cohorts", "retention by month of first purchase")
    clv = add(
        "clv", "what a customer is worth, by formula and by prediction, and what it would have said before"
    )
    clv.add_argument("--months", type=int, default=12, help="months to look ahead, 1 to 60")
    clv.add_argument("--discount", type=float, default=0.1, help="a year's discount, 0 to 1: 0.1 is 10 %%")
    clv.add_argument("--margin", type=float, help="share of revenue left after cost of goods, 0 to 1")
    clv.add_argument("--lifespan", type=float, help="years that a customer stays; worked out when left away")
    costs = add(
        "costs", "what new customers cost, are worth, and when the money is back; by month and channel"
    )
    costs.add_argument("--margin", type=float, help="share of revenue left after cost of goods, 0 to 1")
    segments = add("segments", "groups of customers")
    segments.add_argument("--method", choices=("kmeans", "rfm", "density", "dbscan", "mixture"))
    segments.add_argument("--k", type=int, help="number of groups")
    segments.add_argument(
        "--with",
        dest="traits",
        type=names,
        default=(),
        metavar="TRAIT,…",
        help="group by these too: tenure, gap, categories, satisfaction",
    )
    segments.add_argument(
        "--since", type=day, metavar="DATE", help="who moved from group to group since that day"
    )
    segments.add_argument("--out", type=Path, help="write who is in which group (CSV or XLSX)")
    rules = add("rules", "what is bought together")
    rules.add_argument("--baskets", type=Path, help="a file of baskets, instead of the shop")
    rules.add_argument(
        "--map", type=mapping, default={}, metavar="FIELD=COLUMN,…", help="order_id=…,product=…"
    )
    rules.add_argument(
        "--basket",
        choices=("order", "day", "window"),
        default="order",
        help="one order, a customer's day, or bought one after the other",
    )
    rules.add_argument("--days", type=int, default=60, help="--basket window: within so many days")
    rules.add_argument("--level", choices=("product", "category"), default="product")
    rules.add_argument("--bundles", action="store_true", help="bundles of 2 to 4 products instead of rules")
    rules.add_argument("--margin", type=float, help="--bundles: share of revenue left after cost of goods")
    rules.add_argument(
        "--uplift", type=float, default=0.2, help="--bundles: more orders for each that holds all of it today"
    )
    rules.add_argument("--min-support", type=float)
    rules.add_argument("--min-confidence", type=float)
    rules.add_argument("--max-len", type=int)
    rules.add_argument("--all", action="store_true", help="the classic list, without filters")
    rules.add_argument(
        "--miner",
        choices=("eclat", "apriori"),
        default="eclat",
        help="what finds the sets: the same rules; classic Apriori is slow on large files (eclat)",
    )
    rules.add_argument("--out", type=Path, help="write the rules (CSV or XLSX)")


def _add_insight_commands(add: Add) -> None:
    """repurchase, satisfaction, changes."""
    repurchase = add("repurchase", "who comes back: by cohort, or by how they came")
    repurchase.add_argument("--by", choices=("cohort", "product", "channel", "source"), default="cohort")
    repurchase.add_argument("--unit", choices=("month", "quarter"), default="quarter", help="of a cohort")
    repurchase.add_argument("--days", type=int, default=90, help="within how many days (90)")
    satisfaction = add("satisfaction", "CSAT, NPS and response rate by month, product and segment")
    satisfaction.add_argument("--from", dest="since", type=day, metavar="DATE")
    satisfaction.add_argument("--to", dest="until", type=day, metavar="DATE")
    changes = add("changes", "what moved net revenue, and the last week beside others")
    changes.add_argument("--days", type=int, default=28, help="the length of the two periods (28)")
    changes.add_argument("--against", choices=("before", "year"), default="before")


def _add_forecast_commands(add: Add) -> None:
    """forecast, goals."""
    forecast = add("forecast", "the months to come")
    forecast.add_argument("--months", type=int, default=6, help="how many (6)")
    forecast.add_argument("--more", action="store_true", help="let ETS and ARIMA take part")
    goals = add("goals", "your goals: list, set, remove")
    goals.add_argument("action", nargs="?", choices=("list", "set", "remove"), default="list")
    goals.add_argument("metric", nargs="?", help="set, remove: the figure")
    goals.add_argument("--at-least", metavar="VALUE", help="set: a number, or a share such as 35%%")
    goals.add_argument("--at-most", metavar="VALUE", help="set: the same, for what should be small")


def _add_rewards_command(add: Add) -> None:
    """rewards."""
    rewards = add("rewards", "the reward programme, its points, what it costs and brings")
    rewards.add_argument(
        "action",
        choices=(
            "show",
            "set",
            "ready",
            "versions",
            "tune",
            "ledger",
            "balance",
            "redeem",
            "opening",
            "undo",
            "files",
            "coupons",
            "gifts",
            "discounts",
        ),
    )
    rewards.add_argument(
        "argument",
        nargs="?",
        help="set: a programme's JSON file; balance, redeem: a customer id; opening: a table of balances; undo: an entry's "
        "number; ready: a ready-made programme",
    )
    rewards.add_argument(
        "--out", type=Path, help="coupons, gifts, discounts, files, show, ready, ledger: the file to write"
    )
    rewards.add_argument(
        "--days", type=int, default=30, metavar="N", help="gifts: whose day comes within so many days (30)"
    )
    rewards.add_argument("--points", type=int, metavar="N", help="redeem: how many")
    rewards.add_argument(
        "--margin", type=float, help="tune: share of revenue left after cost of goods, 0 to 1"
    )
    rewards.add_argument("--budget", type=float, help="tune: what the rewards may cost a year at the most")
    rewards.add_argument("--dry-run", action="store_true", help="opening: count, and change nothing")
    rewards.add_argument(
        "--segment", action="append", default=[], help="coupons: a segment's key; repeat for several"
    )
    rewards.add_argument(
        "--format",
        choices=("csv", "xlsx", "woocommerce", "generic", "shopify", "square", "klaviyo", "mailchimp", "sms"),
        default="csv",
        help="coupons, gifts: csv, xlsx or woocommerce; files: generic, xlsx, shopify, square, klaviyo, mailchimp or sms",
    )


def _add_recommend_command(add: Add) -> None:
    """recommend."""
    recommend = add("recommend", "products for people, and how well the methods did on the shop's own past")
    recommend.add_argument("--customer", default="", metavar="ID", help="one customer instead of all")
    recommend.add_argument(
        "--product", default="", metavar="NAME", help="what goes with a product, and whose list holds it"
    )
    recommend.add_argument("--mode", choices=("again", "discover", "both"), default="both")
    recommend.add_argument(
        "--without",
        action="append",
        default=[],
        metavar="PRODUCT",
        help="never this product; repeat for several",
    )
    recommend.add_argument(
        "--out",
        type=Path,
        help="write the lists (CSV or XLSX), and keep them as recommended, to learn from them",
    )
    recommend.add_argument("--evaluate", action="store_true", help="the contest of methods, instead of lists")
    recommend.add_argument("--history", type=Path, metavar="F", help="evaluate: a file of what was bought")
    recommend.add_argument(
        "--future", type=Path, metavar="F", help="evaluate: a file of what was bought next"
    )
    recommend.add_argument(
        "--map",
        type=mapping,
        default={},
        metavar="FIELD=COLUMN,…",
        help="customer_id=…,basket=…,product=…[,at=…]",
    )


def _add_campaign_command(add: Add) -> None:
    """campaign."""
    campaign = add("campaign", "lists of people with a part held back, and what they brought")
    campaign.add_argument(
        "action",
        choices=("audiences", "plan", "create", "list", "export", "sent", "cancel", "measure", "learn"),
    )
    campaign.add_argument(
        "campaign_id",
        nargs="?",
        type=int,
        metavar="ID",
        help="export, sent, cancel, measure, learn: which one",
    )
    campaign.add_argument(
        "--audience", default="", metavar="KEY", help="plan, create: who (see `campaign audiences`)"
    )
    campaign.add_argument("--key", metavar="KEY", help="audiences: one of them, with its customers' ids")
    campaign.add_argument("--medium", choices=("email", "sms", "wechat", "counter"), default="email")
    campaign.add_argument(
        "--offer",
        action="append",
        default=[],
        metavar="10%%|5",
        help="plan, create: what; twice to compare two",
    )
    campaign.add_argument("--minimum", default="0", metavar="AMOUNT", help="from an order of")
    campaign.add_argument(
        "--days", type=int, default=30, help="how long the offer holds, and the result is counted (30)"
    )
    campaign.add_argument(
        "--effect", type=float, default=0.05, help="expected rise of the share who buy: .05 is 5 points"
    )
    campaign.add_argument(
        "--hold-back", type=float, metavar="SHARE", help="held back at random; suggested when left away"
    )
    campaign.add_argument("--rest", type=int, default=14, help="days between two messages to one person (14)")
    campaign.add_argument(
        "--message-cost", default="0", metavar="AMOUNT", help="plan, create: what one message costs"
    )
    campaign.add_argument("--name", default="", help="create: what to call it")
    campaign.add_argument(
        "--message", type=Path, metavar="F", help="create: a text with {name}, {offer}, {code} …"
    )
    campaign.add_argument(
        "--seed", type=int, default=0, help="of the draw of who is held back, and of resampling"
    )
    campaign.add_argument("--format", default="csv", metavar="LAYOUT", help="export: the layout of the file")
    campaign.add_argument("--out", type=Path, help="export: the file to write")
    campaign.add_argument("--undo", action="store_true", help="learn: forget what was kept")
    campaign.add_argument(
        "--file", type=Path, help="measure: a table of one row a customer, instead of a shop's campaign"
    )
    campaign.add_argument(
        "--group", default="", metavar="COLUMN", help="measure --file: the column of groups"
    )
    campaign.add_argument("--control", default="", metavar="VALUE", help="measure --file: who got nothing")
    campaign.add_argument("--treated", default="", metavar="VALUE", help="measure --file: this group only")
    campaign.add_argument(
        "--outcomes", type=names, default=(), metavar="A,B,…", help="measure --file: columns of outcomes"
    )


def _add_predict_command(add: Add) -> None:
    """predict."""
    predict = add(
        "predict", "who buys again, when and for how much; and how right that was on the shop's own past"
    )
    predict.add_argument(
        "--horizon", type=int, default=90, metavar="DAYS", help="look 30, 60, 90 or 180 days ahead (90)"
    )
    predict.add_argument(
        "--model",
        default="",
        metavar="M",
        help="the method; when left away that of the last contest, else the usual one",
    )
    predict.add_argument(
        "--backtest", action="store_true", help="the contest of methods, instead of predictions"
    )
    predict.add_argument(
        "--message-cost", type=float, metavar="C", help="what a message to one customer costs"
    )
    predict.add_argument("--saved", type=float, metavar="W", help="what a customer who is kept is worth")
    predict.add_argument(
        "--effect", type=float, metavar="E", help="share of leavers whom a message keeps (0.1)"
    )
    predict.add_argument("--out", type=Path, help="write the predictions (CSV or XLSX)")


def _add_customer_commands(add: Add) -> None:
    """customers, next."""
    customers = add(
        "customers",
        "everyone: list; one person: show; who is one person: merges, shared, join, split, choices, undo-choice",
    )
    customers.add_argument(
        "action", choices=("list", "merges", "shared", "show", "join", "split", "choices", "undo-choice")
    )
    customers.add_argument(
        "ids", nargs="*", metavar="ID", help="customer ids; undo-choice: a choice's number"
    )
    customers.add_argument("--out", type=Path, help="list: the file to write (CSV or XLSX)")
    customers.add_argument("--status", choices=tuple(STATUSES), help="list: only who stands there")
    next_command = add("next", "what is worth doing next, by what it may bring")
    next_command.add_argument(
        "--one-in", type=int, metavar="N", help="how many answer: one in N, instead of an assumption for each"
    )
    next_command.add_argument("--all", action="store_true", help="all of them, instead of the first three")


def _add_serve_command(add: Add) -> None:
    """serve."""
    serve = add("serve", "open the web app")
    serve.add_argument("--port", type=int, help="the port to listen on")
    serve.add_argument("--host", help="the address to listen on; anything but this machine needs a password")


#: Each adds the commands of one group to the parser.
COMMAND_GROUPS: Sequence[Callable[[Add], None]] = (
    _add_import_commands,
    _add_figure_commands,
    _add_customer_commands,
    _add_insight_commands,
    _add_forecast_commands,
    _add_predict_command,
    _add_recommend_command,
    _add_rewards_command,
    _add_campaign_command,
    _add_serve_command,
)
