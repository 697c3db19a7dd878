"""`snippetkit completion`: print the script by which a shell completes command lines."""

from __future__ import annotations

import click

from snippetkit.cli._command import Command
from snippetkit.cli._saying import put

_SHELLS = ("bash", "zsh", "fish")


@click.command(cls=Command)
@click.argument("shell", metavar=f"[{'|'.join(_SHELLS)}]", type=click.Choice(_SHELLS))
def command(shell: str) -> None:
    """Print the script by which a shell completes commands, options, files, pixels, templates and formats.

    For bash put into ~/.bashrc: eval "$(snippetkit completion bash)"

    For zsh put into ~/.zshrc, behind compinit: eval "$(snippetkit completion zsh)"

    For fish: snippetkit completion fish > ~/.config/fish/completions/snippetkit.fish

    Pixels are those of the embedded API. Nothing is asked over the network, and no token is read.
    """
    from snippetkit.cli._completing import script

    put(script(click.get_current_context().find_root().command, shell).encode(), nl=False)
