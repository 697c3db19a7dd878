"""Sheets as people have them, CSV, .xlsx or .ods, read as rows of cells; what those mean, `rules` says."""

from __future__ import annotations

from snippetkit.sheets.cells import Cell, IsHeader, Row, Table
from snippetkit.sheets.delimited import read as read_text
from snippetkit.sheets.opening import FileText, choose, find_header, read

__all__ = ["Cell", "FileText", "IsHeader", "Row", "Table", "choose", "find_header", "read", "read_text"]
