"""`tracker completion`, and the answers to a shell that completes."""

import os
from contextlib import suppress
from typing import TYPE_CHECKING

import click

from tracker.entrypoints.cli.main import COMPLETING

if TYPE_CHECKING:
    from click.shell_completion import ShellComplete

_PROGRAM = "tracker"


@click.command(
    epilog="""\b
Try it:           source <(tracker completion bash)
Keep it, bash:    tracker completion bash > ~/.local/share/bash-completion/completions/tracker
Keep it, zsh:     tracker completion zsh > ~/.zfunc/_tracker
                  (with fpath+=~/.zfunc before compinit in ~/.zshrc)
Keep it, fish:    tracker completion fish > ~/.config/fish/completions/tracker.fish"""
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the script that has a shell complete what is typed.

    Commands, options, files, and the ids of stories, claims, feeds and subscriptions, which are read from the database
    as it is.
    """
    from tracker.entrypoints.cli.main import cli

    click.echo(_completer(shell, cli).source(), nl=False)


def answer(cli: click.Command) -> int:
    """Tell a shell what may come next: nothing where anything is wrong, and never a word of complaint."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    shell = os.environ[COMPLETING].partition("_")[0]
    with suppress(Exception):
        click.echo(_completer(shell, cli).complete())
    return 0


def _completer(shell: str, cli: click.Command) -> "ShellComplete":
    from click.shell_completion import FishComplete, get_completion_class

    class WholeWords(FishComplete):
        """Fish, with what follows a comma in a description."""

        source_template = FishComplete.source_template.replace('string split ","', 'string split --max 1 ","')

    kind = WholeWords if shell == "fish" else get_completion_class(shell)
    assert kind is not None, "a shell that click knows"
    return kind(cli, {}, _PROGRAM, COMPLETING)
