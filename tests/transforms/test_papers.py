"""Raw records to papers: cleaning, identity, names of systems, repairs in place."""

import csv
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms import papers
from warehouse.schema import lake_schema

TITLES = list(
    csv.DictReader((Path(__file__).parent.parent / "golden" / "titles.csv").open(encoding="utf-8", newline=""))
)


def raw_records(*records, arxiv_ids=None):
    count = len(records)
    return pl.DataFrame(
        {
            "source_id": ["s"] * count,
            "record_number": list(range(1, count + 1)),
            "line_number": list(range(1, 2 * count, 2)),
            "title_raw": [title for title, _ in records],
            "abstract_raw": [abstract for _, abstract in records],
            "arxiv_id": arxiv_ids or [None] * count,
            "published_on": [date(2024, 1, 2)] * count,
            "page_urls": [None] * count,
        },
        schema=lake_schema("raw_records"),
    )


def normalise(records, markup="stripped"):
    return papers.normalise(records, markup)


def test_columns_are_those_of_the_schema():
    for records in (raw_records(), raw_records(("T", "A 2times gain."))):
        normalised, repairs = normalise(records)
        assert normalised.schema == lake_schema("papers")
        assert repairs.schema == lake_schema("text_repairs")


def test_white_space_and_unicode_are_cleaned():
    normalised, repairs = normalise(raw_records(("\ufeff A\u00a0 title\t", "e\u0301 a\u200bb\x00c  d ")))
    assert normalised.select("title", "abstract").row(0) == ("A title", "é ab c d")
    assert repairs.is_empty()


def test_counts():
    normalised, _ = normalise(raw_records(("T", "One is here. Two (e.g. This) too.")))
    assert normalised.select("word_count", "sentence_count").row(0) == (7, 2)


def test_repairs_stand_where_they_say():
    normalised, repairs = normalise(raw_records(("X\u0301 at 2times", 'G\\"odel  and sim5%, 3times.')))
    assert repairs["field"].to_list() == ["title", "abstract", "abstract", "abstract"]
    assert repairs["repair_number"].to_list() == [1, 1, 2, 3]
    paper = normalised.row(0, named=True)
    for repair in repairs.iter_rows(named=True):
        text = paper[repair["field"]]
        assert text[repair["char_start"] :].startswith(repair["repaired"])


def test_paper_id_is_that_of_the_arxiv_id_if_there_is_one():
    records = (("T", "A"), ("Other", "text"), ("T", "A"))
    ids = normalise(raw_records(*records, arxiv_ids=["2401.00001", "2401.00001", None]))[0]["paper_id"]
    assert ids[0] == ids[1] != ids[2]


def test_paper_id_depends_on_letters_and_digits_alone():
    first, second, other = normalise(
        raw_records(
            ("The Title: é", "a 2times gain"), ("the title e\u0301", "A $2\\,times$ gain!"), ("The Title: é", "a")
        )
    )[0]["paper_id"]
    assert first == second != other
    assert first.startswith("p")
    assert len(first) == 21


@pytest.mark.parametrize("case", TITLES, ids=lambda case: case["reason"])
def test_system_name(case):
    normalised, _ = normalise(raw_records((case["title"], case["abstract"])))
    assert (normalised["system_name"][0] or "") == case["system_name"]


def test_macros_that_nobody_knows_and_hidden_addresses_are_kept_and_flagged():
    abstract = r"Our \method beats \textbf{all}. Code is at this https URL."
    normalised, repairs = normalise(raw_records(("T", abstract)))
    assert normalised["abstract"].item() == r"Our \method beats all. Code is at this https URL."
    flags = repairs.filter(pl.col("rule_id").str.starts_with("kept."))
    assert flags.select("found", "repaired", "rule_id", "char_start", "repair_number").rows() == [
        (r"\method", r"\method", "kept.macro", 4, 1),
        ("this https URL", "this https URL", "kept.hidden_url", 34, 4),
    ]


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60), st.text(max_size=120), st.sampled_from(["source", "stripped", "plain"]))
def test_any_text_gives_a_paper(title, abstract, markup):
    normalised, _ = normalise(raw_records((title, abstract)), markup)
    again, repairs = normalise(raw_records((normalised["title"][0], normalised["abstract"][0])), markup)
    assert again.select("title", "abstract").row(0) == normalised.select("title", "abstract").row(0)
    assert repairs.filter(pl.col("found") != pl.col("repaired")).is_empty()
