"""What the documentation names is there: modules, events, libraries."""

import re
import tomllib
from pathlib import Path

import pytest

from tracker.adapters.sql.codec import TYPES

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
FOLDERS = ("tracker", "tests", "benchmarks", "training", "docs", "config", "alembic", "seeds")
FILES = {path.relative_to(ROOT).as_posix() for folder in FOLDERS for path in (ROOT / folder).rglob("*")}
NAMED = re.compile(r"`(?:python )?((?:[\w*-]+/)*[\w*-]+\.(?:py|toml|service)|(?:[\w-]+/)+)(?:::\w+|[ `])")
MODULE = re.compile(r"python -m ((?:benchmarks|tests|tracker)(?:\.\w+)+)")
THEIRS = {"bridge.toml", "pyproject.toml", "tracker.jsonl", "back.jsonl", "verdicts.jsonl", "secrets/", "utils.py"}
"""What readers make, and a file that there must not be."""


def named(text: str) -> set[str]:
    """Return the files and folders of the project that a page names in its running text."""
    words = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    modules = {f"{name.replace('.', '/')}.py" for name in MODULE.findall(words)}
    return {*NAMED.findall(words), *modules} - THEIRS


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_module_that_a_page_names_is_there(page: Path) -> None:
    """A file or folder is named by the end of its path, `*` standing for part of a name; none is named that is gone."""
    gone = [name for name in named(page.read_text(encoding="utf-8")) if not found(name)]
    assert gone == []


def found(name: str) -> bool:
    """Tell whether the project has a file or folder whose path ends with this name."""
    wanted = re.compile(rf"(?:.*/)?{re.escape(name.rstrip('/')).replace(re.escape('*'), '[^/]*')}")
    return any(wanted.fullmatch(path) for path in FILES)


def test_names_are_found_in_running_text() -> None:
    """The test above would see them: files, folders, patterns and commands, but none in a block."""
    text = "`sql/tip.py`, `projections/`, `rendering/alert*.py`, `python benchmarks/look.py`, `python -m tests.made`\n"
    seen = {"sql/tip.py", "projections/", "rendering/alert*.py", "benchmarks/look.py", "tests/made.py"}
    assert named(f"{text}```\n`gone.py`\n```\n") == seen
    assert not found("adapters/sql/gone.py")


def test_the_page_of_the_log_names_every_event() -> None:
    """Each type of event that the log can hold is in the table, and no other."""
    rows = [line for line in (ROOT / "docs" / "event-log.md").read_text().splitlines() if line.startswith("| ")]
    told = {name for row in rows for name in re.findall(r"`([a-z]+\.[a-z]+)`", row.split("|")[2])}
    assert told == {name for name, _ in TYPES.values()}


def test_each_dependency_has_its_reason() -> None:
    """What pyproject.toml asks for, the extras and the tools of development are in the table, and nothing else is."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    extras = project["project"]["optional-dependencies"].values()
    wanted = [*project["project"]["dependencies"], *(one for extra in extras for one in extra)]
    tools = project["dependency-groups"]["dev"]
    product, _, development = (ROOT / "docs" / "dependencies.md").read_text().partition("For development:")
    assert reasons(product) == names(wanted)
    assert reasons(development) == names(tools)


def names(requirements: list[str]) -> set[str]:
    """Return what is required, without versions and extras."""
    return {re.split(r"[^\w-]", one)[0].lower() for one in requirements}


def reasons(text: str) -> set[str]:
    """Return the libraries that a table gives reasons for."""
    firsts = [line.split("|")[1] for line in text.splitlines() if line.startswith("| ") and "---" not in line]
    bare = [re.sub(r"\(.*?\)|>=.*| \d[\d.]*", "", first) for first in firsts]
    return {name.strip() for first in bare for name in first.split(",")} - {"library"}
