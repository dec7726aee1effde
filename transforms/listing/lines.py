"""Bytes of a listing to numbered lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import polars as pl

WINDOW_BYTES = 4 << 20
"""Bytes parsed at a time. A constant, not a setting: the reading must not depend on how a run is tuned."""

TEXT_LIMIT_BYTES = 1_000_000
"""Longest title or abstract that is taken for one; abstracts of papers have some 1,500 characters."""

_LONGEST_START_BYTES = 4 * (TEXT_LIMIT_BYTES + 1)  # a character has four bytes of UTF-8 at most

_SCHEMA = pl.Schema({"line_number": pl.Int64, "text": pl.String, "is_indented": pl.Boolean, "is_invalid": pl.Boolean})


def windows(blocks: Iterable[bytes]) -> Iterator[tuple[pl.DataFrame, bool]]:
    """The visible lines of a listing in windows of whole lines, and whether a window is the last.

    Columns: line_number (1-based), text (trimmed of white space and the byte order mark), is_indented, is_invalid
    (whether it held bytes that are not UTF-8, which are hexadecimal escapes now).
    """
    line_count = 0
    for window, is_last in _with_last(_byte_windows(blocks)):
        texts, invalid = _decode(window)
        yield _frame(texts, invalid, first_line_number=line_count + 1), is_last
        line_count += len(texts)


def _with_last(pieces: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    current = next(pieces, b"")
    for following in pieces:
        yield current, False
        current = following
    yield current, True


def _byte_windows(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The bytes in pieces of whole lines, the same ones however the bytes arrive; of an endless line only the start."""
    pending, is_skipping = b"", False
    for block in _with_line_feeds(blocks):
        if is_skipping:
            _, line_feed, rest = block.partition(b"\n")
            is_skipping = not line_feed
            pending += line_feed + rest
        else:
            pending += block
        while len(pending) > WINDOW_BYTES:
            end = pending.rfind(b"\n", 0, WINDOW_BYTES) + 1 or pending.find(b"\n", WINDOW_BYTES) + 1
            if not end:
                is_skipping = len(pending) > _LONGEST_START_BYTES
                pending = _start(pending) if is_skipping else pending
                break
            yield pending[:end]
            pending = pending[end:]
    if pending:
        yield pending


def _with_line_feeds(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The blocks with a line feed for each line end, those of Windows and of old text files too."""
    held = b""
    for block in blocks:
        whole = held + block
        held = b"\r" if whole.endswith(b"\r") else b""
        yield whole.removesuffix(b"\r").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if held:
        yield b"\n"


def _start(line: bytes) -> bytes:
    """The start of a line that is too long in any case, in whole characters."""
    cut = line[:_LONGEST_START_BYTES]
    whole = cut.rstrip(bytes(range(0x80, 0xC0)))
    return whole[:-1] if whole[-1:] >= b"\xc0" else whole


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


def _visible(text: pl.Expr) -> pl.Expr:
    """The text without white space and byte order marks around it; what is over the limit is cut just above it."""
    return text.str.strip_chars().str.strip_chars("\ufeff").str.strip_chars().str.head(TEXT_LIMIT_BYTES + 1)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _frame(texts: list[str], invalid: list[bool], first_line_number: int) -> pl.DataFrame:
    numbers = pl.int_range(first_line_number, first_line_number + len(texts), eager=True, dtype=pl.Int64)
    indented = pl.col("text").str.contains(r"^[ \t]")
    return (
        pl.DataFrame(
            {"line_number": numbers, "text": texts, "is_invalid": invalid},
            schema={"line_number": pl.Int64, "text": pl.String, "is_invalid": pl.Boolean},
        )
        .with_columns(indented.alias("is_indented"), _visible(pl.col("text")))
        .filter(~pl.col("text").str.contains(r"^[\s\p{C}]*$"))
        .select(_SCHEMA.names())
    )
