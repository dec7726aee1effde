"""`paperhouse explain`: the text of a paper with every repair, link and number marked in place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
from rich.text import Text

from flows.terminal import out
from warehouse.errors import InputError

_STYLES = {"repair": "yellow", "link": "cyan", "number": "bold green", "left out": "dim"}
_SIGNS = {"repair": "r", "link": "L", "number": "n", "left out": "x"}
_MANY = 8  # matches listed when the words don't single out one paper


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that was seen in a text: what, where, and what is to be said of it."""

    what: str
    number: int
    field: str
    start: int
    end: int
    note: str

    @property
    def label(self) -> str:
        """How it is marked in the text and listed below."""
        return f"{_SIGNS[self.what]}{self.number}"


def explain(connection: duckdb.DuckDBPyConnection, paper: str) -> None:
    """Prints what is known of the paper with that id or those title words; InputError if they name no single one."""
    row = _find(connection, paper)
    paper_id, title, abstract = row["paper_id"], row["title"], row["abstract"]
    marks = _marks(connection, paper_id, title, abstract)
    _print(_marked(title, [mark for mark in marks if mark.field == "title"]), style="bold")
    _facts(connection, row)
    _print()
    _print(_marked(abstract, [mark for mark in marks if mark.field == "abstract"]))
    for what in _STYLES:
        chosen = [mark for mark in marks if mark.what == what]
        if chosen:
            _print()
            _print(Text(f"{what}{'' if what == 'left out' else 's'}", style="bold"))
        for mark in chosen:
            _print(Text(f"  [{mark.label}] ", style=_STYLES[what]) + Text(mark.note))


def _print(text: Text | str = "", style: str | None = None) -> None:
    """Folds lines on a terminal alone: elsewhere a sentence stays on its line."""
    out.print(text, style=style, soft_wrap=not out.is_terminal)


def _find(connection: duckdb.DuckDBPyConnection, paper: str) -> dict[str, Any]:
    """The paper with that id (or merged id), else the only one whose title holds all the words."""
    by_id = (
        "SELECT * FROM papers WHERE paper_id = $1 "
        "OR paper_id IN (SELECT paper_id FROM paper_aliases WHERE merged_paper_id = $1) OR arxiv_id = $1"
    )
    rows = _rows(connection, by_id, [paper])
    if not rows:
        words = paper.lower().split()
        if not words:
            raise InputError("name a paper by words of its title or by its paper_id")
        holds_all = " AND ".join("contains(lower(title), ?)" for _ in words)
        rows = _rows(connection, f"SELECT * FROM papers WHERE {holds_all} ORDER BY length(title), title", words)
        exact = [row for row in rows if row["title"].lower() == " ".join(words)]
        rows = exact or rows
    if not rows:
        raise InputError(f"no paper has the id or the title words {paper!r}")
    if len(rows) > 1:
        titles = "; ".join(f"{row['paper_id']} {row['title']}" for row in rows[:_MANY])
        raise InputError(f"{len(rows)} papers have the title words {paper!r}, name one: {titles}")
    return rows[0]


def _marks(connection: duckdb.DuckDBPyConnection, paper_id: str, title: str, abstract: str) -> list[Mark]:
    repairs = _rows(
        connection, "SELECT * FROM text_repairs WHERE paper_id = ? ORDER BY field DESC, repair_number", [paper_id]
    )
    links = _rows(
        connection, "SELECT * FROM links WHERE paper_id = ? AND field <> 'page' ORDER BY link_number", [paper_id]
    )
    numbers = _rows(connection, "SELECT * FROM reported_metrics WHERE paper_id = ? ORDER BY metric_number", [paper_id])
    marks = [
        Mark(
            "repair",
            number,
            row["field"],
            row["char_start"],
            row["char_start"] + len(row["repaired"]),
            f"{row['found']!r} → {row['repaired']!r}   {row['rule_id']}",
        )
        for number, row in enumerate(repairs, start=1)
    ]
    marks += [
        Mark(
            "link",
            row["link_number"],
            row["field"],
            row["char_start"],
            row["char_end"],
            f"{row['url']}   {row['kind']}, {row['role']}   {row['rule_id']}",
        )
        for row in links
    ]
    marks += [
        Mark("number", row["metric_number"], row["field"], row["char_start"], row["char_end"], _number_note(row))
        for row in numbers
    ]
    return marks + _left_out(title, abstract)


def _left_out(title: str, abstract: str) -> list[Mark]:
    """Numbers that the present rules see and leave out, with the reason."""
    from transforms.reported_metrics import refused_numbers

    return [
        Mark("left out", number, field, start, end, f"{quote!r}   {rule_id}")
        for number, (field, start, end, quote, rule_id) in enumerate(refused_numbers(title, abstract), start=1)
    ]


def _number_note(row: dict[str, Any]) -> str:
    upper = "" if row["value_high"] is None else f" to {row['value_high']:g}"
    unit = "" if row["unit"] is None else f" {row['unit']}"
    shown = ("kind", "direction", "basis", "dataset", "dataset_id", "task", "role", "system", "baseline")
    fields = ", ".join(f"{name} {row[name]}" for name in shown if row[name] is not None)
    return (
        f"{row['metric']} {row['comparator']} {row['value']:g}{upper}{unit}   {fields}   "
        f"confidence {row['confidence']:.2f}   {row['rule_id']}"
    )


def _marked(text: str, marks: Sequence[Mark]) -> Text:
    """The text with each mark in its style and its label behind it."""
    marked = Text()
    position = 0
    for mark in sorted(marks, key=lambda mark: (mark.end, mark.start)):
        start = max(mark.start, position)
        marked.append(text[position:start])
        marked.append(text[start : mark.end], style=_STYLES[mark.what])
        marked.append(f"[{mark.label}]", style=f"{_STYLES[mark.what]} dim")
        position = max(position, mark.end)
    marked.append(text[position:])
    return marked


def _facts(connection: duckdb.DuckDBPyConnection, row: dict[str, Any]) -> None:
    facts = [row["paper_id"], row["arxiv_id"], row["system_name"], row["published_on"]]
    _print(Text("   ".join(str(fact) for fact in facts if fact is not None), style="dim"))
    places = _rows(
        connection,
        "SELECT line_number, record_number, is_duplicate, min(uri) AS uri FROM paper_sources "
        "JOIN source_uris USING (source_id) WHERE paper_id = ? GROUP BY ALL ORDER BY is_duplicate, uri, record_number",
        [row["paper_id"]],
    )
    for place in places:
        repeat = "   (repeat)" if place["is_duplicate"] else ""
        _print(Text(f"{place['uri']}:{place['line_number']}{repeat}", style="dim"))


def _rows(connection: duckdb.DuckDBPyConnection, sql: str, parameters: list[Any]) -> list[dict[str, Any]]:
    result = connection.execute(sql, parameters)
    columns = [column[0] for column in result.description or []]
    return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]
