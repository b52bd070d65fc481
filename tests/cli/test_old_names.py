"""Earlier names of commands go on working: the same document under the keys of then, and a hint where scripts do not read."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from loyalty.cli.parser import OLD_NAMES, parse
from loyalty.cli.run import COMMANDS
from tests.cli.conftest import Cli


@pytest.mark.parametrize("old", OLD_NAMES)
def test_an_old_name_prints_the_keys_it_had(old: str, cli: Cli) -> None:
    new, keys = OLD_NAMES[old]
    code, before = cli(old)
    _, now = cli(new)
    assert code == 0
    assert before == {keys.get(key, key): value for key, value in now.items()}
    assert set(keys.values()) <= before.keys()
    assert not set(keys) & before.keys()


@pytest.mark.parametrize("old", OLD_NAMES)
def test_the_hint_goes_to_standard_error(old: str, plain: Callable[..., tuple[int, str, str]]) -> None:
    assert f"“{old}” is now called “{OLD_NAMES[old][0]}”" in plain(old)[2]
    assert plain(OLD_NAMES[old][0])[2] == ""


def test_old_names_lead_to_commands_of_today() -> None:
    assert {new for new, _ in OLD_NAMES.values()} <= COMMANDS.keys()
    assert not OLD_NAMES.keys() & COMMANDS.keys()
    options = parse(["doors", "set", "a", "b", "same"])
    assert (options.command, options.old_name, options.action) == ("channel-overlap", "doors", "set")
    assert parse(["--shop", "doors", "kpis"]).old_name == ""
