"""The pages of a project's sites and its export files, brought to what is declared."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from snippetkit.errors import FileError, SettingError
from snippetkit.records import replace
from snippetkit.work.bringing import bring
from snippetkit.work.declared_rules import DeclaredRules
from snippetkit.work.inserting import Placing
from snippetkit.work.planning import FAILURES, plan_by_rules
from snippetkit.work.pruning import SitePlan, carry_out_by_rules
from snippetkit.work.rendering import Rendering, Tell, unheard

if TYPE_CHECKING:
    from snippetkit.project import ProjectFile, Site
    from snippetkit.run import Outcome, RunOptions
    from snippetkit.work.declared_exports import ExportFile

_NOT_WRITTEN = "not written, because a rule or a page failed"


def plan_site(
    declared: DeclaredRules, number: int, *, prune: bool = True, force: bool = False, tell: Tell = unheard
) -> SitePlan:
    """Return what is to become of the pages of a site.

    Args:
        declared: the project's rules.
        number: which of its sites, from 0.
        prune: take out what no rule names, where the site does not say otherwise.
        force: take over what was edited by hand.
        tell: is told what the template leaves out.

    Raises:
        SnippetkitError: settings do not go together, with their line; or as `Codes.load` and `plan_by_rules` do.
    """
    from snippetkit.files import PAGES, Selection

    file = declared.codes.file
    site, rules = file.project.sites[number], declared.of_site(number)
    loaded, paths = declared.codes.load(rules), tuple(map(file.path, site.paths))
    placing = _placing(site, declared.codes.languages(rules))
    if reason := placing.why_not():
        raise file.error(reason, "", "sites", number)
    if not paths:
        raise file.error("paths is empty", "name a folder, such as '.'", "sites", number, "paths")
    _check_patterns(file, number)
    selection = Selection(site.include or PAGES.include, site.exclude, site.gitignore, site.follow_links)
    written, prunes = _rendering(declared, site), prune and site.prune
    _check_template(file, number, written)
    planner = plan_by_rules(rules, loaded, paths, written, placing, force=force, prune=prunes, tell=tell)
    named_in = {path: file.where("sites", number, "paths", at) for at, path in enumerate(paths)}
    name, planner = site.name or f"number {number + 1}", replace(planner, tells=False)
    return SitePlan(name, paths, selection, planner, file.where("sites", number), named_in)


def _placing(site: Site, languages: frozenset[str]) -> Placing:
    """With code that tells a server's values, the pages are templates, if they were not before."""
    adopt = "whole" if site.adopt is True else site.adopt or None
    server_code = site.server_code or bool(languages)
    return Placing(site.placement, site.whole_in_head, site.nonce, adopt, site.fragments, server_code, languages)


def _rendering(declared: DeclaredRules, site: Site) -> Rendering:
    file, folder = declared.codes.file, declared.codes.file.project.templates_dir
    template = None if site.template is None else template_of(file, site.template)
    return Rendering(template, None if folder is None else file.path(folder), site.variables, site.lazy_noscript)


def _check_patterns(file: ProjectFile, number: int) -> None:
    """Make sure that what a site includes and excludes are patterns."""
    from snippetkit import files

    site = file.project.sites[number]
    for key, patterns in (("include", site.include), ("exclude", site.exclude)):
        try:
            files.compile_patterns(patterns)
        except SettingError as error:
            raise file.error(str(error), error.hint, "sites", number, key) from error


def _check_template(file: ProjectFile, number: int, rendering: Rendering) -> None:
    """Make sure that there is the template that a site names."""
    try:
        rendering.check()
    except SettingError as error:
        raise file.error(str(error), error.hint, "sites", number, "template") from error


def template_of(file: ProjectFile, template: str) -> str:
    """Return a template that a project file names, as seen from the current folder where it is a file."""
    from snippetkit.templating import Template

    return file.path(template) if Template(template).is_file else template


def check_apart(sites: Sequence[SitePlan]) -> None:
    """Make sure that no page is in two sites, each of which would take out what the other puts in.

    Raises:
        SettingError: one is.
    """
    from snippetkit import files

    for one, other in combinations(sites, 2):
        if not any(_may_share(a, b) for a in one.paths for b in other.paths):
            continue
        if shared := sorted({*_pages(one)}.intersection(_pages(other))):
            message = f"{other.where}: {files.relative(shared[0])} is in two sites, {one.name} and {other.name}"
            raise SettingError(message, hint="let one of them exclude it")


def _may_share(one: str, other: str) -> bool:
    from pathlib import Path

    first, second = (Path(path.partition("*")[0] or ".").resolve() for path in (one, other))
    return "*" in one + other or first.is_relative_to(second) or second.is_relative_to(first)


def _pages(site: SitePlan) -> Iterator[str]:
    from snippetkit import files

    errors: list[FileError] = []
    for found in files.walk(site.paths, errors.append, site.selection):
        yield os.path.realpath(found.path)


def sync(
    sites: Sequence[SitePlan], exports: Iterable[ExportFile], options: RunOptions, waiting: Callable[[str], None]
) -> Iterator[Outcome]:
    """Bring pages and files to what is declared, and yield how each fared; a rule that no page met is a failure, too.

    After a failure no code is taken out, and no file is written.

    Args:
        sites: as `plan_site` gives them.
        exports: the files that are exported.
        options: how the run works.
        waiting: is told the folder where this run waits for another one.

    Raises:
        SettingError, FileError: the run cannot begin.
    """
    return _with_exports(carry_out_by_rules(sites, options, waiting), exports, options)


def _with_exports(pages: Iterable[Outcome], exports: Iterable[ExportFile], options: RunOptions) -> Iterator[Outcome]:
    has_failed = False
    for outcome in pages:
        has_failed = has_failed or outcome.verb in FAILURES
        yield outcome
    for export in exports:
        yield _held_back(export) if has_failed else _brought(export, options)


def _held_back(export: ExportFile) -> Outcome:
    """The outcome of a file that is not written, because a rule or a page failed."""
    from snippetkit.run import Outcome, RunOptions

    brought = _brought(export, RunOptions(dry_run=True))
    return Outcome(export.path, "skipped", _NOT_WRITTEN) if brought.verb in {"created", "updated"} else brought


def _brought(export: ExportFile, options: RunOptions) -> Outcome:
    from snippetkit.run import Outcome

    try:
        brought = bring(export.path, export.content, dry_run=options.dry_run, show_diff=options.show_diff)
    except FileError as error:
        return Outcome.failed(export.path, error)
    return brought if brought.verb == "unchanged" else brought._replace(notes=export.notes)
