"""What the documentation says of commands, settings and files is so."""

import importlib.util
import re
import shlex
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

import click
import pytest

from tracker.entrypoints.cli.main import COMMANDS, cli

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "benchmarks").rglob("*.md")])
FENCED = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MOMENT = "2024-06-02T06:30Z"  # what a shell variable of the pages holds
NOTED = dict.fromkeys(("$head", "HASH"), "0" * 64)  # but these
IMAGE = re.compile(r"!\[([^\]]+)\]\(([^)\s]+)\)")
LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)")


def script() -> ModuleType:
    """Return docs/make_reference.py as a module."""
    spec = importlib.util.spec_from_file_location("make_reference", ROOT / "docs" / "make_reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def written() -> dict[str, str]:
    pages: dict[str, str] = script().pages()
    return pages


@pytest.mark.parametrize("name", ["docs/reference/cli.md", "docs/reference/configuration.md", "docs/reference/api.md"])
def test_the_reference_is_fresh(written: dict[str, str], name: str) -> None:
    """The committed page is what docs/make_reference.py writes; if not: make reference."""
    assert (ROOT / name).read_text(encoding="utf-8") == written[name]


def test_the_table_of_commands_says_what_the_commands_say() -> None:
    """`tracker --help` imports no command, so its table repeats the first line of each command's own help."""
    modules = {name: import_module(f"tracker.entrypoints.cli.{module}") for name, (module, _) in COMMANDS.items()}
    own = {name: (getattr(module, name).help or "").partition("\n")[0] for name, module in modules.items()}
    assert {name: words for name, (_, words) in COMMANDS.items()} == own


def test_no_short_help_is_cut_off() -> None:
    """In a terminal of 80 columns every list of commands shows whole sentences."""
    found = [("tracker", cli), *script().commands(cli, "tracker")]
    groups = [(path, command) for path, command in found if isinstance(command, click.Group)]
    for path, group in groups:
        listed = click.Context(group, info_name=path, terminal_width=80)
        assert not re.search(r"\.\.\.$", group.get_help(listed).partition("Commands:")[2], re.MULTILINE), path


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    """A link from one file of the project to another names a file that is there, and a heading that it has."""
    targets = [link for link in LINK.findall(page.read_text(encoding="utf-8")) if "://" not in link]
    for path, _, heading in (target.partition("#") for target in targets):
        linked = page.parent / path if path else page
        assert linked.exists(), path
        assert not heading or heading in anchors(linked), f"{path}#{heading}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_image_is_there_and_small(page: Path) -> None:
    """A picture is a PNG under 300 kB, and its words say to who cannot see it what it shows."""
    for words, path in IMAGE.findall(page.read_text(encoding="utf-8")):
        picture = (page.parent / path).read_bytes()
        assert picture.startswith(b"\x89PNG")
        assert len(picture) < 300_000, path
        assert len(words) > 40, path


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_in_the_documentation_can_be_typed(page: Path) -> None:
    """Each line of a shell block that calls tracker is understood by its command line: names, options, arguments."""
    for line in calls(page.read_text(encoding="utf-8")):
        words = [NOTED.get(word, MOMENT if word.startswith("$") else word) for word in shlex.split(line, comments=True)]
        understood(cli, words[1:], line)


def anchors(page: Path) -> set[str]:
    """Return the names under which the headings of a page can be linked."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def calls(text: str) -> Iterator[str]:
    """Yield the calls of tracker in the shell blocks of a page."""
    for kind, block in FENCED.findall(text):
        if kind in {"sh", "console"}:
            for line in block.replace("\\\n", " ").splitlines():
                call = re.search(r"(?:^|[;&|] )(?:sudo -u \w+ )?(tracker (?:[^;&|>]|>\w)*)", line.removeprefix("$ "))
                if call:
                    yield call[1]


def understood(command: click.Command, words: list[str], line: str) -> None:
    """Parse words as a command would, down to the last sub-command, without running it."""
    try:
        context = command.make_context(command.name, list(words))
    except click.exceptions.Exit:
        return  # --help and --version are answered at once
    except click.ClickException as error:
        pytest.fail(f"{line}: {error.format_message()}")
    if isinstance(command, click.Group):
        name, found, rest = command.resolve_command(context, [*context._protected_args, *context.args])
        assert found is not None, f"{line}: no command {name}"
        understood(found, rest, line)
