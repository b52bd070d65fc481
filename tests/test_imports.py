"""Arrows between packages point one way: every import under loyalty/ is read, and none goes back."""

from __future__ import annotations

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
#: What each package may use besides itself, from the ground up.
MAY_USE: dict[str, str] = {
    "words": "",
    "columns": "",
    "errors": "words",
    "intake": "words errors columns",
    "store": "words errors columns intake",
    "shop": "words errors intake store",
    "facts": "words errors columns store",
    "purchase_model": "words errors columns",
    "customers": "words columns purchase_model",
    "measure": "words errors columns",
    "models": "words errors columns purchase_model customers measure",
    "rewards": "words errors columns facts customers measure models",
    "campaigns": "words errors columns facts measure models rewards",
    "exports": "words errors columns intake store facts purchase_model customers measure models rewards campaigns",
    "charts": "words columns purchase_model customers measure models rewards campaigns",
    "services": "words errors columns intake store shop facts purchase_model customers measure models rewards campaigns exports",
    "cli": "words errors columns intake store shop facts purchase_model customers measure models rewards campaigns exports services",
    "__main__": "cli",
}
FORBIDDEN = ("streamlit", "ui", "pages", "app", "tests", "start", "launch", "benchmarks", "sample_data")


def imports(path: Path) -> set[str]:
    """Full names of all modules that a file imports, those within functions too."""
    found = set[str]()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def module_of(name: str, known: set[str]) -> str:
    """The module that a name is from: the longest known prefix."""
    while name and name not in known:
        name = name.rpartition(".")[0]
    return name


def graph() -> dict[str, set[str]]:
    """Each module of loyalty/ with the modules of loyalty/ that it imports."""
    paths = {
        ".".join(p.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): p
        for p in (ROOT / "loyalty").rglob("*.py")
    }
    return {
        name: {module_of(used, set(paths)) for used in imports(path) if used.startswith("loyalty")} - {name}
        for name, path in paths.items()
    }


def package(module: str) -> str:
    """The package below loyalty/ that a module is in."""
    return module.split(".")[1] if "." in module else ""


def test_no_arrow_goes_back() -> None:
    wrong = [
        f"{name} -> {used}"
        for name, uses in graph().items()
        for used in uses
        if package(name) and package(used) not in {package(name), "", *MAY_USE[package(name)].split()}
    ]
    assert wrong == []


def test_every_package_has_its_place() -> None:
    assert {package(name) for name in graph()} - {""} <= set(MAY_USE)


def test_the_table_itself_has_no_cycle() -> None:
    order = list(
        TopologicalSorter({name: set(uses.split()) for name, uses in MAY_USE.items()}).static_order()
    )
    assert set(order) == set(MAY_USE)


def test_no_module_imports_itself_by_way_of_others() -> None:
    """Packages (`__init__`) that only gather their own modules' names are left out."""
    modules = graph()
    gathering = {name for name in modules if any(other.startswith(name + ".") for other in modules)}
    edges = {name: uses - gathering for name, uses in modules.items() if name not in gathering}
    assert len(list(TopologicalSorter(edges).static_order())) >= len(edges)


def test_the_logic_knows_nothing_of_screens() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in (ROOT / "loyalty").rglob("*.py")
        for name in imports(path)
        if name.split(".")[0] in FORBIDDEN
    ]
    assert wrong == []


def test_slow_libraries_wait_until_they_are_needed() -> None:
    """Each takes a moment to import, and most pages and commands need none of them."""
    program = "import sys, loyalty.cli.run, loyalty.services.figures; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = {name.split(".")[0] for name in done.stdout.split()}
    assert "loyalty" in loaded
    assert not loaded & {"statsmodels", "mlxtend", "matplotlib", "torch"}
