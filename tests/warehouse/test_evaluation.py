"""The figures of `paperhouse evaluate`: what they are on the seed, and that the labels' own scorer agrees."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.support import ROOT, SHARED, dump, papers, run_direct
from warehouse.connect import open_warehouse
from warehouse.errors import InputError
from warehouse.evaluation import Tally, evaluate

GOLD = ROOT / "tests" / "gold" / "seed_dev.jsonl"


def test_the_seed_is_read_as_well_as_it_must_be(seed_warehouse):
    figures = evaluate(seed_warehouse, GOLD)
    assert figures.papers_missing == []
    assert figures.urls.f1 >= 0.98
    assert figures.code_links.f1 >= 0.98
    assert figures.detection.f1 >= 0.85


@pytest.mark.skipif(not SHARED.exists(), reason="needs the labels and their scorer in ../shared")
@pytest.mark.parametrize("name", ["seed_dev", "link_roles_dev"])
def test_the_figures_are_those_of_the_scorer(seed_data, name):
    gold = SHARED / "gold" / f"{name}.jsonl"
    command = [sys.executable, SHARED / "gold" / "score.py", seed_data / "warehouse.duckdb", gold, "--json"]
    scored = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    with open_warehouse(seed_data) as connection:
        figures = evaluate(connection, gold).to_json()
    for name, figure in scored.items():
        assert figures[name] == (pytest.approx(figure) if name != "papers_missing" else figure), name


@pytest.mark.skipif(not SHARED.exists(), reason="needs the labels in ../shared")
def test_the_labels_of_the_seed_are_the_labels():
    assert GOLD.read_bytes() == (SHARED / "gold" / "seed_dev.jsonl").read_bytes()


def label(**fields):
    mention = dict.fromkeys(("unit", "direction", "basis", "dataset"), None) | {
        "value": 81.5,
        "value_high": None,
        "unit": "%",
        "kind": "level",
        "comparator": "=",
        "metric": "accuracy",
        "dataset": "CIFAR 100",
        "role": "result",
        "sure": True,
    }
    return mention | fields


def test_a_mention_is_found_by_its_value_and_judged_by_its_fields(tmp_path):
    ((title, abstract),) = papers("otters")
    (tmp_path / "a.txt").write_bytes(dump([(title, abstract)]))
    run_direct(tmp_path / "a.txt", data=tmp_path / "data")
    labels = {
        "title": title.upper(),
        "links": [],
        "metrics": [
            label(),  # datasets are compared by letters and digits
            label(
                value=2.1,
                kind="change",
                unit=None,
                direction="up",
                basis="absolute",
                metric="f1",
                also={"metric": "accuracy"},
            ),
            label(value=3, kind="factor", unit="x", metric="training_time", dataset=None, sure=False),
            label(value=99.0),
        ],
    }
    (tmp_path / "gold.jsonl").write_text(json.dumps(labels) + "\n")
    with open_warehouse(tmp_path / "data") as connection:
        figures = evaluate(connection, tmp_path / "gold.jsonl")
    assert (figures.detection.true_positive, figures.detection.false_negative) == (2, 1)
    assert figures.detection.false_positive == 0  # what a label doubts counts neither way
    assert figures.urls.false_positive == 1


def test_nothing_found_of_nothing_is_perfect():
    empty = Tally()
    assert (empty.precision, empty.recall, empty.f1) == (1.0, 1.0, 1.0)


@pytest.mark.parametrize("line", ["{", '{"title": "x"}', "[]"])
def test_labels_that_cant_be_read_name_their_line(seed_warehouse, tmp_path, line):
    (tmp_path / "gold.jsonl").write_text(f'{{"title": "x", "metrics": [], "links": []}}\n{line}\n')
    with pytest.raises(InputError, match=r"gold\.jsonl:2"):
        evaluate(seed_warehouse, tmp_path / "gold.jsonl")
