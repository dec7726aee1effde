"""Both roads end in the same text, LaTeX as written and what a listing leaves of it; and which road a source takes."""

import polars as pl
import pytest

from tests.measure_text import strip
from transforms import latex
from transforms.latex.markup import evidence


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
