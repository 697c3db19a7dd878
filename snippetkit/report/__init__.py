"""One self-contained HTML page for people: about pages, or about a tag manager's container.

What comes from outside is hostile. The template escapes it; invisible characters, which could turn a line around or
control a terminal, are shown as escapes in the whole text; and the report's own policy lets nothing run but its one
script, and loads nothing.
"""

from __future__ import annotations

from snippetkit.report.charts import can_draw
from snippetkit.report.containers import ContainerReport, ReportedTrial, Trials, read_trials, render_container
from snippetkit.report.pages import ReportedPage, read_pages, render
from snippetkit.report.writing import is_report

__all__ = [
    "ContainerReport",
    "ReportedPage",
    "ReportedTrial",
    "Trials",
    "can_draw",
    "is_report",
    "read_pages",
    "read_trials",
    "render",
    "render_container",
]
