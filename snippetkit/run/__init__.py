"""Carrying out a plan on many pages, in one process or in several, and telling how each page fared."""

from snippetkit.run.pages import Options, Outcome, Planned, Planner, change_page
from snippetkit.run.runs import carry_out

__all__ = ["Options", "Outcome", "Planned", "Planner", "carry_out", "change_page"]
