"""A page of the documentation run as its reader would: every block, in order, in one shell."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

FENCED = re.compile(r"^```(sh|console)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MARK = "\x1e"
# What differs from run to run: moments, hashes and ids, scores.
_VARIES = (
    (re.compile(r"\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?(?: UTC|Z)?"), "<moment>"),
    (re.compile(r"\b(?:[a-z]{1,2}-)?[0-9a-f]{12,64}\b"), "<hash>"),
    (re.compile(r"\b[01]\.\d\d\b"), "<score>"),
)


@dataclass(frozen=True)
class Step:
    """One command, and the output that the page shows for it; None where it shows none."""

    command: str
    shown: str | None


@dataclass(frozen=True)
class Done:
    """A command that was run: its exit code, and stdout and stderr as they came."""

    step: Step
    code: int
    output: str


def steps(text: str) -> Iterator[Step]:
    """Yield the commands of a page: a sh block is one, a console block holds one behind each `$ `."""
    for kind, block in FENCED.findall(text):
        if kind == "sh":
            yield Step(block, None)
            continue
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, shown = part.partition("\n")
            yield Step(command, shown)


def runs_as_written(page: Path, home: Path, variables: Mapping[str, str], replaced: Mapping[str, str]) -> list[Done]:
    """Run a page; fail unless every command of it exits with 0 and prints what the page shows. Return what was run."""
    text = page.read_text(encoding="utf-8")
    done = run(text, home, variables, replaced)
    for one in done:
        assert one.code == 0, f"$ {one.step.command}\nexit {one.code}\n{one.output}"
        assert told(one), f"$ {one.step.command}\nshown:\n{one.step.shown}\nprinted:\n{one.output}"
    assert len(done) == len(list(steps(text)))
    return done


def run(text: str, home: Path, variables: Mapping[str, str], replaced: Mapping[str, str]) -> list[Done]:
    """Run a page in one bash process; `replaced` maps texts of the page, like a port, to those of this run."""
    for old, new in replaced.items():
        text = text.replace(old, new)
    found = list(steps(text))
    script = "exec 2>&1\ntrap 'kill $(jobs -p) 2>/dev/null' EXIT\n"
    script += "".join(f"{step.command.rstrip()}\nprintf '%s%s%s' '{MARK}' \"$?\" '{MARK}'\n" for step in found)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TRACKER_", "COLUMNS"))}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**kept, "PATH": path, "HOME": str(home), "XDG_DATA_HOME": str(home / "data"), **variables}
    done = subprocess.run(
        ["bash", "-c", script], cwd=home, env=environment, stdout=subprocess.PIPE, text=True, check=False
    )
    parts = done.stdout.split(MARK)
    return [Done(step, int(code), output) for step, output, code in zip(found, parts[0::2], parts[1::2], strict=False)]


def told(done: Done) -> bool:
    """Tell whether the output is the one shown: `…` stands for anything, a line of it for any lines."""
    return done.step.shown is None or bool(re.fullmatch(_pattern(_plain(done.step.shown)), _plain(done.output)))


def _plain(text: str) -> str:
    for varies, name in _VARIES:
        text = varies.sub(name, text)
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines() if line.strip())


def _pattern(shown: str) -> str:
    return "".join(
        r"(?:.*\n)*?" if line == "…" else re.escape(line).replace("…", ".*") + r"\n" for line in shown.splitlines()
    )
