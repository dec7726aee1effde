"""The parser of listings: round trips, the forms of pages, furniture, and what it does when a line is missing."""

from __future__ import annotations

import json
import re
from random import Random
from typing import ClassVar

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.listing_pages import FORMS, seed_papers
from tests.support import FURNITURE, SEED, SHARED, dump
from transforms import listing, rejects
from transforms.listing import alignment, assembly, marks
from transforms.listing import lines as listing_lines

LONG = "We present a method and measure what it does on many data sets, with care and at some length. " * 5
PAGES = SHARED / "data" / "pages"


def _letters(line: str) -> str:
    return "".join(filter(str.isalnum, line)).lower()


# Any text that a line can hold: it is trimmed and shows something.
ANY_LINE = st.text(st.characters(categories=["L", "M", "N", "P", "S", "Zs"]), min_size=1, max_size=80).map(
    lambda text: "x" if not text.strip() or text.strip() in FURNITURE.split("\n") else text.strip()
)
# What shows nothing but text: no furniture, no heading, no address.
LINE = ANY_LINE.filter(lambda text: marks.mark(text) == marks.Mark("text", text))
# No two lines with the same letters: a title that stands twice in a row is one.
PAPERS = st.lists(st.tuples(LINE, LINE.map("{}.".format)), min_size=1, max_size=30).filter(
    lambda papers: len({_letters(line) for paper in papers for line in paper}) == 2 * len(papers)
)
LONG_PAPERS = st.lists(st.tuples(ANY_LINE, LINE.map(lambda line: f"{line} {LONG}".strip())), min_size=1, max_size=30)


def parse(content: bytes, block_bytes: int = 1 << 20) -> pl.DataFrame:
    blocks = [content[start : start + block_bytes] for start in range(0, len(content), block_bytes)]
    frames = list(listing.records(blocks))
    return pl.concat(frames) if frames else pl.DataFrame()


def _is_blank(line: str) -> bool:
    return next(listing_lines.windows([line.encode()]))[0].is_empty() if line else True


def texts(frame: pl.DataFrame) -> list[tuple[str, str]]:
    return frame.filter(pl.col("reason").is_null()).select("title_raw", "abstract_raw").rows()


@given(
    st.one_of(PAPERS, LONG_PAPERS),
    st.sampled_from(["\n", "\r\n", "\n\n", "\n \t\n"]),
    st.sampled_from(["", "\n", "\r\n\r\n"]),
)
def test_a_dump_of_papers_parses_to_the_same_papers(papers, line_break, ending):
    content = (FURNITURE + line_break.join(line for paper in papers for line in paper) + ending).encode()
    parsed = parse(content)
    assert texts(parsed) == papers
    assert parsed["record_number"].to_list() == list(range(1, len(papers) + 1))


@given(PAPERS, st.integers(1, 50))
def test_parsing_does_not_depend_on_how_the_bytes_arrive(papers, block_bytes):
    assert parse(dump(papers), block_bytes).equals(parse(dump(papers)))


@given(st.binary(max_size=400))
def test_every_line_of_any_bytes_is_in_a_record_or_is_furniture(content):
    assert_nothing_is_lost(content)


PIECES = st.one_of(
    st.sampled_from(
        [
            *FURNITURE.split("\n"),
            *(
                "",
                "Upvote",
                "▲ 23",
                "12",
                "Submitted by",
                "· Submitted by annlee on Oct 7, 2024",
                "- 8 authors",
                "3 comments",
            ),
            *("Oct 7, 2024", "7 Oct 2024", "Published on Oct 7, 2024", "2 days ago", "Ann Lee, Bo Zhang"),
            *("https://huggingface.co/papers/2410.05434", "https://github.com/ann/tool", "arXiv:2410.05434 [cs.CV]"),
            *("[View PDF](https://arxiv.org/pdf/2410.05434)", "[LINK: GitHub 2k](https://github.com/ann/tool)"),
            *(
                "Abstract",
                "Abstract: " + LONG,
                "Title: Words",
                "## Trending Papers",
                "### A Study of Words",
                "----",
                "·",
            ),
            *(
                "Models citing this paper 3",
                "### Community",
                "Related Work",
                "Settings",
                "Introduction",
                "**Bold words**",
            ),
            *("A Study of Words", "gwords: a study in lower case", "1. A Study of Words", "2. Another Study of Words"),
            *(
                LONG,
                "We study words.",
                "A line that was broken over the page and goes on",
                "  with the words below it.",
            ),
        ]
    ),
    ANY_LINE,
)


@given(st.lists(PIECES, max_size=40))
def test_nothing_is_lost_among_furniture(pieces):
    assert_nothing_is_lost("\n".join(pieces).encode())


def assert_nothing_is_lost(content: bytes) -> None:
    """Every line that shows text is held by a record or a reject; labels, numbers of lists and buttons may go."""
    parsed = parse(content)
    held = (
        []
        if parsed.is_empty()
        else parsed.select(pl.concat_str("title_raw", "abstract_raw", separator="\n", ignore_nulls=True))
    )
    held = "\n".join(held.to_series().to_list()) if len(held) else ""
    lines = content.decode("utf-8", "backslashreplace").replace("\r", "\n").split("\n")
    lines = [line.strip().strip("\ufeff").strip() for line in lines]
    for line in lines:
        shown = marks.mark(line)
        text = shown.text.removeprefix("Subscribe").strip()
        is_button = lines.count(line) > 2 and len(line) <= 80
        if shown.kind == "text" and not is_button and not _is_blank(line):
            assert text in held or _unlabelled(text) in held


def _unlabelled(text: str) -> str:
    for label in marks.labels():
        text = re.sub(f"^(?:{label})", "", text)
    return re.sub(rf"^(?:> |{assembly.NUMBER}|{assembly.BULLET})", "", text)


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("count", [316, 5])
def test_every_paper_is_found_on_a_page_of_any_form(name, count):
    papers = seed_papers()[:count]
    form = FORMS[name]
    parsed = parse(form.page(papers, Random(1)).encode())
    found = {
        (title, " ".join((abstract or "").split())): row
        for row in parsed.filter(pl.col("reason").is_null()).rows(named=True)
        for title, abstract in [(row["title_raw"], row["abstract_raw"])]
    }
    exact = [paper for paper in papers if (paper.title, paper.abstract) in found]
    assert len(exact) >= form.share * len(papers)
    assert len(found) <= len(papers)
    for paper in exact:
        row = found[paper.title, paper.abstract]
        urls = (row["page_urls"] or "").split()
        stated = row | {"repository": urls[-1].removeprefix("https://") if urls else None}
        assert [stated[name] for name in form.states] == [getattr(paper, name) for name in form.states]


@pytest.mark.skipif(not PAGES.exists(), reason="needs the saved pages in ../shared")
@pytest.mark.parametrize("name", ["search_page_browser_export.txt", "trending_page_plain.txt", "paper_page.md"])
def test_saved_pages_give_what_they_hold(name):
    expected = json.loads((PAGES / "expected.json").read_text(encoding="utf-8"))[name]
    parsed = parse((PAGES / name).read_bytes()).filter(pl.col("reason").is_null())
    found = []
    for row in parsed.unique("title_raw", keep="first", maintain_order=True).rows(named=True):
        urls = (row["page_urls"] or "").removeprefix("https://") or None
        shown = {"title": row["title_raw"], "arxiv_id": row["arxiv_id"], "published_on": row["published_on"]}
        shown |= {"repository": urls}
        found.append({key: str(value) for key, value in shown.items() if value is not None})
    assert found == expected


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


@pytest.mark.parametrize("name", ["title and abstract in turn", "browser export", "arXiv search", "numbered titles"])
def test_a_page_that_was_saved_three_times_gives_its_papers_three_times(name):
    papers = seed_papers()[:40]
    parsed = parse(3 * FORMS[name].page(papers, Random(1)).encode())
    found = [(title, " ".join(abstract.split())) for title, abstract in texts(parsed)]
    assert found == 3 * [(paper.title, paper.abstract) for paper in papers]


CHINESE = [
    ("面向长文本的稀疏注意力机制", "本文研究长文本的建模问题，提出一种稀疏注意力机制，在多个数据集上进行了实验。"),
    ("图神经网络的可解释性研究", "我们分析图神经网络的可解释性，并提出一种新的解释方法。实验证明该方法有效。"),
    ("多模态大模型的对齐方法", "多模态大模型需要对齐视觉与语言。我们提出两阶段的对齐方法，并在五个基准上验证。"),
]
CHINESE = [
    (title, abstract + "与以往的方法相比，该方法的准确率提高了4.2%，速度快三倍，代码已经公开。" * 2)
    for title, abstract in CHINESE
]


def test_a_character_of_chinese_says_more_than_a_letter():
    assert texts(parse(dump(CHINESE))) == CHINESE


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_lines_end_as_any_system_ends_them(line_end):
    papers = [(f"Title number {n}", f"{n} {LONG}".strip()) for n in range(5)]
    content = line_end.join(line for paper in papers for line in paper).encode()
    for block_bytes in (1, 7, 1 << 20):
        parsed = parse(content, block_bytes)
        assert texts(parsed) == papers
        assert parsed["line_number"].to_list() == [1, 3, 5, 7, 9]


@pytest.mark.parametrize("line", ["{title}\t{abstract}", '{{"title": "{title}", "abstract": "{abstract}"}}'])
def test_a_whole_paper_on_a_line_is_no_title(line):
    papers = seed_papers()[:30]
    parsed = parse("\n".join(line.format(title=p.title, abstract=p.abstract) for p in papers).encode())
    assert texts(parsed) == []
    assert parsed["reason"].to_list() == ["abstract_without_title"] * 30


def test_a_page_without_end_or_titles_is_not_weighed_again_and_again(monkeypatch):
    weighed = []
    monkeypatch.setattr(listing_lines, "WINDOW_BYTES", 10_000)
    monkeypatch.setattr(listing, "_MOST_CARRIED", 500)
    monkeypatch.setattr(
        alignment, "roles", lambda lines, roles=alignment.roles: weighed.append(len(lines)) or roles(lines)
    )
    parsed = parse(dump([("A title", LONG)]) + b"\n12 comments" * 20_000, block_bytes=5_000)
    assert texts(parsed) == [("A title", LONG.strip())]
    assert max(weighed) < 2_000


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

    @pytest.mark.parametrize("size", [listing_lines.TEXT_LIMIT_BYTES + 1, 3 * listing_lines.WINDOW_BYTES])
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
    monkeypatch.setattr(listing_lines, "WINDOW_BYTES", 700)
    assert parse(dump(papers), block_bytes=300).equals(whole)
