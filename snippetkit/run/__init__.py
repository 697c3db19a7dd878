"""Carrying out a plan on many pages, in one process or in several, and telling how each page fared."""

from snippetkit.run.crews import open_cluster
from snippetkit.run.doors import Door
from snippetkit.run.pages import DOUBTFUL, Crew, Outcome, Planned, Planner, RunOptions, change_page
from snippetkit.run.runs import carry_out, look_at_each
from snippetkit.run.shards import WHOLE, Shard

__all__ = [
    "DOUBTFUL",
    "WHOLE",
    "Crew",
    "Door",
    "Outcome",
    "Planned",
    "Planner",
    "RunOptions",
    "Shard",
    "carry_out",
    "change_page",
    "look_at_each",
    "open_cluster",
]
