"""Records of a plain listing: page furniture, then a title line and an abstract line in turn.

Titles and abstracts alternate, and nearly always that is all there is to know. Where a line is missing, everything
after it would swap places, so the alignment is chosen by evidence: abstracts are long, titles are short, and a line
left alone costs more than one that is unusual for its place. What is left alone is a reject, never a guess.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import polars as pl

from seeds import vocabulary

WINDOW_BYTES = 4 << 20
"""Bytes parsed at a time. A constant, not a setting: the alignment must not depend on how a run is tuned."""

TEXT_LIMIT_BYTES = 1_000_000
"""Longest title or abstract that is taken for one; abstracts of papers have some 1,500 characters."""

LONGEST_TITLE = 200
SHORTEST_ABSTRACT = 300
"""Lengths in characters that speak clearly: among 64,000 papers of arXiv, 1 title in 1,000 is longer than the first
by a few characters and 1 abstract in 2,000 is shorter than the second."""

UNUSUAL_COST = 1.0
LONE_COST = 1.4
"""A missing line shifts all that follow, so two lines in unusual places outweigh one line left alone."""

_SCHEMA = pl.Schema(
    {
        "line_number": pl.Int64,
        "title_raw": pl.String,
        "abstract_raw": pl.String,
        "arxiv_id": pl.String,
        "published_on": pl.Date,
        "reason": pl.String,
        "detail": pl.String,
    }
)


def records(blocks: Iterable[bytes]) -> Iterator[pl.DataFrame]:
    """The records of a decompressed listing, some thousands a frame, in order.

    Columns: record_number, line_number (1-based), title_raw, abstract_raw, arxiv_id, published_on (null: this form
    states neither); reason and detail are null for a record and say why otherwise (slug and sentence). A rejected
    record keeps the text that it has, the other text is null.
    """
    carried, after_furniture, line_count, record_count = _no_lines(), False, 0, 0
    for window, is_last in _with_last(_windows(blocks)):
        texts, invalid = _decode(window)
        lines = _lines(texts, invalid, first_line_number=line_count + 1)
        line_count += len(texts)
        lines, after_furniture = _without_furniture(lines, after_furniture)
        parsed, carried = _pair(pl.concat([carried, lines]), is_last)
        parsed = parsed.pipe(_refuse_unreadable).with_row_index("record_number", offset=record_count + 1)
        record_count += parsed.height
        if parsed.height:
            yield parsed.with_columns(pl.col("record_number").cast(pl.Int64))


def _with_last(windows: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    current = next(windows, b"")
    for following in windows:
        yield current, False
        current = following
    yield current, True


def _windows(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The bytes in pieces of whole lines; an endless line is cut just above the limit, so that it is still too long."""
    pending = b""
    for block in blocks:
        pending += block
        if len(pending) < WINDOW_BYTES:
            continue
        end = pending.rfind(b"\n") + 1
        if end:
            yield pending[:end]
            pending = pending[end:]
        elif len(pending) > 2 * WINDOW_BYTES:
            pending = pending[: TEXT_LIMIT_BYTES + 1]
    if pending:
        yield pending


def _decode(window: bytes) -> tuple[list[str], list[bool]]:
    """The lines of a window, and for each whether it held bytes that are not UTF-8 (now hexadecimal escapes)."""
    body = window.removesuffix(b"\n")
    try:
        texts = body.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        raw = body.split(b"\n")
        texts = [line.decode("utf-8", "backslashreplace") for line in raw]
        return texts, [not _is_utf8(line) for line in raw]
    return texts, [False] * len(texts)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _no_lines() -> pl.DataFrame:
    return _lines([], [], first_line_number=1)


def _lines(texts: list[str], invalid: list[bool], first_line_number: int) -> pl.DataFrame:
    """Lines that hold anything visible, with their numbers, trimmed of white space and the byte order mark."""
    numbers = pl.int_range(first_line_number, first_line_number + len(texts), eager=True, dtype=pl.Int64)
    return (
        pl.DataFrame(
            {"line_number": numbers, "text": texts, "is_invalid": invalid},
            schema={"line_number": pl.Int64, "text": pl.String, "is_invalid": pl.Boolean},
        )
        .with_columns(pl.col("text").str.strip_chars("\ufeff").str.strip_chars())
        .filter(~pl.col("text").str.contains(r"^[\s\p{C}]*$"))
    )


@functools.cache
def _furniture_lines() -> tuple[str, ...]:
    return tuple(row["text"] for row in vocabulary("page_furniture") if row["kind"] == "line")


@functools.cache
def _furniture_prefix() -> str:
    """Matches furniture glued to the title below it."""
    prefixes = [row["text"] for row in vocabulary("page_furniture") if row["kind"] == "prefix"]
    return rf"^(?:{'|'.join(map(re.escape, prefixes))})\s*"


def _without_furniture(lines: pl.DataFrame, after_furniture: bool) -> tuple[pl.DataFrame, bool]:
    """Drops the lines that are page furniture and unglues it from the title below; also whether the last line was any.

    Only the line right below furniture can have it glued on; there, it always is: a title that really begins with that
    word has it twice.
    """
    marked = lines.with_columns(
        is_furniture=pl.col("text").str.replace_all(r"\s+", " ").is_in(_furniture_lines())
    ).with_columns(is_below=pl.col("is_furniture").shift(1, fill_value=after_furniture))
    if marked.height:
        after_furniture = bool(marked["is_furniture"][-1])
    unglued = pl.when("is_below").then(pl.col("text").str.replace(_furniture_prefix(), "")).otherwise("text")
    kept = marked.filter(~pl.col("is_furniture")).select("line_number", unglued.alias("text"), "is_invalid")
    return kept, after_furniture


def _pair(lines: pl.DataFrame, is_last: bool) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Records of the lines, and the lines to be read together with the next window."""
    length = lines["text"].str.len_chars()
    is_title_row = pl.int_range(lines.height, eager=True) % 2 == 0
    unusual = (is_title_row & (length > SHORTEST_ABSTRACT)) | (~is_title_row & (length < LONGEST_TITLE))
    if unusual.any():
        return _align(lines, length.to_list(), is_last)
    paired = lines.height - lines.height % 2
    head, rest = lines[:paired], lines[paired:]
    if is_last and rest.height:
        return pl.concat([_records(head[::2], head[1::2]), _lone(rest)]), _no_lines()
    return _records(head[::2], head[1::2]), rest


@dataclass(frozen=True, slots=True)
class _Alignment:
    cost: float
    takes: int  # lines of the last element: 2 for a record, 1 for a line left alone


def _align(lines: pl.DataFrame, lengths: list[int], is_last: bool) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The cheapest reading of the lines as records and lines left alone (Viterbi over the line number)."""
    best = [_Alignment(0.0, 0)]
    for end in range(1, len(lengths) + 1):
        alone = _Alignment(best[end - 1].cost + LONE_COST, 1)
        if end == 1:
            best.append(alone)
            continue
        title, abstract = lengths[end - 2], lengths[end - 1]
        unusual = (title > SHORTEST_ABSTRACT) + (abstract < LONGEST_TITLE)
        together = _Alignment(best[end - 2].cost + UNUSUAL_COST * unusual, 2)
        best.append(together if together.cost <= alone.cost else alone)
    titles: list[int] = []
    alone_rows: list[int] = []
    end = len(lengths)
    while end:
        takes = best[end].takes
        (titles if takes == 2 else alone_rows).append(end - takes)
        end -= takes
    carried = _no_lines()
    if not is_last and alone_rows and alone_rows[0] == len(lengths) - 1:  # its abstract may open the next window
        carried = lines[alone_rows.pop(0) :]
    titles.reverse()
    pairs = _records(lines[titles], lines[[row + 1 for row in titles]])
    return pl.concat([pairs, _lone(lines[alone_rows[::-1]])]).sort("line_number"), carried


def _records(titles: pl.DataFrame, abstracts: pl.DataFrame) -> pl.DataFrame:
    invalid = titles["is_invalid"] | abstracts["is_invalid"]
    return pl.DataFrame(
        {
            "line_number": titles["line_number"],
            "title_raw": titles["text"],
            "abstract_raw": abstracts["text"],
            "is_invalid": invalid,
        }
    ).select(
        "line_number",
        "title_raw",
        "abstract_raw",
        pl.when("is_invalid").then(pl.lit("invalid_utf8")).alias("reason"),
        pl.when("is_invalid").then(pl.lit("bytes that are not UTF-8, shown as \\x escapes")).alias("detail"),
    )


def _lone(lines: pl.DataFrame) -> pl.DataFrame:
    """Lines without a partner, as rejected records."""
    is_abstract = pl.col("text").str.len_chars() > SHORTEST_ABSTRACT
    return lines.select(
        "line_number",
        pl.when(~is_abstract).then("text").alias("title_raw"),
        pl.when(is_abstract).then("text").alias("abstract_raw"),
        pl.when(is_abstract)
        .then(pl.lit("abstract_without_title"))
        .otherwise(pl.lit("title_without_abstract"))
        .alias("reason"),
        pl.when(is_abstract)
        .then(pl.lit("a long line where a title should stand"))
        .otherwise(pl.lit("no abstract follows this title"))
        .alias("detail"),
    )


def _refuse_unreadable(parsed: pl.DataFrame) -> pl.DataFrame:
    """Marks records with a text beyond the limit; the reason found first stands."""
    for column, reason in (("abstract_raw", "abstract_too_long"), ("title_raw", "title_too_long")):
        too_long = pl.col("reason").is_null() & (pl.col(column).str.len_bytes().fill_null(0) > TEXT_LIMIT_BYTES)
        parsed = parsed.with_columns(
            pl.when(too_long).then(pl.lit(reason)).otherwise("reason").alias("reason"),
            pl.when(too_long)
            .then(pl.lit(f"over {TEXT_LIMIT_BYTES:,} bytes on one line"))
            .otherwise("detail")
            .alias("detail"),
        )
    stated = parsed.with_columns(arxiv_id=pl.lit(None), published_on=pl.lit(None))
    return stated.select(_SCHEMA.names()).cast(_SCHEMA)
