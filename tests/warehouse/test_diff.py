"""What a diff says of two releases: rows by their identity, columns by their values, and why it can't say more."""

from __future__ import annotations

import duckdb
import pytest

from tests.support import release_file
from warehouse.diff import difference_of, stored_difference
from warehouse.schema import RUN_TABLES, warehouse_tables

PAPER = {
    "paper_id": "p1",
    "title": "Otters",
    "abstract": "Otters swim.",
    "word_count": 2,
    "first_seen_at": "2026-01-01",
}
METRIC = {"metric_id": "m1", "paper_id": "p1", "metric_number": 1, "dataset": "COCO", "confidence": 0.5}
LINK = {"paper_id": "p1", "link_number": 1, "field": "abstract", "char_start": 5, "url": "https://a.example"}


def changes(tmp_path, before, after):
    found = difference_of(release_file(tmp_path / "a.duckdb", **before), release_file(tmp_path / "b.duckdb", **after))
    tables = {change.table_name: change for change in found.tables}
    assert set(tables) == {spec.name for spec in warehouse_tables()} - set(RUN_TABLES)
    return tables, found.samples


def counts(change):
    return change.added_count, change.removed_count, change.changed_count


def test_equal_releases_do_not_differ(tmp_path):
    same = {"papers": [PAPER], "reported_metrics": [METRIC], "links": [LINK]}
    tables, samples = changes(tmp_path, same, same)
    assert {counts(change) for change in tables.values()} == {(0, 0, 0)}
    assert all(change.is_comparable and change.reason is None for change in tables.values())
    assert samples == []


def test_rows_are_added_removed_and_changed_by_their_key(tmp_path):
    before = {"papers": [PAPER | {"paper_id": name} for name in ("gone", "kept", "mended")]}
    after = {"papers": [PAPER | {"paper_id": "kept"}, PAPER | {"paper_id": "mended", "title": None}, PAPER]}
    tables, samples = changes(tmp_path, before, after)
    assert counts(tables["papers"]) == (1, 1, 1)
    assert tables["papers"].changed_columns == "title (1)"
    assert [(s.change, s.row_key, s.column_name, s.old_value, s.new_value) for s in samples[2:]] == [
        ("changed", "paper_id=mended", "title", "Otters", None)
    ]
    assert [(s.change, s.row_key) for s in samples[:2]] == [("added", "paper_id=p1"), ("removed", "paper_id=gone")]
    assert "title=Otters" in samples[0].new_value


def test_columns_that_changed_are_counted_most_frequent_first(tmp_path):
    before = [METRIC | {"metric_id": str(number)} for number in range(9)]
    after = [row | {"dataset": "LVIS"} for row in before]
    after[0] = after[0] | {"confidence": 0.9}
    tables, samples = changes(tmp_path, {"reported_metrics": before}, {"reported_metrics": after})
    assert counts(tables["reported_metrics"]) == (0, 0, 9)
    assert tables["reported_metrics"].changed_columns == "dataset (9), confidence (1)"
    assert len({sample.sample_number for sample in samples}) == 5


def test_times_of_extraction_do_not_count(tmp_path):
    after = PAPER | {"first_seen_at": "2026-02-02"}
    tables, _ = changes(tmp_path, {"papers": [PAPER]}, {"papers": [after]})
    assert counts(tables["papers"]) == (0, 0, 0)


def test_a_new_link_before_another_leaves_the_other_as_it_was(tmp_path):
    first = LINK | {"char_start": 0, "url": "https://b.example"}
    tables, _ = changes(tmp_path, {"links": [LINK]}, {"links": [first, LINK | {"link_number": 2}]})
    assert counts(tables["links"]) == (1, 0, 0)


def test_links_beside_a_text_have_no_place_in_it_and_are_found_again(tmp_path):
    beside = LINK | {"field": "page", "char_start": None}
    tables, _ = changes(tmp_path, {"links": [beside]}, {"links": [beside | {"role": "own"}]})
    assert (counts(tables["links"]), tables["links"].changed_columns) == ((0, 0, 1), "role (1)")


def test_long_texts_are_shown_from_where_they_differ(tmp_path):
    long = "word " * 100
    after = PAPER | {"abstract": f"{long}new end"}
    _, samples = changes(tmp_path, {"papers": [PAPER | {"abstract": f"{long}old end"}]}, {"papers": [after]})
    (sample,) = samples
    assert (sample.old_value.startswith("…"), sample.old_value.endswith("old end")) == (True, True)
    assert sample.new_value.endswith("new end")


class TestSchemaChanged:
    """Releases of different versions: what can be compared is, and the rest is said."""

    def test_a_column_that_only_one_has_is_left_out_and_named(self, tmp_path):
        old = release_file(tmp_path / "a.duckdb", papers=[PAPER])
        with duckdb.connect(str(old)) as connection:
            connection.execute("ALTER TABLE papers DROP COLUMN word_count")
        found = difference_of(old, release_file(tmp_path / "b.duckdb", papers=[PAPER | {"title": "Foxes"}]))
        papers = found.tables[0]
        assert (papers.is_comparable, counts(papers)) == (True, (0, 0, 1))
        assert papers.reason == "schema changed: compared without word_count"

    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            ("DROP TABLE papers", "schema changed: the table is not in the release before"),
            ("ALTER TABLE papers DROP paper_id", "schema changed: what identifies a row is not the same in both"),
        ],
    )
    def test_what_can_not_be_compared_says_why(self, tmp_path, change, reason):
        old = release_file(tmp_path / "a.duckdb", papers=[PAPER])
        with duckdb.connect(str(old)) as connection:
            for mart in ("papers_with_code", "improvements", "leaderboard", "data_quality"):
                connection.execute(f"DROP VIEW {mart}")
            connection.execute(change)
        papers = difference_of(old, release_file(tmp_path / "b.duckdb", papers=[PAPER])).tables[0]
        assert (papers.is_comparable, counts(papers)) == (False, (None, None, None))
        assert papers.reason.startswith(reason)


def test_a_first_release_says_that_there_is_none_before_it(seed_warehouse):
    stored = stored_difference(seed_warehouse)
    assert {change.reason for change in stored.tables} == {"first release: there is none before it"}
    assert not any(change.is_comparable for change in stored.tables)
    assert stored.samples == []
