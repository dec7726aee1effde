"""Properties that hold for any text."""

from __future__ import annotations

import gc
import hashlib
import re
from itertools import pairwise

import polars as pl
from hypothesis import example, given, settings
from hypothesis import strategies as st

from transforms.reported_metrics import LONGEST_SENTENCE, _pieces, refused_numbers, reported_metrics
from transforms.reported_metrics.candidates import candidates
from transforms.reported_metrics.dataset_words import are_surely_datasets
from transforms.reported_metrics.metric_names import id_of
from transforms.reported_metrics.numbers import atoms_with_numbers, read_numbers
from transforms.reported_metrics.tokens import _pattern, _token, tokenise
from warehouse import schema

WORDS = """accuracy F1 of by to from 12 3.5% 40–50% ×10 2x 1/4 half twice 7 out ten ± ~ up at least on ImageNet, and ;
. ) ( respectively improves reduces latency 5 ms GB $3 $ % \\% 1,000,000 −3 +2.5 é 𝒳 中 -- → [12] (1) p<0.05 GPT-4 .5
three times an order magnitude between 0.9 points pp teacher's cost queries Größe r@5 AUQ metric drop in rate
PSNR/SSIM 26.1/0.93 +3.1/+2.2 Pearson/Spearman correlations falls trust = d delta interval [0.1, 0.3]"""
SNAKE_CASE = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")
PIECES = st.sampled_from(sorted(set(re.split(r"\s+", WORDS))))
TEXTS = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=40).map(" ".join))


def papers(*texts: tuple[str, str]) -> pl.DataFrame:
    return pl.DataFrame(
        [("s", number, f"p{number}", *text) for number, text in enumerate(texts, 1)],
        schema=["source_id", "record_number", "paper_id", "title", "abstract"],
        orient="row",
    )


@settings(max_examples=150, deadline=None)
@given(TEXTS, TEXTS)
@example("", "It has PSNR/SSIM and F1 of 0.3 and 0.4, respectively; its PSNR/SSIM and F1 of 0.5 are high.")
@example("", "0 SNR/A")  # names between slashes that end the text
def test_rows_keep_their_invariants(title, abstract):
    rows = reported_metrics(papers((title, abstract)))
    assert rows.schema == schema.lake_schema("reported_metrics")
    text = {"title": title, "abstract": abstract}
    for row in rows.to_dicts():
        assert SNAKE_CASE.fullmatch(row["metric"]), row["sentence"]
        assert text[row["field"]][row["char_start"] : row["char_end"]] == row["quote"]
        assert row["quote"] in row["sentence"]
        identity = f"{row['paper_id']}|{row['field']}|{row['char_start']}|{row['char_end']}|{row['metric']}"
        assert row["metric_id"] == "m" + hashlib.sha256(identity.encode()).hexdigest()[:20]
        assert 0 < row["confidence"] < 1
        assert (row["direction"] is None) == (row["kind"] not in ("change", "factor"))
        assert row["basis"] is None or row["kind"] == "change"
        assert row["value_high"] is None or row["value_high"] >= row["value"]
        for column in schema.table("reported_metrics").lake_columns():
            assert column.nullable or row[column.name] is not None
            assert not column.values or row[column.name] is None or row[column.name] in column.values
    assert rows["metric_number"].to_list() == list(range(1, rows.height + 1))
    assert rows["metric_id"].n_unique() == rows.height


@settings(max_examples=80, deadline=None)
@given(TEXTS)
def test_a_number_is_reported_or_refused_but_not_both(abstract):
    reported = {(row["char_start"], row["char_end"]) for row in reported_metrics(papers(("", abstract))).to_dicts()}
    refused = {(start, end) for _, start, end, _, _ in refused_numbers("", abstract)}
    assert not reported & refused


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_any_text_may_be_asked_for_names_of_datasets(text):
    assert are_surely_datasets(text) in (True, False)


@settings(max_examples=500, deadline=None)
@given(st.one_of(TEXTS, st.text(alphabet="0123456789.,%×xX+-~/ ()=>\n\xa0toapproxsimGPT_@^&−–²", max_size=60)))
def test_tokens_are_those_of_the_pattern_whatever_was_read_piece_by_piece(text):
    read, plain = tokenise(text), [_token(found) for found in _pattern().finditer(text)]
    fields = ("text", "low", "start", "end", "kind", "sign", "core", "suffix")
    assert [[getattr(token, field) for field in fields] for token in read] == [
        [getattr(token, field) for field in fields] for token in plain
    ]


@settings(max_examples=80, deadline=None)
@given(TEXTS)
def test_tokens_and_numbers_are_in_order_and_do_not_overlap(text):
    tokens = tokenise(text)
    assert all(text[token.start : token.end] == token.text for token in tokens)
    assert all(one.end <= other.start for one, other in pairwise(tokens))
    numbers = read_numbers(tokens, atoms_with_numbers(tokens))
    assert all(one.last <= other.first for one, other in pairwise(numbers))


@settings(max_examples=60, deadline=None)
@given(TEXTS, TEXTS)
def test_rows_of_a_paper_do_not_depend_on_its_neighbours(one, other):
    alone = reported_metrics(papers((one, other)))
    among = reported_metrics(papers((one, other), (other, one))).filter(pl.col("record_number") == 1)
    assert alone.equals(among)


def test_reading_leaves_no_cycles_behind_and_the_collector_as_it_was():
    texts = papers(
        *((f"Paper {number}", "On GSM8K, accuracy rises from 61% to 70% (F1 = 0.8).") for number in range(50))
    )
    reported_metrics(texts)

    def cycles() -> int:
        gc.collect()
        reported_metrics(texts)
        assert gc.isenabled()
        return gc.collect()

    assert min(cycles() for _ in range(3)) < 50  # not even one for each paper; other threads may leave some, too
    gc.disable()
    try:
        reported_metrics(texts)
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_no_papers_give_no_rows():
    assert reported_metrics(papers()[:0].cast({"record_number": pl.Int64})).height == 0


def test_sentences_hold_their_place():
    abstract = "Ünïcode first. Then 𝒳 gains 3%. (It has 5%.) Last, 7% more."
    for _, field, sentence, offset, _ in candidates(papers(("", abstract))).iter_rows():
        assert field == "abstract"
        assert abstract[offset : offset + len(sentence)] == sentence


def test_no_piece_is_longer_than_what_is_read_at_once():
    """Work is bounded for a piece, so it is linear in the length of a text of one endless sentence."""
    abstract = "accuracy of 3.5% on CIFAR-10, " * 200 + "x" * 4000 + " 5%"
    pieces = list(_pieces(candidates(papers(("", abstract)))))
    assert all(len(piece) <= LONGEST_SENTENCE for _, _, piece, _, _ in pieces)
    assert "".join(piece for _, _, piece, _, _ in pieces) == abstract
    assert all(abstract[offset : offset + len(piece)] == piece for _, _, piece, offset, _ in pieces)


def test_a_sentence_that_leads_to_another_is_read_in_part_if_it_is_long():
    abstract = "We test " + "much more " * 1000 + "on MathView-500. It gains 3.4% accuracy."
    (piece,) = _pieces(candidates(papers(("", abstract))))
    assert piece[-1].endswith("on MathView-500.")
    assert len(piece[-1]) == LONGEST_SENTENCE


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=4))
def test_ids_of_own_words_are_snake_case(words):
    assert SNAKE_CASE.fullmatch(id_of(words))
