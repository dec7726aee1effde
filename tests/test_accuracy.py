"""The gate: no figure of seeds/accuracy/figures.csv may fall; docs/accuracy.md and the confidences say what is true.

After a change that was meant: ``make measure``.
"""

from __future__ import annotations

import csv

import pytest

from tests import accuracy, measure_accuracy, measure_confidence
from tests.support import ROOT, SHARED

needs_shared = pytest.mark.skipif(not SHARED.exists(), reason="needs the labels of ../shared")


@pytest.mark.parametrize(
    "gold", [name if name == "seed_dev" else pytest.param(name, marks=needs_shared) for name in accuracy.GOLD]
)
def test_no_figure_falls(gold):
    bars = {key: value for key, value in accuracy.committed().items() if key[0] == gold}
    now = accuracy.figures(gold)
    assert bars.keys() == now.keys()
    assert accuracy.fallen(now, bars) == []


@needs_shared
def test_repairs_dont_fall():
    bars = {key: value for key, value in accuracy.committed().items() if key[0] == "repair_dev"}
    assert bars
    assert accuracy.fallen(accuracy.repair_figures(), bars) == []


def test_a_figure_falls_when_it_is_lower_or_gone():
    bars = {("gold", "all", "urls.f1"): 0.9, ("gold", "all", "link.kind"): 0.8}
    assert accuracy.fallen({("gold", "all", "urls.f1"): 0.9, ("gold", "all", "link.kind"): 0.95}, bars) == []
    assert accuracy.fallen({("gold", "all", "urls.f1"): 0.8999}, bars) == [
        "gold all urls.f1: 0.9000 -> 0.8999",
        "gold all link.kind: gone",
    ]


def test_the_bars_cover_every_set_and_part():
    with accuracy.FIGURES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == accuracy.COLUMNS
    keys = [(row["gold"], row["part"], row["figure"]) for row in rows]
    assert len(set(keys)) == len(keys)
    assert {key[:2] for key in keys} == {*accuracy.PARTS, ("repair_dev", "all")}
    assert not any(key[0] == "link_roles_dev" and key[2].startswith(("detection", "tuple", "field")) for key in keys)


@needs_shared
def test_the_held_out_third_is_told_by_the_arxiv_id_alone():
    visible, held_out = (accuracy.part("daily_dev", name).papers for name in ("visible", "held_out"))
    assert (len(visible), len(held_out)) == (197, 103)
    assert all(paper.arxiv_id for paper in (*visible, *held_out))


@needs_shared
def test_confidence_is_what_labelled_papers_say_now():
    rules = measure_confidence.counted()
    assert measure_confidence.CONFIDENCE.read_text(encoding="utf-8") == measure_confidence.as_csv(rules)
    for part in measure_accuracy.NUMBERS:  # the warehouse multiplies the same shares
        for paper in accuracy.part(*part).papers:
            for number in filter(None, (number.found for number in paper.numbers)):
                assert number["confidence"] == pytest.approx(rules.confidence(number["rule_id"]))


@needs_shared
def test_the_page_says_what_is_measured_now():
    assert measure_accuracy.REPORT.read_text(encoding="utf-8") == measure_accuracy.report()


@needs_shared
def test_the_page_holds_no_paper_of_shared():
    text = measure_accuracy.REPORT.read_text(encoding="utf-8")
    papers = [paper for name in ("visible", "held_out") for paper in accuracy.part("daily_dev", name).papers]
    for paper in (*papers, *accuracy.part("link_roles_dev", "all").papers):
        assert paper.title not in text
        assert not paper.arxiv_id or paper.arxiv_id not in text
        assert not paper.paper_id or paper.paper_id not in text


def test_a_sample_read_by_hand_has_its_precision(tmp_path, monkeypatch):
    columns = "drawn,paper_id,quote,metric,verdict,note"
    drawn = ["p1,5%,accuracy,right,", "p1,2x,speedup,wrong,a | setting", "p2,3,f1,doubtful,?", "p3,9%,f1,right,"]
    rows = [*(f"random,{row}" for row in drawn), "f1,p4,8%,f1,right,"]
    (tmp_path / "sample.csv").write_text("\n".join((columns, *rows)) + "\n")
    monkeypatch.setattr(measure_accuracy, "SAMPLE", tmp_path / "sample.csv")
    text = "\n".join(measure_accuracy._on_sample())
    assert "5 rows of reported_metrics over the abstracts of ../shared/data/arxiv_60k, from 4 papers" in text
    assert "| random | 2 | 1 | 1 | 0.667 (0.500–1.000) |" in text
    assert "| f1 | 1 | 0 | 0 | 1.000 (1.000–1.000) |" in text
    assert "| p1 | 2x | `speedup` | wrong | a \\| setting |" in text
    assert "5%" not in text


def test_without_a_sample_the_page_has_no_place_for_it(tmp_path, monkeypatch):
    monkeypatch.setattr(measure_accuracy, "SAMPLE", tmp_path / "none.csv")
    assert list(measure_accuracy._on_sample()) == []


def test_a_verdict_is_one_of_three():
    with pytest.raises(ValueError, match=r"read_sample\.csv:2: verdict 'yes'"):
        measure_accuracy.sample_precision([{"paper_id": "p", "verdict": "yes"}])


def test_rules_are_judged_by_what_they_decide():
    compared = measure_confidence.Compared
    found = {"rule_id": "number.percent kind.by role.default metric.near dataset.none"}
    wrong = compared({}, found, wrong=("direction", "metric", "unit"))
    assert [(rule, right) for rule, right, _ in measure_confidence.verdicts(wrong)] == [
        ("number.percent", True),
        ("kind.by", False),
        ("role.default", True),
        ("metric.near", False),
        ("dataset.none", True),
    ]
    assert [verdict[:2] for verdict in measure_confidence.verdicts(compared(None, found))] == [
        ("number.percent", False)
    ]
    assert list(measure_confidence.verdicts(compared({}, None))) == []


def test_make_knows_the_commands_of_the_page():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in ("measure", "measure-confidence", "measure-accuracy", "accept-figures"):
        assert f"\n{target}:" in makefile
        assert f"make {target} " in measure_accuracy._AGAIN
