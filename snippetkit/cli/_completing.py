"""What a shell completes, including the embedded API's pixels and accounts; no network, and no token.

Only what lies on this machine is asked, and only where it is there already. What goes wrong is not told: a person who
presses the tab key would get it into the line that they type.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing, suppress
from typing import TYPE_CHECKING

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    ZshComplete,
    add_completion_class,
    get_completion_class,
    shell_complete,
    split_arg_string,
)

from snippetkit.cli import COMPLETION_VARIABLE
from snippetkit.cli._paths import matching
from snippetkit.errors import SnippetkitError
from snippetkit.terms import Kind

if TYPE_CHECKING:
    from snippetkit.sandbox import Store

# The words are given as they are typed: bash takes them apart at each ':' and '='. Bash 3.2 has no compopt.
_BASH = """\
%(complete_func)s() {
    local kind value word="${COMP_WORDS[COMP_CWORD]}" program="${1/#\\~/$HOME}"
    COMPREPLY=()
    while IFS=, read -r kind value; do
        case $kind in
            plain) COMPREPLY+=("$value") ;;
            file) compopt -o default 2> /dev/null || COMPREPLY+=($(compgen -f -- "$word")) ;;
            dir) compopt -o dirnames 2> /dev/null || COMPREPLY+=($(compgen -d -- "$word")) ;;
        esac
    done < <(COMP_LINE="${COMP_LINE:0:COMP_POINT}" %(complete_var)s=bash_complete "$program")
}

complete -o nosort -F %(complete_func)s %(prog_name)s 2> /dev/null || complete -F %(complete_func)s %(prog_name)s
"""


_ZSH_FILES = "[[ $words[CURRENT] == --*=* ]] && compset -P 1 '*='; _path_files"


class _Bash(BashComplete):
    """Bash, whose line is taken as it was typed."""

    source_template = _BASH

    @staticmethod
    def _check_version() -> None:
        """Any version will do."""

    def get_completion_args(self) -> tuple[list[str], str]:
        line = os.environ["COMP_LINE"]
        words = split_arg_string(line)
        while words and "=" in words[0]:  # a variable for this command alone
            del words[0]
        incomplete = "" if line[-1:].isspace() or len(words) < 2 else words.pop()
        return words[1:], incomplete


class _Zsh(ZshComplete):
    """Zsh, which takes whole words, and of files the value alone."""

    source_template = ZshComplete.source_template.replace("_path_files", _ZSH_FILES)

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem[str]]:
        before = _option_in(args, incomplete)
        return [_behind(before, item) for item in super().get_completions(args, incomplete)]


class _Fish(FishComplete):
    """Fish, which takes whole words, and completes no files below `~`, nor as an option's value."""

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem[str]]:
        before = _option_in(args, incomplete)
        given = super().get_completions(args, incomplete)
        found = [one for item in given for one in (_files(item) if item.type != "plain" else [item])]
        return [_behind(before, item) for item in found]


def _option_in(args: Sequence[str], incomplete: str) -> str:
    """The option whose value is typed behind it: of `--kind=met`, `--kind=`; empty where none is."""
    return incomplete[: incomplete.find("=") + 1] if incomplete.startswith("--") and "--" not in args else ""


def _behind(before: str, item: CompletionItem[str]) -> CompletionItem[str]:
    return CompletionItem(f"{before}{item.value}", item.type, item.help) if item.type == "plain" else item


def _files(item: CompletionItem[str]) -> list[CompletionItem[str]]:
    """The files and folders, or only these, that begin as a path does; folders with a slash at their end."""
    folder, name = os.path.split(item.value)
    with suppress(OSError), os.scandir(os.path.expanduser(folder) or ".") as entries:  # noqa: PTH111 (a text)
        there = sorted((entry.name, entry.is_dir()) for entry in entries if entry.name.startswith(name))
        names = [(text, is_folder) for text, is_folder in there if text[0] != "." or name]
        taken = [f"{text}{'/' * is_folder}" for text, is_folder in names if is_folder or item.type == "file"]
        return [CompletionItem(os.path.join(folder, text)) for text in taken]  # noqa: PTH118 (a text)
    return []


for _one in (_Bash, _Zsh, _Fish):
    add_completion_class(_one)


def script(root: click.Command, shell: str) -> str:
    """Return the script by which a shell, `bash`, `zsh` or `fish`, completes the commands of the root."""
    made_by = get_completion_class(shell)
    assert made_by is not None  # noqa: S101
    return made_by(root, {}, "snippetkit", COMPLETION_VARIABLE).source()


def complete(root: click.Command, instruction: str) -> int:
    """Print what completes a line, or the shell's script, as an instruction of the script says; return an exit code."""
    try:
        return shell_complete(root, {}, "snippetkit", COMPLETION_VARIABLE, instruction)
    except Exception:
        return 1


def setting(ctx: click.Context, name: str) -> str | None:
    """Return what the line says of a parameter, else the environment, else the project file."""
    from snippetkit.cli._project import defaults

    with ctx.scope(cleanup=False), suppress(SnippetkitError):
        said: str | None = ctx.params.get(name) or defaults(ctx, ()).get(name)
        return said
    return None


def pixels(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    """Return the embedded API's pixels of the kind that the line asks for, of any where it asks for none."""
    kind = ctx.params.get("kind")
    kinds = [Kind(kind)] if kind in set(Kind) else [] if kind else [*Kind]
    return _from_store(ctx, incomplete, lambda store: [pixel for kind in kinds for pixel in store.known(kind)])


def accounts(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    """Return the ad accounts that have something in the embedded API."""
    return _from_store(ctx, incomplete, lambda store: [(account, "") for account in store.accounts()])


def events(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    """Return the standard events of the kind that the line asks for."""
    from snippetkit import platforms

    kind = ctx.params.get("kind")
    name = platforms.answering(Kind.META)[0].name if kind is Kind.META else kind
    known = platforms.events_of(name).standard if name and name not in set(Kind) else ()
    return matching(incomplete, ((event, "") for event in known))


def sites(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    """Return the names of the project file's sites."""
    from snippetkit.cli._project import find_project

    with ctx.scope(cleanup=False), suppress(SnippetkitError):
        every = file.project.sites if (file := find_project()) else ()
        return matching(incomplete, ((site.name, ", ".join(site.paths)) for site in every if site.name))
    return []


def _from_store(
    ctx: click.Context, incomplete: str, ask: Callable[[Store], Iterable[tuple[str, str]]]
) -> list[CompletionItem[str]]:
    from snippetkit.cli._api import SANDBOX, URL_VARIABLE, sandbox_path
    from snippetkit.sandbox import Store

    with suppress(SnippetkitError):
        url = setting(ctx, "api_url") or os.environ.get(URL_VARIABLE, "")
        file = sandbox_path(url.removeprefix(SANDBOX))
        if url.startswith(SANDBOX) and file.is_file():
            with closing(Store(file)) as store:
                return matching(incomplete, ask(store))
    return []
