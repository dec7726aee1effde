"""Golden cases: a sentence for each construction, with what it says, and for each kind of set-up number."""

from __future__ import annotations

import functools
import json
from collections import Counter
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from transforms.reported_metrics import refused_numbers, reported_metrics

GOLDEN = Path(__file__).parent.parent / "golden"
CASES, CONSTRUCTIONS = (
    [json.loads(line) for line in (GOLDEN / name).read_text("utf-8").splitlines()]
    for name in ("reported_metrics.jsonl", "constructions.jsonl")
)
"""Sentences with a reason each, and ten for each way of writing a number."""


def rows_of(title: str, abstract: str) -> list[dict[str, Any]]:
    papers = pl.DataFrame(
        {"source_id": ["s"], "record_number": [1], "paper_id": ["p"], "title": [title], "abstract": [abstract]}
    )
    return reported_metrics(papers).to_dicts()


@functools.cache
def rows_by_text() -> dict[str, list[dict[str, Any]]]:
    """The rows of all golden sentences, each as an abstract of its own, read at once."""
    texts = list(dict.fromkeys(case["text"] for case in (*CASES, *CONSTRUCTIONS)))
    numbers = range(len(texts))
    papers = pl.DataFrame(
        {
            "source_id": "s",
            "record_number": numbers,
            "paper_id": [f"p{number}" for number in numbers],
            "title": "",
            "abstract": texts,
        }
    )
    rows = reported_metrics(papers).to_dicts()
    return {text: [row for row in rows if row["record_number"] == number] for number, text in enumerate(texts)}


def check(case: dict[str, Any]) -> None:
    rows, expected = rows_by_text()[case["text"]], case["expected"]
    assert [row["quote"] for row in rows] == [wanted["quote"] for wanted in expected], case["text"]
    for row, wanted in zip(rows, expected, strict=True):
        assert {key: row[key] for key in wanted} == pytest.approx(wanted), case["text"]


@pytest.mark.parametrize("case", CASES, ids=[case["reason"] for case in CASES])
def test_golden(case):
    check(case)


@pytest.mark.parametrize(
    "case", CONSTRUCTIONS, ids=[f"{case['construction']}: {case['text']}" for case in CONSTRUCTIONS]
)
def test_construction(case):
    check(case)


def test_every_construction_has_ten_sentences():
    counts = Counter(case["construction"] for case in CONSTRUCTIONS)
    assert len(counts) >= 15
    assert set(counts.values()) == {10}


def test_every_reason_is_its_own():
    reasons = [case["reason"] for case in CASES]
    assert len(set(reasons)) == len(reasons)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("We add (1) a decoder and 2.5% noise.", "refuse.list_marker"),
        ("The first edition, in 2021, had 4.5% errors.", "refuse.year"),
        ("Halcyon 2.5 is an open model.", "refuse.version_or_name"),
        ("We set lambda = 0.5 for all runs.", "refuse.hyperparameter"),
        ("We fine-tune with only 1% of the labels.", "refuse.share_of_data"),
        ("All runs are at 90% sparsity.", "refuse.condition"),
        ("We study 4x super-resolution.", "refuse.magnification"),
        ("Each trial was repeated five times.", "refuse.repetition"),
        ("It was recorded over 300 hours of speech.", "refuse.amount_of_media"),
        ("Bars show the 95% confidence interval.", "refuse.confidence_level"),
        ("The effect is significant (p < 0.05).", "refuse.p_value"),
    ],
)
def test_refusals_name_their_reason(text, rule):
    assert rule in {reason for *_, reason in refused_numbers("", text)}


def test_refused_numbers_reproduce_their_quote():
    abstract = "We cover 12 of the languages. In 2021 we set k = 0.5."
    for field, start, end, quote, _ in refused_numbers("A title", abstract):
        assert field == "abstract"
        assert abstract[start:end] == quote


def test_a_title_comes_first():
    rows = rows_of("Halcyon: 3x faster decoding", "It reaches 91% accuracy.")
    assert [(row["metric_number"], row["field"], row["quote"]) for row in rows] == [
        (1, "title", "3x"),
        (2, "abstract", "91%"),
    ]


def test_the_benchmark_that_a_paper_introduces_is_where_its_models_are_measured():
    abstract = "We introduce QuillonBench, a benchmark for patience. The best model reaches 31.5% accuracy."
    assert [row["dataset"] for row in rows_of("On patience", abstract)] == ["QuillonBench"]


def test_a_dataset_is_carried_to_the_next_sentence():
    abstract = "On CIFAR-10 it reaches 91.0% accuracy. It also has a recall of 85.0%."
    rows = rows_of("", abstract)
    assert [(row["dataset"], row["rule_id"].split()[-1]) for row in rows] == [
        ("CIFAR-10", "dataset.opening"),
        ("CIFAR-10", "dataset.sentence_before"),
    ]


def test_two_records_of_one_paper_keep_their_rows():
    papers = pl.DataFrame(
        {
            "source_id": ["s", "s"],
            "record_number": [1, 2],
            "paper_id": ["p", "p"],
            "title": ["", ""],
            "abstract": ["It reaches 91% accuracy."] * 2,
        }
    )
    assert reported_metrics(papers)["record_number"].to_list() == [1, 2]
