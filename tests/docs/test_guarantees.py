"""Every promise of docs/guarantees.md names tests that exist."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "guarantees.md"
PROMISE = re.compile(r"^- \*\*(\w+)\*\* (.*?)(?=^- \*\*|^#|\Z)", re.MULTILINE | re.DOTALL)
CITED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)(?:::(\w+))?`")


def promises() -> dict[str, str]:
    """Return the text of each promise by its number."""
    return dict(PROMISE.findall(PAGE.read_text(encoding="utf-8")))


def defined(path: Path) -> set[str]:
    """Return the names of a test file: functions, and classes made by hypothesis for their state machines."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    assigned = {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    return functions | assigned


def test_there_are_promises() -> None:
    """The page holds promises in the form that the next test reads."""
    assert len(promises()) > 20


@pytest.mark.parametrize("number", promises() if PAGE.exists() else ())
def test_a_promise_cites_tests_that_exist(number: str) -> None:
    """A promise without a test, or with one that was renamed, is no promise."""
    cited = CITED.findall(promises()[number])
    assert cited, f"{number} cites no test"
    for file, *names in cited:
        path = ROOT / file
        assert path.is_file(), f"{number} cites {file}"
        missing = {name for name in names if name} - defined(path)
        assert not missing, f"{number} cites {file}::{missing}"
