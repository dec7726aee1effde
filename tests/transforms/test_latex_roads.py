"""Both roads end in the same text: LaTeX as written, and what a listing leaves of it."""

import re
import unicodedata

import polars as pl
import pytest

from tests.support import SHARED
from transforms import latex
from transforms.latex.markup import evidence

ABSTRACTS = SHARED / "data" / "arxiv_60k.jsonl.zst"
_ARGUMENT = re.compile(r"\\[A-Za-z]+\{([^{}]*)\}")
_MATHEMATICS = re.compile(r"(?<!\\)\$\$?([^$]{1,400}?)\$\$?")
MEASURED = "×±≈≤≥~→°"
"""The symbols that stand beside numbers."""


def strip(text: str) -> str:
    """What a listing shows of LaTeX: mathematics without dollar signs, arguments without their macro, no backslash."""
    return _MATHEMATICS.sub(lambda match: _ARGUMENT.sub(r"\1", match[1]).replace("\\", ""), text)


@pytest.mark.parametrize(
    "written",
    [
        r"a $2\times$ gain of $\sim$5\% at $\leq$3B, from $90.2\%\rightarrow 73.4\%$",
        r"$\theta_{k}$ with $\alpha=0.1$ and $\beta$-VAE in $97\,\mathrm{ms}$, $0.8\!-\!0.9$",
        r"$\mathrm{hAP}_{50}$ of $81.2\pm 0.4$ over $n=4{,}851$ at $360^{\circ}$",
        r"$O(N\cdot d)$ for $W\in\mathbb{R}^{m\times n}$ and $\mathcal{L}_{\text{CE}}$",
    ],
)
def test_both_roads_end_in_the_same_text(written):
    stripped = strip(written)
    assert stripped != written
    assert latex.repair(stripped)[0] == latex.repair(written, latex.families("source"))[0]


@pytest.mark.skipif(not ABSTRACTS.exists(), reason="needs the abstracts of arXiv in ../shared")
def test_both_roads_agree_on_the_abstracts_of_arxiv():
    """Bars a little below what was measured (docs/text_repair.md): prose that spells a Greek letter can't be told."""
    abstracts = pl.read_ndjson(ABSTRACTS)["abstract"].str.replace_all(r"\s+", " ").str.strip_chars()
    written = [unicodedata.normalize("NFC", text) for text in abstracts if "$" in text or "\\" in text][::4]
    pairs = [(latex.repair(text, ("markup",))[0], latex.repair(strip(text))[0]) for text in written]
    same = sum(one.replace(" ", "") == other.replace(" ", "") for one, other in pairs)
    assert same >= 0.88 * len(pairs)
    symbols = sum(one.count(symbol) for one, _ in pairs for symbol in MEASURED)
    found = sum(min(one.count(symbol), other.count(symbol)) for one, other in pairs for symbol in MEASURED)
    made = sum(other.count(symbol) for _, other in pairs for symbol in MEASURED)
    assert found >= 0.90 * symbols
    assert found >= 0.97 * made


def test_a_source_shows_how_it_holds_latex():
    healthy = ["We study words."] * 2000
    assert evidence(pl.Series([*healthy, r"It is $2\times$ faster."])).markup == "source"
    assert evidence(pl.Series(healthy)).markup == "plain"
    assert evidence(pl.Series([*healthy, "It is 2times faster."])).markup == "plain"  # a slip of one author
    assert evidence(pl.Series([*healthy[:50], "It is 2times faster."])).markup == "stripped"
    assert evidence(pl.Series([*healthy, *["It is sim5% better."] * 20])).markup == "stripped"


def test_evidence_of_parts_adds_up():
    texts = [r"$2\times$", "2times", "sim5", "sim2real", "words", None, r"\$5 and \$6"]
    whole = evidence(pl.Series(texts, dtype=pl.String))
    parts = [evidence(pl.Series([text], dtype=pl.String)) for text in texts]
    total = parts[0]
    for part in parts[1:]:
        total = total.and_(part)
    assert total == whole
    assert whole.with_losses == 2
