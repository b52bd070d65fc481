"""rules: association rules or bundles of products, of the shop or of a plain file of baskets."""

from __future__ import annotations

import argparse
import datetime as dt
import tempfile
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from loyalty.cli.output import Outcome, write_table
from loyalty.cli.parser import WrongUsage
from loyalty.cli.session import Session
from loyalty.facts import baskets as basket_facts
from loyalty.intake.errors import UnknownColumn
from loyalty.intake.heading_words import guess_columns
from loyalty.intake.tables.open_file import open_file
from loyalty.intake.values.cells import clean_cell
from loyalty.models.cross_sell.basket_index import index_baskets
from loyalty.models.cross_sell.bundles import Bundle, BundleTerms, find_bundles
from loyalty.models.cross_sell.itemsets import support_count
from loyalty.models.cross_sell.rule_survival import RuleSurvival, survival_sentence
from loyalty.models.cross_sell.rules import BadSupport, RuleSet
from loyalty.models.cross_sell.search import Search, check_survival, find_rules
from loyalty.models.cross_sell.sentences import bundle_sentences, bundles_table, rules_table
from loyalty.words import Words

DEFAULT_CONFIDENCE = 0.1


def rules(session: Session | None, options: argparse.Namespace, words: Words) -> Outcome:
    """Show association rules or bundles of the shop, or the rules of a plain file of baskets."""
    search = Search(
        kind=options.basket,
        level=options.level,
        min_confidence=options.min_confidence
        if options.min_confidence is not None
        else _default_confidence(options.basket),
        max_len=options.max_len,
        days=options.days,
        all_rules=options.all,
        miner=options.miner,
    )
    if options.basket == "window" and options.miner != "eclat":
        raise WrongUsage("--miner is for what is bought together: --basket order or day")
    if session is None:
        if options.bundles or options.basket != "order" or options.level != "product":
            raise WrongUsage(
                "--bundles, --basket and --level need a shop: a file of baskets has no dates and prices"
            )
        baskets = read_baskets(options.baskets, options.map)
        return _rules(
            find_rules(baskets, _with_support(search, baskets, options)), search, None, options, words
        )
    con = session.reader()
    as_of = session.as_of(con)
    baskets = basket_facts.baskets(con, as_of, search.basket_kind, search.level)
    search = _with_support(search, baskets, options)
    if options.bundles:
        prices = basket_facts.prices(con, as_of)
        return _bundles(
            baskets, prices, as_of, replace(search, max_len=options.max_len or 4), session, options
        )
    survival = None if search.all_rules else check_survival(baskets, as_of, search)
    return _rules(find_rules(baskets, search), search, survival, options, words)


def _default_confidence(kind: str) -> float:
    """The default minimum confidence: lower for what is bought next than for what is bought together."""
    return DEFAULT_CONFIDENCE / 2 if kind == "window" else DEFAULT_CONFIDENCE


def _with_support(search: Search, baskets: pd.DataFrame, options: argparse.Namespace) -> Search:
    """The search with `--min-support` as a number of baskets. Raises `BadSupport`."""
    support = options.min_support
    if support is None:
        return search
    if not 0 < support <= 1:
        raise BadSupport(value=support)
    return replace(search, count=support_count(support, baskets["basket"].nunique()))


def _rules(
    rule_set: RuleSet,
    search: Search,
    survival: RuleSurvival | None,
    options: argparse.Namespace,
    words: Words,
) -> Outcome:
    """Rules as a document, a file and sentences."""
    shown = rules_table(rule_set, words, search.kind, search.days)
    if options.out:
        write_table(shown, options.out)
    document = {
        "baskets": rule_set.baskets,
        "min_support_used": rule_set.min_support_used,
        "note": words.message(rule_set.note) if rule_set.note else None,
        "lasting": _lasting_document(survival, words) if survival else None,
        "rules": rule_documents(rule_set),
    }
    lines = list(shown[words.say("In words")])
    return Outcome(
        document, [*lines, *([words.message(survival_sentence(survival))] if survival and lines else [])]
    )


def rule_documents(rule_set: RuleSet) -> list[dict[str, Any]]:
    """Rules under their documented keys."""
    return [asdict(rule) | {"antecedent": list(rule.antecedent)} for rule in rule_set]


def _lasting_document(survival: RuleSurvival, words: Words) -> dict[str, Any]:
    """How many rules of three months ago still hold."""
    return {
        "since": survival.cutoff,
        "rules": len(survival.rules),
        "checked": len(survival.checked),
        "above_chance": survival.above_chance(),
        "half_of_lift_kept": survival.half_lift_kept(),
        "in_words": words.message(survival_sentence(survival)),
    }


def _bundles(
    baskets: pd.DataFrame,
    prices: pd.DataFrame,
    as_of: dt.date,
    search: Search,
    session: Session,
    options: argparse.Namespace,
) -> Outcome:
    """Bundles as a document, a file and sentences."""
    margin = options.margin if options.margin is not None else session.shop.settings.margin
    year = baskets[baskets["at"] > pd.Timestamp(as_of) - pd.Timedelta(days=364)]
    price_by_product = dict(zip(prices["product"], prices["price"], strict=True))
    listed = find_bundles(
        find_rules(baskets, search),
        index_baskets(year),
        price_by_product,
        BundleTerms(margin, options.uplift),
    )
    if options.out:
        write_table(bundles_table(listed, session.words), options.out)
    document = {"uplift": options.uplift, "margin": margin or None, "bundles": [_bundle(b) for b in listed]}
    lines = [f"{' + '.join(b.products)}: {bundle_sentences(b, session.words)}" for b in listed]
    return Outcome(document, lines)


def _bundle(bundle: Bundle) -> dict[str, Any]:
    """A bundle without the rule behind it; the price is null where the margin is not known."""
    document = {key: value for key, value in asdict(bundle).items() if key != "rule"}
    return document | {
        "products": list(bundle.products),
        "price": bundle.price if bundle.margin is not None else None,
    }


def read_baskets(path: Path, mapping: dict[str, str]) -> pd.DataFrame:
    """The BASKETS frame of a plain file with an order and a product on each row."""
    with tempfile.TemporaryDirectory() as scratch:
        text = open_file(path, Path(scratch))
        columns = guess_columns(text.columns) | mapping
        order = columns.get("order_id")
        product = columns.get("product") or columns.get("product_id")
        for column in (order, product):
            if column is None or column not in text.columns:
                raise UnknownColumn(column=column or "order_id, product", known=", ".join(text.columns))
        batches = [pa.table({"order": b.column(order), "product": b.column(product)}) for b in text.batches()]
        rows = pa.concat_tables(batches).filter(pc.not_equal(pa.concat_tables(batches)["product"], ""))
        names = rows["product"].to_pandas().map(clean_cell)
        baskets = pd.factorize(rows["order"].to_pandas())[0]
    return pd.DataFrame({"basket": baskets, "product": names}).drop_duplicates(ignore_index=True)
