"""What titles, abstracts and links are worth, measured on the texts of ../shared, as in docs/text.md.

Run by hand: ``make measure-text`` (it needs ../shared). The bars are tests/transforms/test_text_measures.py.
"""

from __future__ import annotations

import functools
import json
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from random import Random

import polars as pl

from flows import sources
from tests.listing_pages import FORMS, seed_papers
from tests.support import ROOT, SHARED
from transforms import latex, listing, papers
from transforms.latex import markup
from transforms.links import links

ABSTRACTS = SHARED / "data" / "arxiv_60k.jsonl.zst"
LISTING = SHARED / "data" / "listing_daily_4000.txt.zst"
TRUTH = SHARED / "data" / "listing_daily_4000.truth.jsonl"
REPAIRS = SHARED / "gold" / "repair_dev.jsonl"

HAS_LATEX = r"[\\${}^_~`]|--|''"
MEASURED = "×±≈≤≥~→°"
"""The symbols that stand beside numbers."""

_ARGUMENT = re.compile(r"\\[A-Za-z]+\{([^{}]*)\}")
_MATHEMATICS = re.compile(r"(?<!\\)\$\$?([^$]{1,400}?)\$\$?")


def strip(text: str) -> str:
    """What a listing shows of LaTeX: mathematics without dollar signs, arguments without their macro, no backslash."""
    return _MATHEMATICS.sub(lambda match: _ARGUMENT.sub(r"\1", match[1]).replace("\\", ""), text)


def squeezed(text: str) -> str:
    """White space squeezed, Unicode NFC: the text that repairs start from."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def _tight(text: str) -> str:
    return re.sub(r"\s+", "", text)


@functools.cache
def arxiv() -> pl.DataFrame:
    """60,000 titles and abstracts as their authors wrote them."""
    return pl.read_ndjson(ABSTRACTS).select("title", abstract=pl.col("abstract").str.strip_chars())


# Repair


def repairs_made() -> tuple[int, int]:
    """Labelled repairs that were made, and all of them: each counts as often as its text is wanted."""
    made = total = 0
    for line in REPAIRS.read_text("utf-8").splitlines():
        labelled = json.loads(line)
        text = _tight(latex.repair(squeezed(labelled["text"]))[0])
        wanted = Counter(_tight(repair["want"]) for repair in labelled["repairs"])
        made += sum(min(count, text.count(want)) for want, count in wanted.items())
        total += wanted.total()
    return made, total


@dataclass(frozen=True, slots=True)
class Roads:
    """How often LaTeX as written and what a listing leaves of it end in the same text."""

    texts: int
    same: int
    symbols: Counter[str]
    restored: Counter[str]
    made: int

    @property
    def recall(self) -> float:
        """Share of the symbols beside numbers that the stripped text gets back."""
        return self.restored.total() / self.symbols.total()

    @property
    def precision(self) -> float:
        """Share of the symbols in the repaired stripped text that the source has too."""
        return self.restored.total() / self.made


def roads(every: int = 1) -> Roads:
    """Abstracts of arXiv that hold LaTeX, one of `every`, repaired as written and as a listing strips them."""
    texts = [squeezed(text) for text in arxiv()["abstract"] if "$" in text or "\\" in text][::every]
    same = made = 0
    symbols: Counter[str] = Counter()
    restored: Counter[str] = Counter()
    for text in texts:
        written, stripped = latex.repair(text, latex.families("source"))[0], latex.repair(strip(text))[0]
        same += _tight(written) == _tight(stripped)
        for symbol in MEASURED:
            symbols[symbol] += written.count(symbol)
            restored[symbol] += min(written.count(symbol), stripped.count(symbol))
            made += stripped.count(symbol)
    return Roads(len(texts), same, symbols, restored, made)


def pairs_of_papers() -> tuple[int, int, int]:
    """Papers that are both in the listing and among the abstracts of arXiv, as their authors wrote them.

    Their number, that of those which hold LaTeX, and how many of these end in the same text, addresses aside,
    which arXiv hides.
    """
    written, _ = papers.normalise(_raw(arxiv()), "source")
    columns = ("title_key", "abstract")
    both = (
        daily()[1]
        .select(columns)
        .join(written.select(*columns, "record_number").unique("title_key"), on="title_key", suffix="_written")
    )
    source = arxiv()["abstract"]
    texts = [
        (listed, written_text)
        for listed, written_text, number in both.select("abstract", "abstract_written", "record_number").rows()
        if re.search(r"[\\$]", source[number - 1])
    ]
    return both.height, len(texts), sum(_same_but_for_addresses(*pair) for pair in texts)


def _same_but_for_addresses(listed: str, written: str) -> bool:
    words, others = listed.split(), written.split()
    for kind, start, end, other_start, other_end in SequenceMatcher(None, words, others, autojunk=False).get_opcodes():
        here, there = " ".join(words[start:end]), " ".join(others[other_start:other_end])
        if kind != "equal" and _tight(here) != _tight(there) and "URL" not in there and not here.startswith("http"):
            return False
    return True


def healthy() -> pl.DataFrame:
    """Titles and abstracts of arXiv whose abstract holds no sign of LaTeX."""
    return arxiv().filter(~pl.col("abstract").str.contains(HAS_LATEX))


def harmed(source: pl.DataFrame, how: markup.Markup | None = None) -> list[str]:
    """Healthy abstracts that come out changed as part of that source, or of a source of that kind."""
    how = how or markup.evidence(source["abstract"]).markup
    texts = healthy()
    normalised, _ = papers.normalise(_raw(texts), how)
    expected = [squeezed(text) for text in texts["abstract"]]
    return [got for got, want in zip(normalised["abstract"], expected, strict=True) if got != want]


def _raw(texts: pl.DataFrame) -> pl.DataFrame:
    number = pl.int_range(1, pl.len() + 1, dtype=pl.Int64)
    return texts.select(
        source_id=pl.lit("arxiv"),
        record_number=number,
        line_number=2 * number - 1,
        title_raw="title",
        abstract_raw="abstract",
        arxiv_id=pl.lit(None, dtype=pl.String),
        published_on=pl.lit(None, dtype=pl.Date),
    )


# Listing


@functools.cache
def daily() -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Raw records, papers and text repairs of the listing of 4,000 papers."""
    raw = pl.concat(list(listing.records(sources.blocks(LISTING)))).filter(pl.col("reason").is_null())
    raw = raw.with_columns(source_id=pl.lit("daily"))
    return raw, *papers.normalise(raw, markup.evidence(raw["abstract_raw"]).markup)


def inexact() -> list[tuple[int, str]]:
    """Records and fields of the listing that are not what stands in the file once their repairs are undone."""
    lines = b"".join(sources.blocks(LISTING)).decode().split("\n")
    _, normalised, repairs = daily()
    by_field: dict[tuple[int, str], list[tuple[int, str, str]]] = {}
    for number, field, *repair in repairs.select("record_number", "field", "char_start", "found", "repaired").rows():
        by_field.setdefault((number, field), []).append(tuple(repair))
    wrong = []
    for paper, line in zip(normalised.iter_rows(named=True), range(2, len(lines), 2), strict=False):
        for field, text in (("title", lines[line].removeprefix("Subscribe")), ("abstract", lines[line + 1])):
            number = paper["record_number"]
            if _undone(paper[field], by_field.get((number, field), [])) != squeezed(text):
                wrong.append((number, field))
    return wrong


def _undone(text: str, repairs: list[tuple[int, str, str]]) -> str:
    for start, found, repaired in reversed(repairs):
        text = text[:start] + found + text[start + len(repaired) :]
    return text


@dataclass(frozen=True, slots=True)
class Repository:
    """A paper whose text holds a GitHub address and for which the site shows a repository."""

    arxiv_id: str
    shown: str
    found: frozenset[str]
    urls: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """Whether the repository that the site shows is among those found in the text."""
        return self.shown in self.found

    @property
    def reason(self) -> str:
        """Why it isn't."""
        if self.found:
            return "the text names another repository than the site shows"
        return "the text links the page of an owner, and no repository"


def repositories() -> list[Repository]:
    """What the site shows and what the text says, where both name something on GitHub."""
    raw, normalised, _ = daily()
    found = links(normalised.join(raw.select("record_number", "page_urls"), on="record_number"))
    on_github = found.filter(pl.col("host").is_in(["github.com", "raw.githubusercontent.com"]))
    grouped = on_github.group_by("record_number").agg(pl.col("repository_id").drop_nulls(), "url")
    by_record = {number: (frozenset(ids), tuple(urls)) for number, ids, urls in grouped.rows()}
    truths = [json.loads(line) for line in TRUTH.read_text("utf-8").splitlines()]
    return [
        Repository(truth["arxiv_id"], _repository_id(truth["github"]), *by_record[truth["record"]])
        for truth in truths
        if truth["github"] and truth["record"] in by_record
    ]


def _repository_id(url: str) -> str:
    return "/".join(url.removeprefix("https://").lower().split("/")[:3]).removesuffix(".git")


def forms() -> Iterator[tuple[str, int, int, int]]:
    """Name, papers, papers found exactly and rejects of the forms of pages, set with the papers of the seed."""
    listed = seed_papers()
    for name, form in FORMS.items():
        parsed = pl.concat(list(listing.records([form.page(listed, Random(1)).encode()])))
        loaded = parsed.filter(pl.col("reason").is_null())
        found = {(title, squeezed(abstract)) for title, abstract in loaded.select("title_raw", "abstract_raw").rows()}
        exact = len(found & {(paper.title, paper.abstract) for paper in listed})
        yield name, len(listed), exact, parsed.height - loaded.height


# The report


def report() -> str:
    """docs/text.md."""
    return "\n\n".join((_HEAD, *_on_repairs(), *_on_listings(), *_on_repositories())) + "\n"


_HEAD = """# Text: what was measured

Written by `make measure-text` from the texts of ../shared; the bars are in tests/transforms/test_text_measures.py."""

_LOST = """What a stripped text can't get back is mostly a Greek letter in prose (`the parameter alpha`), which authors
also spell out, `to` and `in` between words, and `3 times` for 3×, which reads the same. The last line counts what
authors of arXiv typed themselves, such as `3.2times` and `kappa = 0.8`: in a listing it becomes a symbol, in a source
that shows no loss of LaTeX it stays."""


def _on_repairs() -> Iterator[str]:
    made, total = repairs_made()
    both, texts = roads(), healthy()
    shared, with_latex, same = pairs_of_papers()
    yield "## Repair of LaTeX"
    yield _table(
        ("what", "figure"),
        ("labelled repairs that were made (they were read while the rules were written)", f"{made} of {total}"),
        ("papers of the listing whose LaTeX is among the abstracts of arXiv", f"{shared:,}"),
        ("… that hold LaTeX", with_latex),
        ("… and are the same text on both roads, addresses aside, which arXiv hides", _share(same, with_latex)),
        ("abstracts of arXiv that hold LaTeX", f"{both.texts:,}"),
        (
            "… whose text is the same, as written and as a listing strips it, both repaired",
            _share(both.same, both.texts),
        ),
        (f"… symbols beside numbers ({MEASURED}) that the stripped text gets back", f"{both.recall:.3f}"),
        ("… symbols in the repaired stripped text that the source has too", f"{both.precision:.3f}"),
        ("abstracts of arXiv without a sign of LaTeX", f"{texts.height:,}"),
        ("… changed as part of the 60,000", len(harmed(arxiv()))),
        ("… changed as a source of their own", len(harmed(texts))),
        ("… changed if their source had lost its LaTeX", len(harmed(texts, "stripped"))),
    )
    yield _LOST
    rows = ((symbol, both.symbols[symbol], _share(both.restored[symbol], both.symbols[symbol])) for symbol in MEASURED)
    yield _table(("symbol", "in the sources", "got back"), *rows)


def _on_listings() -> Iterator[str]:
    raw, _, repairs = daily()
    changes = repairs.filter(pl.col("found") != pl.col("repaired"))
    yield "## Listings"
    yield (
        f"Of the listing of 4,000 papers {raw.height:,} load. {len(inexact())} of their titles and abstracts differ\n"
        f"from the file once the {repairs.height:,} recorded repairs are undone."
    )
    kinds = changes["rule_id"].str.split(" ").explode().value_counts(sort=True)
    yield _table(("rule", "repairs"), *((f"`{rule}`", count) for rule, count in kinds.rows()))
    yield "The papers of the seed, set as other pages set theirs (tests/listing_pages.py):"
    yield _table(("form", "papers", "found exactly", "rejects"), *forms())


def _on_repositories() -> Iterator[str]:
    pairs = repositories()
    agreed = sum(pair.agrees for pair in pairs)
    yield "## Repositories"
    yield (
        f"{len(pairs)} papers of that listing hold a GitHub address, and the site shows a repository for them.\n"
        f"For {agreed} ({agreed / len(pairs):.4f}) that repository is among those found in the text. The others:"
    )
    yield _table(
        ("paper", "the site shows", "the text holds", "reason"),
        *(
            (f"arXiv {pair.arxiv_id}", pair.shown, " ".join(pair.urls), pair.reason)
            for pair in pairs
            if not pair.agrees
        ),
    )


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}"


def _table(head: tuple[str, ...], *rows: tuple[object, ...]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


if __name__ == "__main__":
    if not SHARED.exists():
        sys.exit(f"{SHARED} is not there: nothing can be measured")
    (ROOT / "docs" / "text.md").write_text(report(), encoding="utf-8")
