"""The parser of the command line. Global options may come before or after the command."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from typing import NoReturn

from loyalty.cli.arguments import COMMAND_GROUPS, add_global_options

#: Earlier names of commands, which still work: today's name, and the JSON keys that the earlier one had.
OLD_NAMES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "doors": ("channel-overlap", {"channel_overlap": "doors"}),
    "targets": ("goals", {"goals": "targets"}),
}


class WrongUsage(Exception):
    """The command line is wrong; the text says how."""


class _Parser(argparse.ArgumentParser):
    """Raises instead of exiting, so that `--json` can answer in JSON."""

    def error(self, message: str) -> NoReturn:
        raise WrongUsage(f"{self.prog}: {message}")


def build() -> argparse.ArgumentParser:
    """Build the parser of all commands."""
    parser = _Parser(prog="python -m loyalty", description="Regulars from a terminal.")
    add_global_options(parser, top=True)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=_Parser)

    def command(name: str, help_text: str) -> argparse.ArgumentParser:
        earlier = [old for old, (new, _) in OLD_NAMES.items() if new == name]
        added = commands.add_parser(name, aliases=earlier, help=help_text, description=help_text)
        add_global_options(added, top=False)
        return added

    for add_commands in COMMAND_GROUPS:
        add_commands(command)
    return parser


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Parse a command line. Raises WrongUsage.

    `options.command` is today's name of the command; `options.old_name` the earlier name if that was given, else "".
    """
    options = build().parse_args(list(arguments))
    options.old_name = options.command if options.command in OLD_NAMES else ""
    if options.old_name:
        options.command = OLD_NAMES[options.old_name][0]
    return options


def require_arguments(options: argparse.Namespace, *names: str) -> None:
    """Raise WrongUsage where arguments that an action needs are missing."""
    missing = [name.upper() for name in names if getattr(options, name) is None]
    if missing:
        raise WrongUsage(
            f"python -m loyalty {options.command} {options.action}: {' '.join(missing)} is missing"
        )
