"""import, imports, undo, rejected, sources: their answers, exit codes and sentences."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

from tests.cli.conftest import Cli
from tests.intake.builders import GENERIC, LAYOUTS, SHOPIFY, generic_row, save, shopify_rows, text_of

ROOT = Path(__file__).resolve().parents[2]
KEYS = {
    "file",
    "source",
    "kind",
    "encoding",
    "rows",
    "accepted",
    "duplicates",
    "updated",
    "rejected",
    "not_records",
    "import_id",
    "questions",
}


def test_import_counts_every_row(cli: Cli, tmp_path: Path) -> None:
    path = save(tmp_path, "shopify.csv", text_of(SHOPIFY, shopify_rows()))
    code, answer = cli("import", path)
    (entry,) = answer["files"]
    assert code == 0
    assert entry.keys() >= KEYS
    assert {key: entry[key] for key in KEYS} == {
        "file": str(path),
        "source": "shopify",
        "kind": "orders",
        "encoding": "utf-8",
        "rows": 10,
        "accepted": 10,
        "duplicates": 0,
        "updated": 0,
        "rejected": 0,
        "not_records": 0,
        "import_id": 1,
        "questions": [],
    }
    code, answer = cli("import", path)
    assert (
        code,
        answer["files"][0]["accepted"],
        answer["files"][0]["duplicates"],
        answer["files"][0]["import_id"],
    ) == (0, 0, 10, 1)


def test_import_takes_several_files_of_several_kinds(cli: Cli, tmp_path: Path) -> None:
    paths = []
    for name in ("shopify", "woocommerce-webtoffee", "generic"):
        header, rows, encoding, _ = LAYOUTS[name]
        paths.append(save(tmp_path, f"{name}.csv", text_of(header, rows), encoding))
    paths.append(save(tmp_path, "survey.csv", "email,date,score\nann@example.com,2025-03-04,5\n"))
    code, answer = cli(
        "import", *paths
    )  # the made-up shops of two layouts sell the very same: the owner is asked
    assert code == 3
    assert [[q["key"] for q in entry["questions"]] for entry in answer["files"]] == [
        [],
        ["same_sale:shopify"],
        [],
        [],
    ]
    assert cli("imports") == (0, {"imports": []})
    code, answer = cli("import", *paths, "--same-sale", "shopify=no")
    assert code == 0
    assert [(entry["source"], entry["kind"]) for entry in answer["files"]] == [
        ("shopify", "orders"),
        ("woocommerce-webtoffee", "orders"),
        ("generic", "orders"),
        ("survey", "feedback"),
    ]


def test_import_asks_with_exit_code_3_and_changes_nothing(cli: Cli, tmp_path: Path) -> None:
    unsure = save(
        tmp_path,
        "unsure.csv",
        text_of(GENERIC, [generic_row(1, "Ann", "Tea", "1", "5.00", Date="03/04/2025")]),
    )
    sure = save(tmp_path, "sure.csv", text_of(SHOPIFY, shopify_rows()))
    code, answer = cli("import", sure, unsure)
    assert code == 3
    (question,) = answer["files"][1]["questions"]
    assert (question["key"], question["options"], question["examples"]) == (
        "date_order",
        ["DMY", "MDY"],
        ["03/04/2025"],
    )
    assert answer["files"][0]["import_id"] is None
    assert cli("imports") == (0, {"imports": []})
    code, answer = cli("import", unsure, "--date-order", "DMY")
    assert (code, answer["files"][0]["accepted"]) == (0, 1)
    again = save(
        tmp_path,
        "again.csv",
        text_of(GENERIC, [generic_row(2, "Ann", "Tea", "1", "5.00", Date="05/04/2025")]),
    )
    code, answer = cli("import", again)
    assert (code, answer["files"][0]["questions"]) == (0, [])


def test_import_fails_with_exit_code_1_and_a_sentence(cli: Cli, tmp_path: Path) -> None:
    empty, good = (
        save(tmp_path, "empty.csv", ""),
        save(tmp_path, "good.csv", text_of(SHOPIFY, shopify_rows())),
    )
    code, answer = cli("import", empty)
    assert code == 1
    assert answer["error"].startswith("“empty.csv” is empty.")
    assert answer["files"][0]["error"] == answer["error"]
    code, answer = cli("import", empty, good, tmp_path / "gone.csv")
    assert code == 1
    assert ["error" in entry for entry in answer["files"]] == [True, False, True]
    assert answer["files"][1]["accepted"] == 10


def test_import_rejects_wrong_answers_with_a_sentence(cli: Cli, tmp_path: Path) -> None:
    path = save(tmp_path, "a.csv", text_of(GENERIC, [generic_row(1, "Ann", "Tea", "1", "5.00")]))
    for options, sentence in (
        (("--source", "etsyy"), "“etsyy” is not a platform this app knows."),
        (("--map", "order_id=Nope"), "The file has no column “Nope”."),
        (("--map", "shoe=Qty"), "“shoe” is nothing this app reads."),
        (("--encoding", "klingon"), "The characters of “a.csv” could not be read."),
    ):
        code, answer = cli("import", path, *options)
        assert code == 1
        assert answer["error"].startswith(sentence)


def test_import_dry_run_changes_nothing(cli: Cli, tmp_path: Path) -> None:
    path = save(tmp_path, "a.csv", text_of(SHOPIFY, shopify_rows()))
    code, answer = cli("import", path, "--dry-run")
    assert (code, answer["files"][0]["accepted"], answer["files"][0]["import_id"]) == (0, 10, None)
    assert cli("imports")[1] == {"imports": []}


def test_import_reads_a_table_by_the_given_mapping(cli: Cli, tmp_path: Path) -> None:
    path = save(
        tmp_path, "a.csv", "wer;wann;wieviel;stand\nAnn;03.04.2025;1.234,50;gut\nAnn;05.04.2025;2,00;weg\n"
    )
    options = [
        "--map",
        "customer_id=wer,ordered_at=wann,total=wieviel,status=stand",
        "--status",
        "gut=paid,weg=cancelled",
    ]
    code, answer = cli(
        "import",
        path,
        *options,
        "--date-order",
        "DMY",
        "--decimal",
        ",",
        "--currency",
        "eur",
        "--channel",
        "market",
    )
    assert (code, answer["files"][0]["accepted"]) == (0, 2)
    code, answer = cli("kpis", "--by", "channel")
    assert (answer["revenue"], answer["currency"], answer["channels"]) == (
        1234.5,
        "EUR",
        [{"channel": "market", "orders": 1, "revenue": 1234.5}],
    )


def test_imports_undo_and_rejected(cli: Cli, tmp_path: Path) -> None:
    rows = [generic_row(1, "Ann", "Tea", "1", "5.00"), generic_row(2, "Ann", "Tea", "one", "5.00")]
    path, out = save(tmp_path, "a.csv", text_of(GENERIC, rows)), tmp_path / "rejected.csv"
    cli("import", path)
    code, answer = cli("rejected", 1, "--out", out)
    assert (code, answer) == (0, {"import_id": 1, "rejected": 1, "out": str(out)})
    text = out.read_text("utf-8-sig").splitlines()
    assert text[0] == ",".join([*GENERIC, "regulars import", "regulars line", "regulars reason"])
    assert text[1] == "00002,Ann,2025-03-02 10:00,Tea,one,5.00,paid,,,1,3,“one” is not a number"
    out.write_text(out.read_text("utf-8-sig").replace(",one,", ",3,"), "utf-8")
    assert cli("import", out)[1]["files"][0]["accepted"] == 1
    assert cli("kpis")[1]["revenue"] == 5.0 + 3 * 5.0
    code, answer = cli("undo", 2)
    assert (code, answer["import_id"], answer["undone_at"]) == (0, 2, "2026-01-02T03:04:05")
    code, answer = cli("imports")
    assert [
        (i["import_id"], i["undone_at"] is not None, i["rows"], i["rejected"]) for i in answer["imports"]
    ] == [(2, True, 1, 0), (1, False, 2, 1)]
    assert cli("undo", 2) == (1, {"error": "Import 2 has been undone before."})
    assert cli("undo", 7) == (1, {"error": "There is no import 7. The history lists all of them."})
    assert cli("rejected", 7, "--out", out)[0] == 1
    code, answer = cli("rejected", 1, "--out", tmp_path / "no" / "where.csv")
    assert (code, answer["error"]) == (1, f"The file “{tmp_path / 'no' / 'where.csv'}” cannot be written.")


def test_sources_say_how_to_export(cli: Cli) -> None:
    code, answer = cli("sources")
    assert code == 0
    assert {source["name"] for source in answer["sources"]} >= {
        "shopify",
        "square",
        "woocommerce-webtoffee",
        "woocommerce-algolplus",
        "etsy",
        "stripe",
        "paypal",
        "ebay",
        "amazon",
        "gumroad",
        "toast",
        "taobao",
        "youzan",
        "douyin",
        "pinduoduo",
        "jd",
        "weidian",
        "generic",
        "survey",
    }
    kinds = {source["name"]: source["kinds"] for source in answer["sources"]}
    assert all(source["how_to_export"] for source in answer["sources"])
    assert all(kinds[f"{name}-customers"] == ["customers"] for name in ("shopify", "square", "youzan"))
    assert (kinds["shopify"], kinds["gumroad"]) == (["orders"], ["orders", "feedback"])
    assert {*kinds["generic"], *kinds["survey"]} == {
        "orders",
        "customers",
        "feedback",
        "events",
        "referrals",
        "spend",
    }


FILES = {
    "customers": "email,birthday,newsletter\nann@example.com,--03-04,yes\n",
    "feedback": "email,date,score\nann@example.com,2025-03-04,5\n",
    "events": "email,time,event\nann@example.com,2025-03-04,view\n",
    "referrals": "date,referrer,friend\n2025-03-04,ann@example.com,ben@example.com\n",
    "spend": "month,channel,spend\n2025-03,Ads,12.50\n",
}


def test_import_of_every_kind_with_and_without_naming_it(cli: Cli, tmp_path: Path) -> None:
    for kind, text in FILES.items():
        code, answer = cli("import", save(tmp_path, f"{kind}.csv", text), "--dry-run")
        assert (code, answer["files"][0]["kind"], answer["files"][0]["accepted"]) == (0, kind, 1)
        code, answer = cli("import", tmp_path / f"{kind}.csv", "--kind", kind)
        (entry,) = answer["files"]
        assert (code, entry["kind"], entry["rows"], entry["accepted"], entry["questions"]) == (
            0,
            kind,
            1,
            1,
            [],
        )
    assert [record["kind"] for record in cli("imports")[1]["imports"]] == list(reversed(FILES))


def test_an_unknown_status_is_a_question_and_status_answers_it(cli: Cli, tmp_path: Path) -> None:
    path = save(tmp_path, "a.csv", "time,event\n2025-03-04,gawked\n")
    code, answer = cli("import", path)
    (question,) = answer["files"][0]["questions"]
    assert (code, question["key"], question["column"]) == (3, "status:gawked", "event")
    assert question["options"] == ["view", "search", "cart", "like", "comment", "share", "other"]
    assert cli("import", path, "--status", "gawked=view")[0] == 0
    code, answer = cli("import", path, "--kind", "spend", "--map", "birthday=time")
    assert code == 1
    assert (
        answer["error"] == "“birthday” is nothing this app reads. It reads: month, channel, amount, currency."
    )


def test_wrong_usage_is_exit_code_2(cli: Cli, plain: Callable[..., tuple[int, str, str]]) -> None:
    for arguments in (
        (),
        ("nonsense",),
        ("undo",),
        ("undo", "x"),
        ("import",),
        ("kpis", "--from", "yesterday"),
        ("import", "a", "--map", "x"),
        ("import", "a", "--date-order", "XYZ"),
        ("import", "a", "--kind", "shoes"),
        ("rewards", "dance"),
        ("rewards", "balance"),
        ("rewards", "coupons"),
    ):
        code, answer = cli(*arguments)
        assert (code, list(answer)) == (2, ["error"]), arguments
    code, out, err = plain("undo")
    assert (code, out) == (2, "")
    assert "ID" in err


def test_output_without_json_is_sentences(plain: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    path = save(tmp_path, "a.csv", text_of(SHOPIFY, shopify_rows()))
    code, out, _ = plain("import", path)
    assert code == 0
    assert (
        out
        == f"“{path}”: 10 rows read; 10 taken in (0 of them change earlier orders), 0 known already, 0 rejected, 0 no records.\n"
        "  The shop has no currency yet. It becomes EUR, as this file is in it.\n"
    )
    assert plain("import", path)[1] == f"“{path}” was brought in before (import 1); nothing was added.\n"
    assert "a.csv" in plain("imports")[1]
    assert plain("undo", 1)[1] == "Import 1 (“a.csv”) is undone.\n"
    code, out, err = plain("import", save(tmp_path, "empty.csv", ""))
    assert (code, out + err) == (
        1,
        "“empty.csv” is empty. Export it again from your shop and check that the export has finished.\n",
    )


def test_the_same_in_a_separate_process(tmp_path: Path) -> None:
    """As a schedule would start it: the shop named by the environment, one JSON document, no traceback."""
    path = save(tmp_path, "a.csv", text_of(SHOPIFY, shopify_rows()))
    environment = {**os.environ, "LOYALTY_SHOP": str(tmp_path / "shop")}

    def start(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "loyalty", *arguments, "--json"],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
        )

    done = start("import", str(path))
    assert (done.returncode, json.loads(done.stdout)["files"][0]["accepted"]) == (0, 10)
    done = start("kpis")
    assert (done.returncode, json.loads(done.stdout)["revenue"]) == (0, 56.0)
    (tmp_path / "shop" / "shop.duckdb").write_bytes(b"no database")
    done = start("kpis")
    assert done.returncode == 1
    assert "cannot be opened" in json.loads(done.stdout)["error"]
    assert "Traceback" not in done.stderr


def test_an_archive_of_several_tables_is_imported_table_by_table(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("orders.csv", text_of(SHOPIFY, shopify_rows()))
        out.writestr("own.csv", text_of(GENERIC, [generic_row(1, "Ann", "Tea", "1", "5.00")]))
    code, answer = cli("import", path)
    assert code == 0
    assert [(entry["file"], entry["source"], entry["accepted"]) for entry in answer["files"]] == [
        (f"{path}/orders.csv", "shopify", 10),
        (f"{path}/own.csv", "generic", 1),
    ]
    names = [record["file"] for record in cli("imports")[1]["imports"]]
    assert names == ["export.zip/own.csv", "export.zip/orders.csv"]


def test_a_folder_stands_for_the_files_in_it(cli: Cli, tmp_path: Path) -> None:
    """By name, without hidden and temporary files and folders within; what is known changes nothing."""
    folder = tmp_path / "exports"
    orders = text_of(GENERIC, [generic_row(1, "Ann", "Tea", "1", "5.00")])
    save(folder, "b.csv", text_of(SHOPIFY, shopify_rows()))
    save(folder, "a.csv", orders)
    save(folder, "c.csv", orders)  # the same bytes once more
    for name in (".DS_Store", "~$x.xlsx", ".hidden.csv", "Thumbs.db", "d.csv.part", "e.csv~", "f.crdownload"):
        save(folder, name, b"\0\1\2")
    save(folder / "older", "z.csv", orders)
    code, answer = cli("import", folder)
    assert code == 0
    assert [
        (Path(e["file"]).name, e["accepted"], e["duplicates"], e["import_id"]) for e in answer["files"]
    ] == [
        ("a.csv", 1, 0, 1),
        ("b.csv", 10, 0, 2),
        ("c.csv", 0, 1, 1),
    ]
    before = cli("kpis")[1]
    code, answer = cli("import", folder)
    assert code == 0
    assert [(e["known"], e["accepted"]) for e in answer["files"]] == [(True, 0)] * 3
    assert len(cli("imports")[1]["imports"]) == 2
    assert cli("kpis")[1] == before


def test_a_folder_with_one_bad_file_imports_the_others(cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    save(folder, "a.csv", "")
    save(folder, "b.csv", text_of(SHOPIFY, shopify_rows()))
    code, answer = cli("import", folder)
    assert code == 1
    assert ["error" in entry for entry in answer["files"]] == [True, False]
    assert answer["files"][1]["accepted"] == 10


def test_an_empty_folder_is_reported(cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    save(folder, ".DS_Store", b"x")
    code, answer = cli("import", folder)
    assert (code, answer["error"]) == (1, f"There are no files in the folder “{folder}”.")
