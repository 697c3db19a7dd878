"""What the commands do, without words and options: code is loaded, goes onto pages and off them, and is tried.

Nothing here prints, exits or reads the environment: what a person should know goes to a `Tell`, what went wrong is an
error of `snippetkit.errors`. A use case is loaded when it is asked for, and the rooms that it needs when it runs, so
that this one costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from snippetkit.doors import door

if TYPE_CHECKING:
    from snippetkit.work.bringing import bring
    from snippetkit.work.browsing import Browsing, NamedPage, find_pages
    from snippetkit.work.by_rules import asked_of, keeps_values, load_by_rules, of_rule, values_of
    from snippetkit.work.changed import listing_changed
    from snippetkit.work.connecting import connect, connect_to_sandbox
    from snippetkit.work.crawling import Bounds, crawl
    from snippetkit.work.declared_exports import ExportFile, make_export
    from snippetkit.work.declared_files import check_outputs
    from snippetkit.work.declared_rules import DeclaredRules
    from snippetkit.work.declaring import Codes, Outside
    from snippetkit.work.drafting import draft
    from snippetkit.work.exporting import ORDER, Destination, Tagging, export, make_tags, make_tags_by_rules
    from snippetkit.work.fetching import Fetched, check_code, fetch, fetch_all, fetch_each, list_ids
    from snippetkit.work.inserting import Combiner, Placing, make_insertion
    from snippetkit.work.knowing import know
    from snippetkit.work.loading import FromApi, FromFile, Origin, load, load_for_pages
    from snippetkit.work.made_before import MadeBefore
    from snippetkit.work.making import Made, make, make_each, notes, why_no_image
    from snippetkit.work.on_site import check_pages
    from snippetkit.work.planning import FAILURES, ByRules, SameForAll, plan_by_rules, plan_for_all, roots_of
    from snippetkit.work.pruning import SitePlan
    from snippetkit.work.removing import Removal, plan_removal
    from snippetkit.work.rendering import Rendering, Tell, lazy_text
    from snippetkit.work.revisions import split_unchanged
    from snippetkit.work.rewriting import Rewritten, carry_out, rewrite
    from snippetkit.work.sent import (
        Allowed,
        Sent,
        code_of_each,
        code_of_pixel,
        find_errors,
        find_snippets,
        hint_of,
        variable_for,
        why_retired,
    )
    from snippetkit.work.sitemaps import find_listed
    from snippetkit.work.surveying import Placed, survey
    from snippetkit.work.syncing import check_apart, plan_site, sync, template_of
    from snippetkit.work.verifying import Earlier, Progress, Tried, Verification, try_container, try_export, verify
    from snippetkit.work.worth import Value, with_value, with_wanted
    from snippetkit.work.writing import kinds, suggest_kinds, tells

__all__ = [
    "FAILURES",
    "ORDER",
    "Allowed",
    "Bounds",
    "Browsing",
    "ByRules",
    "Codes",
    "Combiner",
    "DeclaredRules",
    "Destination",
    "Earlier",
    "ExportFile",
    "Fetched",
    "FromApi",
    "FromFile",
    "Made",
    "MadeBefore",
    "NamedPage",
    "Origin",
    "Outside",
    "Placed",
    "Placing",
    "Progress",
    "Removal",
    "Rendering",
    "Rewritten",
    "SameForAll",
    "Sent",
    "SitePlan",
    "Tagging",
    "Tell",
    "Tried",
    "Value",
    "Verification",
    "asked_of",
    "bring",
    "carry_out",
    "check_apart",
    "check_code",
    "check_outputs",
    "check_pages",
    "code_of_each",
    "code_of_pixel",
    "connect",
    "connect_to_sandbox",
    "crawl",
    "draft",
    "export",
    "fetch",
    "fetch_all",
    "fetch_each",
    "find_errors",
    "find_listed",
    "find_pages",
    "find_snippets",
    "hint_of",
    "keeps_values",
    "kinds",
    "know",
    "lazy_text",
    "list_ids",
    "listing_changed",
    "load",
    "load_by_rules",
    "load_for_pages",
    "make",
    "make_each",
    "make_export",
    "make_insertion",
    "make_tags",
    "make_tags_by_rules",
    "notes",
    "of_rule",
    "plan_by_rules",
    "plan_for_all",
    "plan_removal",
    "plan_site",
    "rewrite",
    "roots_of",
    "split_unchanged",
    "suggest_kinds",
    "survey",
    "sync",
    "tells",
    "template_of",
    "try_container",
    "try_export",
    "values_of",
    "variable_for",
    "verify",
    "why_no_image",
    "why_retired",
    "with_value",
    "with_wanted",
]

if not TYPE_CHECKING:
    __getattr__ = door(
        __name__,
        {
            "bringing": "bring",
            "browsing": "Browsing NamedPage find_pages",
            "by_rules": "asked_of keeps_values load_by_rules of_rule values_of",
            "changed": "listing_changed",
            "connecting": "connect connect_to_sandbox",
            "crawling": "Bounds crawl",
            "declared_exports": "ExportFile make_export",
            "declared_files": "check_outputs",
            "declared_rules": "DeclaredRules",
            "declaring": "Codes Outside",
            "drafting": "draft",
            "exporting": "ORDER Destination Tagging export make_tags make_tags_by_rules",
            "fetching": "Fetched check_code fetch fetch_all fetch_each list_ids",
            "inserting": "Combiner Placing make_insertion",
            "knowing": "know",
            "loading": "FromApi FromFile Origin load load_for_pages",
            "made_before": "MadeBefore",
            "making": "Made make make_each notes why_no_image",
            "on_site": "check_pages",
            "planning": "FAILURES ByRules SameForAll plan_by_rules plan_for_all roots_of",
            "pruning": "SitePlan",
            "removing": "Removal plan_removal",
            "rendering": "Rendering Tell lazy_text",
            "revisions": "split_unchanged",
            "rewriting": "Rewritten carry_out rewrite",
            "sent": "Allowed Sent code_of_each code_of_pixel find_errors find_snippets hint_of variable_for "
            "why_retired",
            "sitemaps": "find_listed",
            "surveying": "Placed survey",
            "syncing": "check_apart plan_site sync template_of",
            "verifying": "Earlier Progress Tried Verification try_container try_export verify",
            "worth": "Value with_value with_wanted",
            "writing": "kinds suggest_kinds tells",
        },
    )
