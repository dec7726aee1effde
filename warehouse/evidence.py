"""The evidence of a paper: its text, where it came from, and what was seen in it, with the rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import duckdb

from warehouse.connect import holds_table
from warehouse.errors import InputError

_MANY = 8  # matches that are named when the words don't single out one paper

Kind = Literal["repair", "link", "number", "left out"]


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that was seen in a text: what, where (Unicode characters, from 0), and what is to be said of it.

    What a page shows beside the text (field `page`) has no place in it and stands at 0.
    """

    kind: Kind
    number: int
    field: str
    start: int
    end: int
    note: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper as a reader wants it: text, ids and other facts, and the lines of the files that hold it."""

    paper_id: str
    title: str
    abstract: str
    facts: list[str]
    places: list[str]


def find_paper(connection: duckdb.DuckDBPyConnection, words: str) -> Paper:
    """The paper with that id, merged id or arXiv id, else the only one whose title holds all the words.

    Raises InputError if there is none, or more than one.
    """
    row = _one_row(connection, words)
    facts = [row["paper_id"], row["arxiv_id"], row["system_name"], row["published_on"]]
    places = _rows(
        connection,
        "SELECT line_number, record_number, is_duplicate, min(uri) AS uri FROM paper_sources "
        "JOIN source_uris USING (source_id) WHERE paper_id = ? GROUP BY ALL ORDER BY is_duplicate, uri, record_number",
        [row["paper_id"]],
    )
    return Paper(
        row["paper_id"],
        row["title"],
        row["abstract"],
        [str(fact) for fact in facts if fact is not None],
        [f"{place['uri']}:{place['line_number']}{'   (repeat)' * place['is_duplicate']}" for place in places],
    )


def marks(connection: duckdb.DuckDBPyConnection, paper: Paper) -> list[Mark]:
    """Repairs, links and numbers of the paper, and the numbers that the present rules see and leave out."""
    return [*_repairs(connection, paper), *_links(connection, paper), *_numbers(connection, paper), *_left_out(paper)]


def corrections(connection: duckdb.DuckDBPyConnection, paper: Paper) -> list[str]:
    """A line for each correction by hand of the paper: row, old and new value, reason, and where it is written."""
    if not holds_table(connection, "corrections"):  # a release of an older version
        return []
    rows = _rows(
        connection,
        "SELECT * FROM corrections WHERE paper_id = ? ORDER BY file, line_number",
        [paper.paper_id],
    )
    return [_correction_note(row) for row in rows]


def _one_row(connection: duckdb.DuckDBPyConnection, words: str) -> dict[str, Any]:
    by_id = (
        "SELECT * FROM papers WHERE paper_id = $1 OR arxiv_id = $1 "
        "OR paper_id IN (SELECT paper_id FROM paper_aliases WHERE merged_paper_id = $1)"
    )
    rows = _rows(connection, by_id, [words])
    if not rows:
        parts = words.lower().split()
        if not parts:
            raise InputError("name a paper by words of its title or by its paper_id")
        holds_all = " AND ".join("contains(lower(title), ?)" for _ in parts)
        rows = _rows(connection, f"SELECT * FROM papers WHERE {holds_all} ORDER BY length(title), title", parts)
        rows = [row for row in rows if row["title"].lower() == " ".join(parts)] or rows
    if not rows:
        raise InputError(f"no paper has the id or the title words {words!r}")
    if len(rows) > 1:
        titles = "; ".join(f"{row['paper_id']} {row['title']}" for row in rows[:_MANY])
        raise InputError(f"{len(rows)} papers have the title words {words!r}, name one: {titles}")
    return rows[0]


def _repairs(connection: duckdb.DuckDBPyConnection, paper: Paper) -> list[Mark]:
    rows = _rows(
        connection,
        "SELECT *, char_start + length(repaired) AS char_end, row_number() OVER (ORDER BY field DESC, repair_number) "
        "AS number FROM text_repairs WHERE paper_id = ? ORDER BY number",
        [paper.paper_id],
    )
    return [_mark("repair", row, _repair_note(row)) for row in rows]


def _links(connection: duckdb.DuckDBPyConnection, paper: Paper) -> list[Mark]:
    rows = _rows(
        connection,
        "SELECT *, link_number AS number FROM links WHERE paper_id = ? ORDER BY number",
        [paper.paper_id],
    )
    return [_mark("link", row, _link_note(row)) for row in rows]


def _numbers(connection: duckdb.DuckDBPyConnection, paper: Paper) -> list[Mark]:
    rows = _rows(
        connection,
        "SELECT *, metric_number AS number FROM reported_metrics WHERE paper_id = ? ORDER BY number",
        [paper.paper_id],
    )
    return [_mark("number", row, _number_note(row)) for row in rows]


def _left_out(paper: Paper) -> list[Mark]:
    from transforms.reported_metrics import refused_numbers

    return [
        Mark("left out", number, field, start, end, f"{quote!r}   {rule_id}")
        for number, (field, start, end, quote, rule_id) in enumerate(
            refused_numbers(paper.title, paper.abstract), start=1
        )
    ]


def _mark(kind: Kind, row: dict[str, Any], note: str) -> Mark:
    return Mark(kind, row["number"], row["field"], row["char_start"] or 0, row["char_end"] or 0, note)


def _repair_note(row: dict[str, Any]) -> str:
    change = "is kept" if row["found"] == row["repaired"] else f"→ {row['repaired']!r}"
    return f"{row['found']!r} {change}   {row['rule_id']}"


def _link_note(row: dict[str, Any]) -> str:
    place = "   on the page" if row["field"] == "page" else ""
    return f"{row['url']}   {row['kind']}, {row['role']}{place}   {row['rule_id']}"


def _correction_note(row: dict[str, Any]) -> str:
    what = "removed"
    if row["action"] == "set":
        what = f"{row['column_name']} {_quoted(row['old_value'])} → {_quoted(row['new_value'])}"
    place = f"{row['file']}:{row['line_number']}, {row['corrected_on']}"
    return f"{row['table_name']} {row['row_key']}   {what}   {row['reason']}   {place}"


def _quoted(value: str | None) -> str:
    return "nothing" if value is None else repr(value)


def _number_note(row: dict[str, Any]) -> str:
    upper = "" if row["value_high"] is None else f" to {row['value_high']:g}"
    unit = "" if row["unit"] is None else f" {row['unit']}"
    shown = ("kind", "direction", "basis", "dataset", "dataset_id", "task", "role", "system", "baseline")
    fields = ", ".join(f"{name} {row[name]}" for name in shown if row[name] is not None)
    return (
        f"{row['metric']} {row['comparator']} {row['value']:g}{upper}{unit}   {fields}   "
        f"confidence {row['confidence']:.2f}   {row['rule_id']}"
    )


def _rows(connection: duckdb.DuckDBPyConnection, sql: str, parameters: list[Any]) -> list[dict[str, Any]]:
    result = connection.execute(sql, parameters)
    columns = [column[0] for column in result.description or []]
    return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]
