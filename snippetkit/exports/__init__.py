"""One module a tag-manager format. Each has `DESCRIPTION`, and `export(tags) -> str`, the file's whole text."""
