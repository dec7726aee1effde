"""Bars for titles, abstracts and links on the texts of ../shared; docs/text.md holds the figures."""

import pytest

from tests import measure_text
from tests.support import ROOT, SHARED

pytestmark = [
    pytest.mark.skipif(not SHARED.exists(), reason="needs the texts of ../shared"),
    pytest.mark.slow,
]


def test_labelled_repairs_are_made():
    made, total = measure_text.repairs_made()
    assert made >= 0.99 * total


def test_both_roads_agree_on_papers_that_are_in_both_sources():
    _, with_latex, same = measure_text.pairs_of_papers()
    assert with_latex > 200
    assert same >= 0.94 * with_latex


def test_both_roads_agree_on_the_abstracts_of_arxiv():
    both = measure_text.roads(every=4)
    assert both.same >= 0.88 * both.texts  # prose that spells a Greek letter can't be told from a lost one
    assert both.recall >= 0.90
    assert both.precision >= 0.97


def test_healthy_text_is_never_changed():
    assert measure_text.healthy().height > 45_000
    assert measure_text.harmed(measure_text.arxiv()) == []  # among the others
    assert measure_text.harmed(measure_text.healthy()) == []  # as a source of its own


def test_the_listing_of_4000_papers_is_read_exactly():
    raw, _, _ = measure_text.daily()
    assert raw.height == 4000
    assert measure_text.inexact() == []


def test_repositories_are_those_that_the_site_shows():
    pairs = measure_text.repositories()
    assert len(pairs) > 350
    assert sum(pair.agrees for pair in pairs) >= 0.985 * len(pairs)
    told = (ROOT / "docs" / "text.md").read_text(encoding="utf-8")
    assert all(f"arXiv {pair.arxiv_id} |" in told for pair in pairs if not pair.agrees)
