"""Rules are about language: no title and no sentence of a labelled paper is in code, vocabulary or golden cases."""

from __future__ import annotations

import functools
import json
import re
from pathlib import Path

import pytest

from tests import accuracy
from tests.support import ROOT

FOLDERS = ("transforms", "flows", "warehouse", "expectations", "seeds/vocabulary", "tests/golden")
SHORTEST = 40
"""Letters, digits and spaces of a sentence that is looked for; shorter ones are anybody's."""


def plain(text: str) -> str:
    """Letters and digits in lower case, one space between them."""
    return " ".join(re.findall(r"[^\W_]+", text.lower()))


@functools.cache
def written() -> str:
    """What the project says in those folders, as plain text."""
    files = (path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*")) if path.suffix != ".pyc")
    return f" {' '.join(plain(path.read_text(encoding='utf-8')) for path in files if path.is_file())} "


def texts(labels: Path, listing: Path) -> set[str]:
    """The titles of the labels and the sentences of the listing, as plain text."""
    titles = {plain(json.loads(line)["title"]) for line in labels.read_text(encoding="utf-8").splitlines()}
    sentences = (plain(piece) for piece in re.split(r"(?<=[.!?])\s", listing.read_text(encoding="utf-8")))
    return {title for title in titles if " " in title} | {text for text in sentences if len(text) >= SHORTEST}


@pytest.mark.parametrize("gold", accuracy.GOLD)
def test_no_text_of_a_labelled_paper_is_in_code_or_vocabulary(gold):
    labels, listing = accuracy.GOLD[gold]
    if not labels.exists():
        pytest.skip("../shared is not there")
    wanted = texts(labels, listing)
    assert len(wanted) > 500
    assert [text for text in wanted if f" {text} " in written()] == []


def test_a_text_that_is_there_would_be_found():
    assert f" {plain('No title and no sentence of a labelled paper')} " not in written()
    assert f" {plain('Reported metrics: the numbers with which a paper says how well')} " in written()
