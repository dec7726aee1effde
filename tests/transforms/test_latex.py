"""LaTeX repair: every rule on its golden cases, and what must hold for any text."""

import csv
import unicodedata
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms import latex

GOLDEN = list(
    csv.DictReader((Path(__file__).parent.parent / "golden" / "latex.csv").open(encoding="utf-8", newline=""))
)

# Pieces that rules act on, in any order, so that hypothesis finds how they act on each other.
PIECES = st.sampled_from(
    [
        "2",
        "times",
        "sim",
        "5",
        "approx",
        "pm",
        "leq",
        "rightarrow",
        "beta",
        "pi",
        "_",
        "^",
        "{",
        "}",
        "$",
        "\\",
        "\\%",
        "\\,",
        "\\textbf{",
        "\\times",
        "\\method",
        "&amp;",
        "&lt;",
        '\\"o',
        "\\(",
        "\\)",
        "\\href{",
        "https://x.org/a_b",
        "~",
        "--",
        "---",
        "``",
        "''",
        "`",
        "'",
        "!",
        "-",
        ",",
        "ms",
        "3.5",
        "%",
        "(",
        ")",
        "a",
        "B",
        "W",
        "é",
        "μ",
        "{sim}",
        "_{50}",
        "^{circ}",
        "math",
        "mathcal",
        "frac{",
        "\\allowbreak",
        " ",
        " ",
        "\\ ",
    ]
)
TEXTS = st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=14).map("".join)).map(
    lambda text: " ".join(unicodedata.normalize("NFC", text).split())
)


@pytest.mark.parametrize("case", GOLDEN, ids=lambda case: case["reason"])
def test_golden(case):
    assert latex.repair(case["found"], latex.families(case["markup"]))[0] == case["repaired"]


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_repair_is_idempotent(text):
    repaired, _ = latex.repair(text)
    assert latex.repair(repaired) == (repaired, [])


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_a_text_without_signs_of_damage_is_left_alone(text):
    column = pl.Series("text", [text], dtype=pl.String).to_frame()
    shown = [
        family for family in latex.families("stripped") if column.select(latex.signs(pl.col("text"), family)).item()
    ]
    assert latex.repair(text, shown) == latex.repair(text)


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_digits_stay(text):
    assert [c for c in latex.repair(text)[0] if c.isdecimal()] == [c for c in text if c.isdecimal()]


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_repairs_relate_source_and_result(text):
    repaired, repairs = latex.repair(text)
    source, position, shift = [], 0, 0
    for repair in repairs:
        end = repair.char_start + len(repair.repaired)
        assert repaired[repair.char_start : end] == repair.repaired
        assert repair.found != repair.repaired
        source += (repaired[position : repair.char_start], repair.found)
        position, shift = end, shift + 1
    source.append(repaired[position:])
    assert "".join(source) == text


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["we", "run", "in", "3", "times", "4", "to", "method", "reaches", "(a)", "5%", "x,", "times.", "7-B"]
        ),
        max_size=12,
    )
)
def test_words_of_prose_stay(words):
    text = " ".join(words)
    assert [word for word in latex.repair(text)[0].split() if word.isalpha() and len(word) > 5] == [
        word for word in text.split() if word.isalpha() and len(word) > 5
    ]


@pytest.mark.parametrize("piece", ["{", "\\textbf{", "$x", "~", "-", "`", "a.", "\\", "1,", "^{", "sim", "http:/"])
def test_time_is_linear_in_the_length(piece):
    latex.repair(piece * 20_000)
