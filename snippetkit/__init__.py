"""Fetch ad conversion snippets, inject them into HTML safely and reversibly, export them to tag managers.

The modules are the interface: `money`, `snippets`, `html`, `inject`, `files`, `graph`, `sandbox`, `exports`,
`templating`, with the types in `model` and the errors in `errors`. Importing the package alone loads none of them.
"""

__version__ = "0.1.0"
