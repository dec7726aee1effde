"""The parser of plain listings: round trips, furniture, and what it does when a line is missing."""

from __future__ import annotations

from typing import ClassVar

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import FURNITURE, SEED, dump
from transforms import listing, rejects

LONG = "We present a method and measure what it does on many data sets, with care and at some length. " * 5

# Any text that a line can hold: it is trimmed, it shows something, and it is not furniture itself.
LINE = st.text(st.characters(categories=["L", "M", "N", "P", "S", "Zs"]), min_size=1, max_size=80).map(
    lambda text: "x" if not text.strip() or text.strip() in FURNITURE.split("\n") else text.strip()
)
PAPERS = st.lists(st.tuples(LINE, LINE), min_size=1, max_size=30)


def parse(content: bytes, block_bytes: int = 1 << 20) -> pl.DataFrame:
    blocks = [content[start : start + block_bytes] for start in range(0, len(content), block_bytes)]
    frames = list(listing.records(blocks))
    return pl.concat(frames) if frames else pl.DataFrame()


def texts(frame: pl.DataFrame) -> list[tuple[str, str]]:
    return frame.filter(pl.col("reason").is_null()).select("title_raw", "abstract_raw").rows()


@given(PAPERS, st.sampled_from(["\n", "\r\n", "\n\n", "\n \t\n"]), st.sampled_from(["", "\n", "\r\n\r\n"]))
def test_a_dump_of_papers_parses_to_the_same_papers(papers, line_break, ending):
    content = (FURNITURE + line_break.join(line for paper in papers for line in paper) + ending).encode()
    parsed = parse(content)
    assert texts(parsed) == papers
    assert parsed["record_number"].to_list() == list(range(1, len(papers) + 1))


@given(PAPERS, st.integers(1, 50))
def test_parsing_does_not_depend_on_how_the_bytes_arrive(papers, block_bytes):
    assert parse(dump(papers), block_bytes).equals(parse(dump(papers)))


@given(st.binary(max_size=400))
def test_every_line_of_any_bytes_is_in_a_record_or_is_blank(content):
    parsed = parse(content)
    lines = [line.strip() for line in content.decode("utf-8", "backslashreplace").split("\n")]
    shown = [line for line in lines if not listing._lines([line], [False], 1).is_empty()]
    held = (
        0 if parsed.is_empty() else parsed.select(pl.col("title_raw", "abstract_raw").count()).sum_horizontal().item()
    )
    assert held == len([line for line in shown if line not in FURNITURE.split("\n")])


def test_the_seed_has_316_papers_on_alternate_lines():
    parsed = parse(SEED.read_bytes())
    assert parsed["reason"].null_count() == parsed.height == 316
    assert parsed["line_number"].to_list() == list(range(3, 635, 2))
    assert parsed["title_raw"][0] == "Global Rhythm Style Transfer Without Text Transcriptions"


def test_a_byte_order_mark_is_not_part_of_the_title():
    assert texts(parse(b"\xef\xbb\xbfA title\nAn abstract")) == [("A title", "An abstract")]


@pytest.mark.parametrize(
    ("first_line", "title"),
    [
        ("SubscribeA Study of Words", "A Study of Words"),
        ("Subscribe3D Scenes", "3D Scenes"),
        ("SubscribeiModel: small", "iModel: small"),
        ("Subscribe A Study of Words", "A Study of Words"),  # other renderings put a space there
        ("SubscribeSubscribers and Churn", "Subscribers and Churn"),  # the title's own word stays
    ],
)
def test_furniture_is_unglued_from_the_title_below_it_only(first_line, title):
    above = FURNITURE.removesuffix("Subscribe")
    assert texts(parse(f"{above}{first_line}\n{LONG}".encode())) == [(title, LONG.strip())]
    assert texts(parse(f"{first_line}\n{LONG}".encode())) == [(first_line, LONG.strip())]


def test_furniture_between_two_pages_is_dropped_too():
    page = dump([("A title", LONG), ("Another title", LONG)])
    parsed = parse(page + b"\n" + page)
    assert parsed.height == 4
    assert parsed["title_raw"].to_list() == ["A title", "Another title"] * 2


class TestMissingLines:
    """A missing line makes one reject and never shifts its neighbours."""

    papers: ClassVar = [(f"Title number {n}", f"{n} {LONG}".strip()) for n in range(12)]

    def lines(self) -> list[str]:
        return [line for paper in self.papers for line in paper]

    def test_a_title_without_abstract_in_the_middle(self):
        lines = self.lines()
        del lines[7]
        parsed = parse("\n".join(lines).encode())
        assert texts(parsed) == self.papers[:3] + self.papers[4:]
        reject = parsed.filter(pl.col("reason").is_not_null()).row(0, named=True)
        assert (reject["reason"], reject["record_number"], reject["line_number"]) == ("title_without_abstract", 4, 7)
        assert reject["title_raw"] == "Title number 3"

    def test_an_abstract_without_title_in_the_middle(self):
        lines = self.lines()
        del lines[6]
        parsed = parse("\n".join(lines).encode())
        assert texts(parsed) == self.papers[:3] + self.papers[4:]
        assert parsed.filter(pl.col("reason").is_not_null())["reason"].to_list() == ["abstract_without_title"]

    def test_two_missing_lines_leave_an_even_number(self):
        lines = self.lines()
        del lines[15], lines[4]
        parsed = parse("\n".join(lines).encode())
        assert texts(parsed) == [paper for n, paper in enumerate(self.papers) if n not in (2, 7)]

    def test_the_last_abstract_is_missing(self):
        parsed = parse("\n".join(self.lines()[:-1]).encode())
        assert texts(parsed) == self.papers[:-1]
        assert parsed["reason"].to_list()[-1] == "title_without_abstract"


class TestUnreadable:
    """Records that can't be taken over are rejected with their text, the others load."""

    def test_bytes_that_are_not_utf8(self):
        parsed = parse(b"One\n" + LONG.encode() + b"\nTw\xff\n" + LONG.encode() + b"\nThree\n" + LONG.encode())
        assert parsed["reason"].to_list() == [None, "invalid_utf8", None]
        assert parsed["title_raw"][1] == "Tw\\xff"

    @pytest.mark.parametrize("size", [listing.TEXT_LIMIT_BYTES + 1, 3 * listing.WINDOW_BYTES])
    def test_an_abstract_over_the_limit(self, size):
        content = b"One\n" + LONG.encode() + b"\nTwo\n" + b"word " * (size // 5 + 1) + b"\nThree\n" + LONG.encode()
        parsed = parse(content)
        assert parsed["reason"].to_list() == [None, "abstract_too_long", None]
        kept = rejects.of_listing(parsed, "s")[1]["text_raw"].item()
        assert kept.startswith("Two\nword word")
        assert len(kept) == rejects.TEXT_CHARS


def test_windows_do_not_cut_records(monkeypatch):
    papers: ClassVar = [(f"Title {n}", f"{n} {LONG}".strip()) for n in range(50)]
    whole = parse(dump(papers))
    monkeypatch.setattr(listing, "WINDOW_BYTES", 700)
    assert parse(dump(papers), block_bytes=300).equals(whole)
