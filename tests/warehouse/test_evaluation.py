"""`paperhouse evaluate`: its figures, their intervals, the errors behind them, and that the labels' scorer agrees."""

from __future__ import annotations

import json
import subprocess
import sys
import time

import polars as pl
import pytest
from typer.testing import CliRunner

from flows.cli import app
from tests.support import ROOT, SHARED, dump, papers, run_direct
from warehouse.connect import open_warehouse
from warehouse.errors import InputError
from warehouse.evaluation import ComparedPaper, Evaluation, evaluate, tally
from warehouse.evaluation_errors import errors
from warehouse.figures import ROUNDS, bootstrap, measured, share

GOLD = ROOT / "tests" / "gold" / "seed_dev.jsonl"


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


@pytest.fixture(scope="module")
def otters(tmp_path_factory):
    """A warehouse of one paper, and labels that agree and disagree with it in each way there is."""
    folder = tmp_path_factory.mktemp("otters")
    ((title, abstract),) = papers("otters")
    (folder / "a.txt").write_bytes(dump([(title, f"{abstract} We set it to 12.5% noise.")]))
    run_direct(folder / "a.txt", data=folder / "data")
    metrics = [
        label(quote="81.5%"),  # datasets are compared by letters and digits
        label(quote="2.1", value=2.1, kind="change", unit=None, direction="up", basis="absolute", dataset=None)
        | {"metric": "f1", "also": {"metric": "accuracy"}},
        label(quote="3 times", value=3, kind="factor", unit="x", metric="training_time", dataset=None, sure=False),
        label(quote="99", value=99.0),  # nowhere in the text
        label(quote="12.5\\%", value=12.5),  # refused
    ]
    labels = {"title": title.upper(), "links": [], "metrics": metrics}
    (folder / "gold.jsonl").write_text(json.dumps(labels) + "\n")
    return folder


@pytest.fixture
def otters_evaluated(otters):
    with open_warehouse(otters / "data") as connection:
        evaluation = evaluate(connection, otters / "gold.jsonl")
        return evaluation, errors(connection, evaluation)


def test_a_mention_is_found_by_its_value_and_judged_by_its_fields(otters_evaluated):
    evaluation, _ = otters_evaluated
    totals = evaluation.totals()
    assert tally("detection", totals) == (2, 0, 2)  # what a label doubts counts neither way
    assert totals["field_metric"] == 2  # the second reader's, too
    assert tally("urls", totals) == (0, 1, 0)
    assert tally("code_links", totals) == (0, 1, 0)


def test_a_wrong_tuple_is_both_invented_and_missed(otters_evaluated):
    totals = otters_evaluated[0].totals() | {"tuple_right": 1}
    assert tally("tuple", totals) == (1, 1, 3)


def test_errors_name_the_fields_and_the_rules(otters_evaluated):
    _, listed = otters_evaluated
    told = [(error.what, error.thing, error.quote) for error in listed]
    url = "https://github.com/example/otters"
    assert ("missed", "number", "99") in told
    assert told[-2:] == [("extra", "url", url), ("extra", "repository", url.removeprefix("https://"))]
    by_quote = {error.quote: error for error in listed}
    assert by_quote["99"].rule_id is None
    assert by_quote["99"].labelled["metric"] == "accuracy"
    assert by_quote["12.5\\%"].rule_id.startswith("refuse.")  # found by its digits, however LaTeX wrote it
    assert by_quote[url].found == {"kind": "code", "role": "own"}
    wrong = by_quote["2.1"]
    assert set(wrong.labelled) == set(wrong.found)
    assert all(wrong.labelled[name] != wrong.found[name] for name in wrong.found)
    assert wrong.rule_id.startswith("number.")


def test_a_paper_that_the_warehouse_lacks_is_named_and_its_labels_are_missed(otters, tmp_path):
    labels = {"title": "On foxes", "links": [], "metrics": [label()]}
    (tmp_path / "gold.jsonl").write_text(json.dumps(labels) + "\n")
    with open_warehouse(otters / "data") as connection:
        evaluation = evaluate(connection, tmp_path / "gold.jsonl")
    assert evaluation.papers_missing == ["On foxes"]
    assert tally("detection", evaluation.totals()) == (0, 0, 1)


def test_nothing_found_of_nothing_is_perfect():
    figures = Evaluation((ComparedPaper("On nothing", None, None, (), (), ()),)).figures()
    rates = [figures[f"detection.{rate}"].value for rate in ("precision", "recall", "f1")]
    assert rates == [1.0, 1.0, 1.0]
    assert figures["field.unit"].value == 0.0


def test_a_part_holds_the_papers_that_are_kept(seed_warehouse):
    evaluation = evaluate(seed_warehouse, GOLD)
    short = evaluation.part(lambda paper: len(paper.title) < 60)
    assert 0 < len(short.papers) < len(evaluation.papers)
    assert all(len(paper.title) < 60 for paper in short.papers)


class TestIntervals:
    """The bootstrap over papers."""

    right, wrong = pl.col("right"), pl.col("wrong")
    precision = {"precision": share(right, right + wrong, of_nothing=1)}  # noqa: RUF012 - never changed

    def test_they_are_those_of_the_binomial_where_papers_hold_a_number_each(self):
        counts = pl.DataFrame({"right": [1] * 320 + [0] * 80, "wrong": [0] * 320 + [1] * 80})
        figure = bootstrap(counts, self.precision)["precision"]
        assert figure.value == 0.8
        half = 1.96 * (0.8 * 0.2 / 400) ** 0.5
        assert figure.interval == pytest.approx([0.8 - half, 0.8 + half], abs=0.005)

    def test_numbers_of_a_paper_stand_and_fall_together(self):
        many = pl.DataFrame({"right": [1, 0] * 100, "wrong": [0, 1] * 100})
        few = pl.DataFrame({"right": [20, 0] * 5, "wrong": [0, 20] * 5})
        widths = [
            figure.high - figure.low
            for figure in (bootstrap(each, self.precision)["precision"] for each in (many, few))
        ]
        assert widths[1] > 3 * widths[0]

    def test_they_are_the_same_every_time_and_hold_the_figure(self, seed_warehouse):
        evaluation = evaluate(seed_warehouse, GOLD)
        figures = evaluation.figures()
        assert figures == evaluation.figures()
        assert all(0 <= figure.low <= figure.value <= figure.high <= 1 for figure in figures.values())

    def test_three_hundred_papers_take_less_than_a_second(self, seed_warehouse):
        counts = pl.DataFrame([paper.counts() for paper in evaluate(seed_warehouse, GOLD).papers] * 2)
        started = time.perf_counter()
        measured(counts)
        assert counts.height > 300
        assert ROUNDS == 1000
        assert time.perf_counter() - started < 1


def paperhouse_evaluate(*arguments):
    return CliRunner().invoke(app, ["evaluate", *map(str, arguments)])


class TestCommand:
    """What `paperhouse evaluate` prints, and its exit codes."""

    def test_tables_fit_into_a_hundred_columns(self, otters):
        result = paperhouse_evaluate(otters / "gold.jsonl", "--data", otters / "data")
        assert result.exit_code == 0
        name, *lines = result.stdout.splitlines()
        assert name == str(otters / "gold.jsonl")
        assert "papers not found: 0" in lines
        assert max(map(len, lines)) <= 100
        (detection,) = [line for line in lines if "detection" in line]
        assert "1.000 (1.00–1.00)" in detection
        assert "missed" not in {line.split(" ")[0] for line in lines}

    def test_errors_are_listed_on_request(self, otters):
        result = paperhouse_evaluate(otters / "gold.jsonl", "--errors", "--data", otters / "data")
        lines = [line.split() for line in result.stdout.splitlines()]
        assert ["missed", "99", "kind:", "level;"] in [line[:4] for line in lines]
        (wrong,) = [line for line in result.stdout.splitlines() if line.startswith("  wrong  2.1 ")]
        assert " → " in wrong
        assert "number." in wrong
        assert lines[-1][0] == "errors:"

    def test_json_has_the_figures_their_intervals_and_the_errors(self, otters):
        gold = otters / "gold.jsonl"
        plain = json.loads(paperhouse_evaluate(gold, "--json", "--data", otters / "data").stdout)[str(gold)]
        assert "errors" not in plain
        assert plain["detection"] == {"p": 1.0, "r": 0.5, "f1": pytest.approx(2 / 3), "tp": 2, "fp": 0, "fn": 2}
        assert plain["intervals"]["detection"]["r"] == [0.5, 0.5]  # of a single paper there is nothing to draw
        assert plain["bootstrap"] == {"rounds": 1000, "level": 0.95}
        for name in ("fields", "tuple", "urls", "code_links", "link_kind", "link_role"):
            assert name in plain["intervals"], name
        listed = json.loads(paperhouse_evaluate(gold, "--json", "--errors", "--data", otters / "data").stdout)
        error = next(error for error in listed[str(gold)]["errors"] if error["quote"] == "99")
        assert (error["what"], error["thing"], error["found"], error["rule_id"]) == ("missed", "number", None, None)

    def test_labels_without_numbers_say_so(self, otters, tmp_path):
        (tmp_path / "gold.jsonl").write_text('{"title": "x", "metrics": [], "links": []}\n')
        result = paperhouse_evaluate(tmp_path / "gold.jsonl", "--data", otters / "data")
        assert "no numbers are labelled" in result.stdout

    @pytest.mark.parametrize("content", ["", "{\n", None])
    def test_labels_that_cant_be_read_end_with_2_before_anything_is_shown(self, otters, tmp_path, content):
        if content is not None:
            (tmp_path / "gold.jsonl").write_text(content)
        result = paperhouse_evaluate(otters / "gold.jsonl", tmp_path / "gold.jsonl", "--data", otters / "data")
        assert result.exit_code == 2
        assert result.stdout == ""
        assert "gold.jsonl" in result.stderr


def test_labels_without_papers_are_refused(seed_warehouse, tmp_path):
    (tmp_path / "gold.jsonl").write_text("")
    with pytest.raises(InputError, match="holds no labelled papers"):
        evaluate(seed_warehouse, tmp_path / "gold.jsonl")


BAD_NUMBER = json.dumps({"title": "x", "links": [], "metrics": [label(value="81.5")]})
HALF_NUMBER = json.dumps({"title": "x", "links": [], "metrics": [{"value": 1.0}]})
HALF_LINK = json.dumps({"title": "x", "links": [{"url": "https://a.org"}], "metrics": []})


@pytest.mark.parametrize("line", ["{", '{"title": "x"}', "[]", BAD_NUMBER, HALF_NUMBER, HALF_LINK])
def test_labels_that_cant_be_read_name_their_line(seed_warehouse, tmp_path, line):
    (tmp_path / "gold.jsonl").write_text(f'{{"title": "x", "metrics": [], "links": []}}\n{line}\n')
    with pytest.raises(InputError, match=r"gold\.jsonl:2"):
        evaluate(seed_warehouse, tmp_path / "gold.jsonl")
