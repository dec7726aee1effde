"""Corrections by hand: made where their guard holds, refused loudly where it doesn't, shown wherever rows are."""

from __future__ import annotations

import csv

import duckdb
import pytest

from seeds import folder
from tests.support import content, release_file, rows, run_direct, write
from warehouse.connect import open_warehouse
from warehouse.corrections import ROW_KEYS, correct, read_corrections
from warehouse.errors import InputError

METRIC = {"metric_id": "m1", "paper_id": "p1", "dataset": "OLID", "value": 82.5, "rule_id": "number.percent"}
LINKS = [
    {
        "paper_id": "p1",
        "link_number": number,
        "url": "https://a.example",
        "role": "reference",
        "rule_id": "role.default",
    }
    for number in (1, 2)
]
BASE = {
    "action": "set",
    "table_name": "reported_metrics",
    "paper_id": "p1",
    "row_key": "m1",
    "column_name": "dataset",
    "old_value": "OLID",
    "new_value": "HASOC",
    "guard": "value = 82.5",
    "reason": "The second value has its own dataset.",
    "corrected_on": "2026-11-28",
}
COLUMNS = list(BASE)


def corrections(folder, *lines):
    folder.mkdir(exist_ok=True)
    with (folder / "some.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(lines)
    return folder


def corrected(tmp_path, line):
    """The outcome of a correction, its detail, and the rows of its table afterwards."""
    path = release_file(tmp_path / "a.duckdb", papers=[{"paper_id": "p1"}], reported_metrics=[METRIC], links=LINKS)
    (correction,) = read_corrections(corrections(tmp_path / "by_hand", BASE | line))
    name = correction.table_name
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE clusters AS SELECT unnest(['p1', 'p3']) AS paper_id, 'p1' AS cluster_id")
        (row,) = correct(connection, name, name, [correction])
        column = correction.column_name or "1"
        left = connection.execute(f"SELECT {column}, rule_id FROM {name}").fetchall()
    return row["outcome"], row["detail"], left


OUTCOMES = [
    # what it is about, what differs from BASE, outcome, part of the detail, rows afterwards
    ("a value", {}, "applied", None, [("HASOC", "number.percent corrected.hand")]),
    ("no value any more", {"new_value": ""}, "applied", None, [(None, "number.percent corrected.hand")]),
    (
        "a number",
        {"column_name": "value", "old_value": "82.50", "new_value": "82.54"},
        "applied",
        None,
        [(82.54, "number.percent corrected.hand")],
    ),
    (
        "a row that goes",
        {"action": "remove", "column_name": "", "old_value": "", "new_value": ""},
        "applied",
        None,
        [],
    ),
    (
        "every mention of a link",
        {
            "table_name": "links",
            "row_key": "https://a.example",
            "column_name": "role",
            "old_value": "reference",
            "new_value": "own",
            "guard": "true",
        },
        "applied",
        None,
        [("own", "role.default corrected.hand")] * 2,
    ),
    ("a paper that is not here", {"paper_id": "p2"}, "absent", None, [("OLID", "number.percent")]),
    ("a paper that was merged", {"paper_id": "p3"}, "failed", "the paper was merged into p1", None),
    (
        "a guard that names no parameter",
        {"guard": "'$new' <> '$old'"},
        "applied",
        None,
        [("HASOC", "number.percent corrected.hand")],
    ),
    (
        "a number that rules know now",
        {"column_name": "value", "old_value": "80", "new_value": "82.50"},
        "failed",
        "no longer needed",
        [(82.5, "number.percent")],
    ),
    ("a row that is gone", {"row_key": "m9"}, "failed", "the row is gone", [("OLID", "number.percent")]),
    ("a false guard", {"guard": "value = 1"}, "failed", "the guard no longer holds: value = 1", None),
    ("a guard that is null", {"guard": "unit = '%'"}, "failed", "the guard no longer holds", None),
    ("another old value", {"old_value": "GLUE"}, "failed", "the value is 'OLID' now, not 'GLUE'", None),
    ("rules that know it now", {"old_value": "X", "new_value": "OLID"}, "failed", "no longer needed", None),
]


@pytest.mark.parametrize(
    ("line", "outcome", "detail", "left"), [case[1:] for case in OUTCOMES], ids=[c[0] for c in OUTCOMES]
)
def test_what_becomes_of_a_correction(tmp_path, line, outcome, detail, left):
    found = corrected(tmp_path, line)
    assert found[0] == outcome
    assert (found[1] or "").startswith(detail or "")
    assert found[2] == (left if left is not None else [("OLID", "number.percent")])


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ({"table_name": "runs"}, "some.csv:2: table_name must be one of papers, links, reported_metrics"),
        ({"column_name": "colour"}, "some.csv:2: 'colour' can't be set in reported_metrics, only value, value_high"),
        ({"column_name": "quote"}, "'quote' can't be set"),
        ({"table_name": "links", "column_name": "url"}, "'url' can't be set in links, only kind, role"),
        ({"table_name": "papers", "column_name": "title"}, "'title' can't be set in papers"),
        ({"action": "add"}, "action must be set, or remove"),
        ({"action": "remove", "table_name": "papers", "column_name": ""}, "remove (links or reported_metrics only)"),
        ({"action": "remove"}, "leave column_name and both values empty"),
        ({"guard": ""}, "needs a guard and a reason"),
        ({"reason": " "}, "needs a guard and a reason"),
        ({"corrected_on": "yesterday"}, "corrected_on must be a day"),
    ],
)
def test_a_line_that_can_not_be_meant_is_named(tmp_path, line, says):
    with pytest.raises(InputError) as raised:
        read_corrections(corrections(tmp_path / "by_hand", BASE | line))
    assert says in str(raised.value)


def test_two_corrections_of_one_value_are_one_too_many(tmp_path):
    with pytest.raises(InputError, match=r"some.csv:3: corrects what some.csv:2 corrects"):
        read_corrections(corrections(tmp_path / "by_hand", BASE, BASE | {"new_value": "GLUE"}))


@pytest.mark.parametrize(
    "line", [{"guard": "valeu = 1"}, {"guard": "1 ="}, {"column_name": "value", "new_value": "much"}]
)
def test_sql_that_duckdb_does_not_take_names_its_line(tmp_path, line):
    with pytest.raises(InputError, match=r"some.csv:2: "):
        corrected(tmp_path, line | ({"old_value": "82.5"} if "column_name" in line else {}))


def test_files_of_spreadsheets_are_read_or_named(tmp_path):
    path = corrections(tmp_path / "by_hand", BASE) / "some.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert len(read_corrections(tmp_path / "by_hand")) == 1
    path.write_bytes(path.read_bytes().replace(b"OLID", b"OLID\xe9"))
    with pytest.raises(InputError, match=r"some.csv: not UTF-8"):
        read_corrections(tmp_path / "by_hand")


def test_a_file_with_other_columns_says_which_are_meant(tmp_path):
    (tmp_path / "some.csv").write_text("table,column\n")
    with pytest.raises(InputError, match="the columns must be action, table_name"):
        read_corrections(tmp_path)


class TestInARun:
    """What a run makes of a folder of corrections."""

    @pytest.fixture
    def made(self, tmp_path):
        """A release without corrections, the row that is to be corrected, and a function that runs with some."""
        source = write(tmp_path / "a.txt", "otters")
        data, by_hand = tmp_path / "data", tmp_path / "by_hand"

        def run(*lines):
            return run_direct(source, data=data, corrections=corrections(by_hand, *lines))

        run()
        ((metric_id, paper_id),) = rows(data, "SELECT metric_id, paper_id FROM reported_metrics WHERE quote = '81.5%'")
        line = BASE | {"paper_id": paper_id, "row_key": metric_id, "old_value": "CIFAR-100", "guard": "value = 81.5"}
        return data, line, run

    def test_it_makes_a_release_shows_its_rows_and_goes_when_the_line_goes(self, made):
        data, line, run = made
        before = content(data)
        assert run(line).entry.status == "published"
        query = "SELECT dataset, rule_id LIKE '% corrected.hand' FROM reported_metrics WHERE quote = '81.5%'"
        assert rows(data, query) == [("HASOC", True)]
        assert rows(data, "SELECT outcome, file, line_number FROM corrections") == [("applied", "some.csv", 2)]
        changed = "SELECT changed_columns FROM release_changes WHERE table_name = 'reported_metrics'"
        assert rows(data, changed) == [("dataset (1), rule_id (1)",)]
        assert run(line).entry.status == "unchanged"
        run()
        assert content(data) == before

    def test_a_guard_that_no_longer_holds_refuses_the_release(self, made):
        data, line, run = made
        before = content(data)
        outcome = run(line | {"guard": "value = 1"})
        assert (outcome.exit_code, outcome.entry.status) == (3, "refused")
        (failed,) = [check for check in outcome.checks if not check.is_success]
        assert (failed.expectation, failed.severity) == ("guards_hold", "critical")
        assert "some.csv" in failed.detail
        assert content(data) == before

    def test_fields_that_contradict_each_other_refuse_the_release(self, made):
        _, line, run = made
        outcome = run(line | {"column_name": "direction", "old_value": "", "new_value": "up"})
        assert outcome.entry.status == "refused"
        assert [check.expectation for check in outcome.checks if check.refuses] == ["direction_goes_with_kind"]

    def test_what_is_derived_from_a_link_follows_it(self, made):
        data, line, run = made
        url = "https://github.com/example/otters"
        link = {"table_name": "links", "row_key": url, "column_name": "role", "old_value": "own"}
        run(line | link | {"new_value": "reference", "guard": "true"})
        assert rows(data, "SELECT role FROM paper_repositories") == [("reference",)]
        assert rows(data, "SELECT count(*) FROM papers_with_code") == [(0,)]


def test_the_corrections_of_the_seed_are_all_needed_and_made(seed_data):
    with open_warehouse(seed_data) as connection:
        found = connection.execute("SELECT outcome, table_name FROM corrections").fetchall()
    assert {outcome for outcome, _ in found} == {"applied"}
    assert len(found) == len(read_corrections(folder().joinpath("corrections")))
    assert {name for _, name in found} <= set(ROW_KEYS)


def test_no_correction_of_the_seed_is_of_a_labelled_paper(seed_data):
    """Else the committed accuracy of the seed would be that of a person."""
    from tests.accuracy import GOLD
    from warehouse.evaluation import corrected_count, evaluate

    with open_warehouse(seed_data) as connection:
        assert corrected_count(connection, evaluate(connection, GOLD["seed_dev"][0])) == 0
