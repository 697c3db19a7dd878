"""One module a tag-manager format. Each has `export(tags) -> str`, which gives the file's whole text."""
