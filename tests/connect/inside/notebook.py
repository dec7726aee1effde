"""Cells in the percent format on standard input; the notebook of them, with outputs, as JSON on standard output."""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from traitlets.config import Config


def notebook(text):
    """A notebook of the cells, without anything that differs from run to run."""
    cells = []
    for number, part in enumerate(re.split(r"^# %%", text, flags=re.MULTILINE)[1:], 1):
        marks, source = part.split("\n", 1)
        if marks.strip() == "[markdown]":
            cell = nbformat.v4.new_markdown_cell(re.sub(r"^# ?", "", source.strip(), flags=re.MULTILINE))
        else:
            cell = nbformat.v4.new_code_cell(source.strip())
        cell["id"] = f"cell-{number}"
        cells.append(cell)
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


if __name__ == "__main__":
    book = notebook(sys.stdin.read())
    with tempfile.TemporaryDirectory() as folder:  # of a short name: a path of a socket has some hundred characters
        sockets = Config(KernelManager={"transport": "ipc", "ip": str(Path(folder) / "kernel")})
        NotebookClient(book, config=sockets, timeout=120, record_timing=False).execute()
    book["metadata"].pop("language_info", None)
    nbformat.validate(book)
    sys.stdout.write(nbformat.writes(book) + "\n")
