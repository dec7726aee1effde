"""`paperhouse explain`: the text of a paper with every repair, link and number marked in place."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
from rich.text import Text

from flows.terminal import out
from warehouse.evidence import Mark, corrections, find_paper, marks

_STYLES = {"repair": "yellow", "link": "cyan", "number": "bold green", "left out": "dim"}
_SIGNS = {"repair": "r", "link": "L", "number": "n", "left out": "x"}
_HEADINGS = {"repair": "repairs", "link": "links", "number": "numbers", "left out": "left out"}


def explain(connection: duckdb.DuckDBPyConnection, words: str) -> None:
    """Prints what is known of the paper with that id or those title words; InputError if they name no single one."""
    paper = find_paper(connection, words)
    seen = marks(connection, paper)
    _print(_marked(paper.title, [mark for mark in seen if mark.field == "title"]), style="bold")
    _print(Text("   ".join(paper.facts), style="dim"))
    for place in paper.places:
        _print(Text(place, style="dim"))
    _print()
    _print(_marked(paper.abstract, [mark for mark in seen if mark.field == "abstract"]))
    for kind, heading in _HEADINGS.items():
        chosen = [mark for mark in seen if mark.kind == kind]
        _section(heading, [Text(f"  [{_label(mark)}] ", style=_STYLES[kind]) + Text(mark.note) for mark in chosen])
    _section("corrected by hand", [Text(f"  {line}") for line in corrections(connection, paper)])


def _section(heading: str, lines: list[Text]) -> None:
    if lines:
        _print()
        _print(Text(heading, style="bold"))
    for line in lines:
        _print(line)


def _print(text: Text | str = "", style: str | None = None) -> None:
    """Folds lines on a terminal alone: elsewhere a sentence stays on its line."""
    out.print(text, style=style, soft_wrap=not out.is_terminal)


def _label(mark: Mark) -> str:
    """How a mark is called in the text and in the list below it."""
    return f"{_SIGNS[mark.kind]}{mark.number}"


def _marked(text: str, marks: Sequence[Mark]) -> Text:
    """The text with each mark in its style and its label behind it."""
    marked = Text()
    position = 0
    for mark in sorted(marks, key=lambda mark: (mark.end, mark.start)):
        start = max(mark.start, position)
        marked.append(text[position:start])
        marked.append(text[start : mark.end], style=_STYLES[mark.kind])
        marked.append(f"[{_label(mark)}]", style=f"{_STYLES[mark.kind]} dim")
        position = max(position, mark.end)
    marked.append(text[position:])
    return marked
