"""Raw records to papers: white space, Unicode, LaTeX damage, identity.

Cleaning runs as Polars expressions over whole columns; only texts that hold a sign of damage are repaired one by one.
"""

from __future__ import annotations

import hashlib
import itertools
import re
import unicodedata
from typing import TYPE_CHECKING

import polars as pl

from seeds import vocabulary
from transforms import latex
from transforms.latex.flags import FLAG_SIGNS, flags
from transforms.sentences import sentence_count
from warehouse.schema import lake_schema

if TYPE_CHECKING:
    from collections.abc import Callable

    from transforms.latex.markup import Markup

_INVISIBLE = r"[\x{200B}\x{200E}\x{200F}\x{2060}\x{FEFF}\x{00AD}]"
_SPACE = r"[\s\p{Cc}\p{Z}]+"
_UNTIDY = r"[\s\p{Cc}&&[^ ]]|  |^ | $"
_NOT_ASCII = r"[^\x00-\x7F]"
_KEY_SEPARATOR = "\x1f"
_ASCII_NOT_KEY = bytes(code for code in range(128) if not chr(code).isalnum())


def normalise(raw_records: pl.DataFrame, markup: Markup) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Papers and text repairs of raw records, one paper per record.

    Takes source_id, record_number, line_number, title_raw, abstract_raw, arxiv_id, published_on, and how their source
    holds LaTeX; returns the lake columns of `papers` and of `text_repairs`. Raises
    polars.exceptions.ColumnNotFoundError if a column is missing.
    """
    identified = raw_records.with_columns(paper_id=pl.Series(_paper_ids(raw_records), dtype=pl.String))
    cleaned = identified.with_columns(
        title=_clean(raw_records["title_raw"].cast(pl.String)),
        abstract=_clean(raw_records["abstract_raw"].cast(pl.String)),
    )
    papers, title_repairs = _repair(cleaned, "title", markup)
    papers, abstract_repairs = _repair(papers, "abstract", markup)
    papers = papers.with_columns(
        title_key=pl.Series([_key(title) for title in papers["title"]], dtype=pl.String),
        word_count=pl.col("abstract").str.count_matches(r"\S+"),
        sentence_count=sentence_count(pl.col("abstract")),
    )
    papers = papers.with_columns(system_name=_system_names(papers))
    repairs = pl.concat([title_repairs, abstract_repairs]).sort(
        ["source_id", "record_number", pl.col("field") == "abstract", "repair_number"]
    )
    return _with_schema(papers, "papers"), _with_schema(repairs, "text_repairs")


def _with_schema(frame: pl.DataFrame, table: str) -> pl.DataFrame:
    schema = lake_schema(table)
    return frame.select(schema.names()).cast(schema)


def _clean(text: pl.Series) -> pl.Series:
    """Invisible characters out, Unicode NFC, every run of white space and control characters one space."""
    text = text.fill_null("")
    text = _where(
        text,
        _NOT_ASCII,
        lambda value: value.str.replace_all(_INVISIBLE, "").str.normalize("NFC").str.replace_all(_SPACE, " "),
    )
    return _where(text, _UNTIDY, lambda value: value.str.replace_all(_SPACE, " ").str.strip_chars(" "))


def _where(text: pl.Series, pattern: str, change: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """The texts, those that hold the pattern changed; most texts need no change, and asking is cheap."""
    rows = text.str.contains(pattern).arg_true()
    return text.scatter(rows, change(text.gather(rows))) if len(rows) else text


def _key(text: str) -> str:
    """Letters and digits, case-folded: what is left when spelling habits are taken away."""
    if text.isascii():
        return text.lower().encode("ascii").translate(None, _ASCII_NOT_KEY).decode("ascii")
    return "".join(filter(str.isalnum, unicodedata.normalize("NFC", text).casefold()))


def _paper_ids(raw_records: pl.DataFrame) -> list[str]:
    """`p` and 20 hex digits, from the arXiv id or else from the raw text, so that no rule of repair renames a paper."""
    columns = raw_records.select(pl.col("arxiv_id").cast(pl.String), "title_raw", "abstract_raw")
    identities = (
        f"arxiv:{arxiv_id}" if arxiv_id else _key(title or "") + _KEY_SEPARATOR + _key(abstract or "")
        for arxiv_id, title, abstract in columns.iter_rows()
    )
    return ["p" + hashlib.sha256(identity.encode()).hexdigest()[:20] for identity in identities]


def _repair(papers: pl.DataFrame, field: str, markup: Markup) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The papers with one field repaired, and the repairs and flags; texts without a sign of any are not looked at."""
    families = latex.families(markup)
    signs = papers.select("source_id", "record_number", "paper_id", field).with_columns(
        *(latex.signs(pl.col(field), family).alias(f"has {family}") for family in families),
        pl.col(field).str.contains(FLAG_SIGNS).alias("has flags"),
    )
    damaged = signs.select(pl.any_horizontal(pl.selectors.starts_with("has ")).arg_true()).to_series().to_list()
    texts: list[str] = []
    found: list[dict[str, object]] = []
    for source_id, record_number, paper_id, text, *has_signs in signs[damaged].iter_rows():
        repaired_text, repairs = latex.repair(text, list(itertools.compress(families, has_signs)))
        if has_signs[-1]:
            repairs = sorted([*repairs, *flags(repaired_text)], key=lambda repair: repair.char_start)
        texts.append(repaired_text)
        found += (
            {
                "source_id": source_id,
                "record_number": record_number,
                "paper_id": paper_id,
                "field": field,
                "repair_number": number,
                "char_start": repair.char_start,
                "found": repair.found,
                "repaired": repair.repaired,
                "rule_id": repair.rule_id,
            }
            for number, repair in enumerate(repairs, 1)
        )
    repaired = papers[field].scatter(damaged, texts) if texts else papers[field]
    return papers.with_columns(repaired.alias(field)), pl.DataFrame(found, schema=lake_schema("text_repairs"))


_BEFORE_COLON = r"^(.{1,80}?): "
_MOST_WORDS = 4
_PHRASE_WORDS = frozenset(row["word"] for row in vocabulary("title_phrase_words"))
_MIXED = re.compile(r"[a-z][A-Z]|[A-Z]{2,}[a-z]|[A-Za-z][^\s-]*-?\d|\d[A-Za-z]|[A-Z]-[A-Z]|[A-Z]{2}[\^_]|[α-ωΑ-Ω]")
_VERSION = re.compile(r"[vV]?\d+(?:\.\d+)*")


def _system_names(papers: pl.DataFrame) -> pl.Series:
    """The coined name that a title introduces before its colon, or null.

    The part before the first colon, of at most four words, is a name if none of its words is an article, a
    preposition, a question word or another word of plain phrases (seeds/vocabulary/title_phrase_words.csv), none
    ends in -ing, it doesn't end in a question mark, and it is

    - one word that mixes cases or letters and digits, or is all capitals; or
    - several words, the first or last of which mixes cases or letters and digits or is a version number; or
    - one capitalised word that the abstract repeats, capitalised, in the middle of a sentence.
    """
    before = papers["title"].str.extract(_BEFORE_COLON)
    names = [
        _coined_name(name, abstract) if name else None
        for name, abstract in zip(before.to_list(), papers["abstract"].to_list(), strict=True)
    ]
    return pl.Series("system_name", names, dtype=pl.String)


def _coined_name(phrase: str, abstract: str) -> str | None:
    name = phrase.strip("\"'“”‘’")
    words = name.split()
    if not words or len(words) > _MOST_WORDS or name.endswith("?"):
        return None
    if any(word.casefold() in _PHRASE_WORDS or word.endswith("ing") for word in words):
        return None
    if len(words) == 1:
        coined = _MIXED.search(name) or (name.isupper() and len(name) > 1) or _repeated(name, abstract)
        return name if coined else None
    coined = any(_MIXED.search(word) or _VERSION.fullmatch(word) for word in (words[0], words[-1]))
    return name if coined else None


def _repeated(name: str, abstract: str) -> bool:
    return name[:1].isupper() and re.search(rf"[a-z,(] ?{re.escape(name)}(?!\w)", abstract) is not None
