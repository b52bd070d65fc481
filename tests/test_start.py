"""The start's decisions, with stand-ins for pip, ports and the rest: every failure is one sentence and exit code 1."""

from __future__ import annotations

import ast
import importlib.util
import io
import shutil
import subprocess
import sys
import tempfile
import webbrowser
from pathlib import Path

import pytest

import start
from launch import browsers, libraries, ports, sentences, server
from launch.sentences import SENTENCES, Stop
from ui import shop_mark, terminal_language

ROOT = Path(start.__file__).parent
READ_BY_OLD_PYTHON = [ROOT / "start.py", ROOT / "ui" / "__init__.py", *sorted((ROOT / "launch").glob("*.py"))]


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of nothing: an app folder with two requirements files, where `.venv` may be made."""
    (tmp_path / "requirements.txt").write_text("one==1\ntwo==2 ; sys_platform == 'win32'\n", encoding="utf-8")
    monkeypatch.setattr(libraries, "ROOT", tmp_path)
    monkeypatch.setattr(start, "ROOT", tmp_path)
    monkeypatch.setattr(libraries, "VENV", tmp_path / ".venv")
    return tmp_path


class Pip:
    """Stands in for making the environment and for pip; counts how often each was asked."""

    def __init__(self, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.place, self.made, self.runs = place, 0, 0
        self.fails: Stop | None = None
        self.interrupted = False
        monkeypatch.setattr(libraries, "make_venv", self.make)
        monkeypatch.setattr(libraries, "run_pip", self.run)
        monkeypatch.setattr(libraries, "made_by_this_python", lambda: libraries.venv_python().exists())

    def make(self) -> None:
        self.made += 1
        libraries.venv_python().parent.mkdir(parents=True, exist_ok=True)
        libraries.venv_python().write_text("python", encoding="utf-8")

    def run(self, _requirements: Path) -> None:
        self.runs += 1
        if self.interrupted:
            raise KeyboardInterrupt
        if self.fails:
            raise self.fails


@pytest.fixture
def pip(place: Path, monkeypatch: pytest.MonkeyPatch) -> Pip:
    return Pip(place, monkeypatch)


# ---------------------------------------------------------------------------------------------- words


@pytest.mark.parametrize("path", READ_BY_OLD_PYTHON, ids=lambda path: path.name)
def test_an_old_python_can_read_the_start(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 6))
    imports = [
        node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == "__future__"
    ]
    assert not imports  # `annotations` is 3.7's
    subscripted = [node.value for node in ast.walk(tree) if isinstance(node, ast.Subscript)]
    named = {value.id for value in subscripted if isinstance(value, ast.Name)}
    assert not named & {"list", "dict", "tuple", "set", "type"}  # `list[str]` is 3.9's


def test_the_start_needs_pythons_own_library_only() -> None:
    for path in READ_BY_OLD_PYTHON:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [node.module] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            tops = {str(name).split(".", 1)[0] for name in names}
            assert tops <= {*sys.stdlib_module_names, "launch", "ui"}, path


def test_each_sentence_has_the_same_holes_in_both_languages() -> None:
    def holes(text: str) -> set[str]:
        return {part.split("}")[0] for part in text.split("{")[1:]}

    assert all(holes(english) == holes(chinese) for english, chinese in SENTENCES.values())


@pytest.mark.parametrize(
    ("environ", "language"),
    [({"LANG": "zh_CN.UTF-8"}, "zh_CN"), ({"LC_ALL": "zh_TW"}, "zh_CN"), ({"LANG": "de_DE.UTF-8"}, "en"),
     ({"LC_ALL": "en_GB", "LANG": "zh_CN"}, "en")],
)  # fmt: skip
def test_the_terminal_speaks_its_locale(environ: dict[str, str], language: str) -> None:
    assert terminal_language(environ) == language


def test_a_terminal_without_chinese_gets_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    said = {}
    for encoding in ("utf-8", "ascii"):
        terminal = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
        monkeypatch.setattr(sys, "stdout", terminal)
        sentences.say("ready")
        said[encoding] = terminal.buffer.getvalue().decode()
    monkeypatch.undo()
    assert said == {"utf-8": "一切就绪。\n", "ascii": "Everything is in place.\n"}


# ---------------------------------------------------------------------------------------------- Python


def stopped(key: str, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What `start.py ARGUMENTS` says when it ends with exit code 1 for the reason `key`."""
    assert start.main(list(arguments)) == 1
    said = capsys.readouterr().out
    assert SENTENCES[key][0].split("{")[0].strip() in said
    assert "Traceback" not in said
    return said


def test_too_old_a_python(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 4, "final", 0))
    assert "needs Python 3.11 or newer, and this is Python 3.10" in stopped("python_too_old", capsys)


@pytest.mark.parametrize("missing", ["venv", "ensurepip"])
def test_no_venv_module(
    missing: str, place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == missing else found(name))
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert f"sudo apt install python{version}-venv\n" in stopped("no_venv", capsys)


def test_a_folder_that_cannot_be_written(
    pip: Pip, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_options: object) -> None:
        raise PermissionError

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    assert str(pip.place) in stopped("read_only", capsys)
    assert pip.runs == 0


# ---------------------------------------------------------------------------------------------- libraries


def test_what_is_installed_is_left_alone(pip: Pip) -> None:
    requirements = pip.place / "requirements.txt"
    for _ in range(3):
        libraries.install(requirements)
    assert (pip.made, pip.runs) == (1, 1)


def test_other_pins_are_installed_into_the_same_place(pip: Pip) -> None:
    requirements = pip.place / "requirements.txt"
    libraries.install(requirements)
    requirements.write_text("one==2\n", encoding="utf-8")
    libraries.install(requirements)
    assert (pip.made, pip.runs) == (1, 2)


def test_another_python_is_another_stamp(pip: Pip, monkeypatch: pytest.MonkeyPatch) -> None:
    requirements = pip.place / "requirements.txt"
    libraries.install(requirements)
    monkeypatch.setattr(sys, "version_info", (3, 99, 0))
    assert not libraries.is_installed(requirements)


def test_an_interrupted_install_is_done_again_from_the_beginning(pip: Pip) -> None:
    requirements = pip.place / "requirements.txt"
    pip.interrupted = True
    with pytest.raises(KeyboardInterrupt):
        libraries.install(requirements)
    assert libraries.stamp(requirements) == libraries.UNFINISHED
    pip.interrupted = False
    libraries.install(requirements)
    assert (pip.made, pip.runs) == (2, 2)
    assert libraries.is_installed(requirements)


def test_without_a_network_nothing_that_was_there_is_lost(
    pip: Pip, capsys: pytest.CaptureFixture[str]
) -> None:
    requirements = pip.place / "requirements.txt"
    libraries.install(requirements)
    before = libraries.stamp(requirements)
    requirements.write_text("one==2\n", encoding="utf-8")
    pip.fails = Stop("no_network")
    stopped("no_network", capsys)
    assert libraries.stamp(requirements) == before
    assert pip.made == 1


@pytest.mark.parametrize(
    ("line", "key"),
    [
        (
            "WARNING: Retrying (Retry(total=1)) after connection broken by 'NewConnectionError(...)'",
            "no_network",
        ),
        ("socket.gaierror: [Errno -3] Temporary failure in name resolution", "no_network"),
        (
            "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
            "disk_full",
        ),
        ("ERROR: No matching distribution found for one==1", "install_failed"),
    ],
)
def test_why_pip_failed(line: str, key: str) -> None:
    assert libraries.pip_failure(["Collecting one", line]).key == key


@pytest.mark.parametrize(
    ("line", "name"),
    [("Collecting pyarrow-hotfix==0.7 (from -r requirements.txt)", "pyarrow-hotfix"), ("Collecting six", "six"),
     ("Processing /wheels/et_xmlfile-2.0.0-py3-none-any.whl", "et_xmlfile"),
     ("Requirement already satisfied: pip>=23 in /x", "pip")],
)  # fmt: skip
def test_the_library_that_pip_looks_at(line: str, name: str) -> None:
    found = libraries.LIBRARY.match(line)
    assert found
    assert found.group(1) == name


def test_pips_progress_is_told_every_ten_libraries(capsys: pytest.CaptureFixture[str]) -> None:
    lines = [f"Collecting lib{n}==1 (from -r requirements.txt)\n" for n in range(1, 26)]
    kept = libraries.follow_pip([*lines, "Installing collected packages: lib1\n"], 25)
    assert len(kept) == 26
    assert capsys.readouterr().out.splitlines() == [
        "    10 of 25: lib10",
        "    20 of 25: lib20",
        "Unpacking them …",
    ]


# ---------------------------------------------------------------------------------------------- ports


def nobody(_port: int) -> bool:
    return False


def test_the_default_port_when_it_is_free() -> None:
    assert ports.choose_port(None, lambda _port: True, nobody) == (8510, False)


def test_the_next_free_port_is_taken_and_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert ports.choose_port(None, lambda port: port > 8511, nobody) == (8512, False)
    assert capsys.readouterr().out == "Port 8510 is in use already; port 8512 is taken instead.\n"


def test_the_same_shop_is_not_served_twice() -> None:
    # It runs on 8511, and 8510 has become free since.
    assert ports.choose_port(None, lambda port: port != 8511, lambda port: port == 8511) == (8511, True)
    assert ports.choose_port(8600, nobody, lambda port: port == 8600) == (8600, True)


def test_a_taken_port_that_was_asked_for() -> None:
    with pytest.raises(Stop) as stop:
        ports.choose_port(8600, nobody, nobody)
    assert (stop.value.key, stop.value.params) == ("port_taken", {"port": 8600, "other": 8601})


def test_ten_taken_ports() -> None:
    with pytest.raises(Stop) as stop:
        ports.choose_port(None, nobody, nobody)
    assert (stop.value.key, stop.value.params) == (
        "ports_taken",
        {"first": 8510, "last": 8519, "other": 8619},
    )


@pytest.mark.parametrize(
    ("answer", "same"),
    [((200, '{"app": "regulars", "shop": "m1"}'), True), ((200, '{"app": "regulars", "shop": "m2"}'), False),
     ((200, "<html>"), False), ((404, ""), False), ((0, ""), False)],
)  # fmt: skip
def test_an_instance_is_known_by_its_mark(
    answer: tuple[int, str], same: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ports, "fetch", lambda _port, _path: answer)
    assert ports.serves_shop(8510, "m1") is same


def test_the_mark_is_of_the_folder_however_it_is_written(tmp_path: Path) -> None:
    direct, round_about = str(tmp_path / "shop"), str(tmp_path / "other" / ".." / "shop")
    assert shop_mark({"LOYALTY_SHOP": direct}) == shop_mark({"LOYALTY_SHOP": round_about})
    assert shop_mark({"LOYALTY_SHOP": direct}) != shop_mark({}) == shop_mark({"LOYALTY_SHOP": ""})


# ---------------------------------------------------------------------------------------------- the app


class Child:
    """Stands in for the server's process."""

    def __init__(self, returncode: int | None = None) -> None:
        self.returncode = returncode
        self.asked: list[str] = []

    def poll(self) -> int | None:
        return self.returncode

    def terminate(self) -> None:
        self.asked.append("terminate")

    def kill(self) -> None:
        self.asked.append("kill")

    def wait(self, timeout: float | None = None) -> int:
        if timeout is not None and "kill" not in self.asked:
            raise subprocess.TimeoutExpired("server", timeout)
        return 0


def test_a_server_that_dies_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "fetch", lambda _port, _path: (0, ""))
    with pytest.raises(Stop) as stop:
        server.wait_until_healthy(Child(returncode=3), 8510)  # type: ignore[arg-type]
    assert (stop.value.key, stop.value.params) == ("server_died", {"code": 3})


def test_a_server_that_does_not_listen_is_ended_by_force() -> None:
    child = Child()
    server.end_child(child)  # type: ignore[arg-type]
    assert child.asked[-1] == "kill"


def test_ctrl_c_ends_the_server_and_says_goodbye(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[object] = []

    def press_ctrl_c(_child: object, _port: int) -> None:
        raise KeyboardInterrupt

    child = Child()
    monkeypatch.setattr(start, "start_server", lambda _port: child)
    monkeypatch.setattr(start, "wait_until_healthy", press_ctrl_c)
    monkeypatch.setattr(start, "end_child", ended.append)
    assert start.serve_until_ended(8510, browser=False) == 0
    assert child in ended
    assert capsys.readouterr().out.splitlines()[-1] == SENTENCES["goodbye"][0]


def test_the_browser_goes_to_the_instance_that_runs(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shown: list[str] = []
    monkeypatch.setenv("LOYALTY_SHOP", "")
    monkeypatch.setattr(start, "choose_port", lambda *_: (8511, True))
    monkeypatch.setattr(webbrowser, "open", shown.append)
    assert start.serve(start.read_options(["--shop", str(tmp_path)])) == 0
    assert shown == ["http://127.0.0.1:8511"]
    assert "already running with this shop" in capsys.readouterr().out


# ---------------------------------------------------------------------------------------------- the checks


def test_options_of_the_tests_are_pytests_own() -> None:
    options = start.read_options(["test", "-k", "gate", "--maxfail=1"])
    assert (options.what, options.pytest) == ("test", ["-k", "gate", "--maxfail=1"])
    assert start.read_options(["setup", "--test"]).test
    assert start.read_options([]).port is None
    assert start.read_options([]).browser


def test_a_browser_is_taken_from_the_environment_first(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    given = tmp_path / "chromium"
    given.write_text("", encoding="utf-8")
    monkeypatch.setenv("CHROMIUM", str(given))
    assert browsers.find_browser() == str(given)


def test_a_browser_that_does_not_start_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(shutil, "which", lambda name: f"/bin/{name}")
    monkeypatch.setattr(browsers, "starts", lambda path: path == "/bin/google-chrome")
    assert browsers.find_browser() == "/bin/google-chrome"


def test_no_browser_is_said(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browsers, "find_browser", str)
    monkeypatch.setattr(browsers, "playwright_browser", str)
    monkeypatch.setattr(browsers, "apt_install", lambda *_: False)
    monkeypatch.setattr(browsers, "quietly", lambda *_, **__: False)
    assert browsers.provide_browser() == ""
    assert SENTENCES["no_browser"][0] in capsys.readouterr().out
