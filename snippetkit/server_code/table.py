"""The table of template languages: what each reads, passes on unread, and writes as it is.

Each row was tried with the engine itself where PyPI, npm or apt have one.
"""

from __future__ import annotations

from snippetkit.server_code.in_braces import IN_BRACES
from snippetkit.server_code.in_signs import IN_SIGNS

LANGUAGES = tuple(named for language in (*IN_BRACES, *IN_SIGNS) for named in language.each_named())
"""Each language once; those that are asked for by name come in this order."""
