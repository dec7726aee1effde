"""The drift test: CONTRACT, schema, Parquet, warehouse, expectations and data dictionary name the same columns."""

from __future__ import annotations

import csv
import re

import polars as pl
import pytest

from expectations.suites import partition, release
from tests.support import ROOT, SHARED, rows
from warehouse.build import MARTS, MODELS
from warehouse.data_dictionary import data_dictionary
from warehouse.lake import Lake
from warehouse.schema import RUN_TABLES, lake_schema, lake_tables, table, warehouse_tables

with (ROOT / "tests" / "golden" / "contract.csv").open(encoding="utf-8", newline="") as lines:
    CONTRACT = {row["table"]: row["columns"].split() for row in csv.DictReader(lines)}
"""What scripts rely on, in order; a table may have more columns."""


def test_the_schema_keeps_the_contract():
    for name, promised in CONTRACT.items():
        known = [column.name for column in table(name).warehouse_columns()]
        assert [column for column in known if column in promised] == promised, name
    assert {spec.name for spec in warehouse_tables()} - set(CONTRACT) == {
        "accuracy_figures",
        "corrections",
        "release_change_samples",
        "release_changes",
        "source_failures",
    }


@pytest.mark.skipif(not SHARED.exists(), reason="needs CONTRACT.md in ../shared")
def test_the_contract_of_the_tests_is_the_contract():
    text = (SHARED / "CONTRACT.md").read_text(encoding="utf-8")
    sections = {part.partition("**")[0]: part for part in text.split("\n**")[1:]}
    assert set(sections) == set(CONTRACT)
    for name, promised in CONTRACT.items():
        words = re.findall(r"[a-z_]+", sections[name])
        assert [column for column in promised if column not in words] == [], name


def test_the_warehouse_has_the_columns_types_and_comments_of_the_schema(seed_warehouse):
    for spec in warehouse_tables():
        found = seed_warehouse.execute(
            "SELECT column_name, data_type, comment FROM duckdb_columns() WHERE table_name = ? ORDER BY column_index",
            [spec.name],
        ).fetchall()
        types = {"TIMESTAMPTZ": "TIMESTAMP WITH TIME ZONE"}
        expected = [
            (column.name, types.get(column.type, column.type), column.description)
            for column in spec.warehouse_columns()
        ]
        assert found == expected
    comments = seed_warehouse.execute(
        "SELECT table_name, comment FROM duckdb_tables() UNION ALL "
        "SELECT view_name, comment FROM duckdb_views() WHERE NOT internal"
    ).fetchall()
    assert {name for name, _ in comments} == {spec.name for spec in warehouse_tables()} | set(MARTS)
    assert all(comment for _, comment in comments)
    columns = "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal AND comment IS NULL"
    assert seed_warehouse.execute(columns).fetchall() == []


def test_the_parquet_parts_have_the_columns_and_types_of_the_schema(seed_data):
    lake = Lake(seed_data)
    for spec in lake_tables():
        for part in lake.partition(spec.name, lake.source_ids()[0]).glob("part-*.parquet"):
            assert pl.read_parquet_schema(part) == lake_schema(spec.name)


def test_every_table_has_its_suite():
    checked = {check.table for check in partition()}
    assert checked == {spec.name for spec in lake_tables()}
    assert {check.table for check in release(None)} == {spec.name for spec in warehouse_tables()} - set(RUN_TABLES)
    for spec in lake_tables():
        columns = [c.expectation.column_list for c in partition() if (c.table, c.name) == (spec.name, "columns")]
        assert columns == [[column.name for column in spec.lake_columns()]]


def test_checks_have_names_of_their_own_and_reasons():
    for checks in (partition(), release(None)):
        names = [(check.table, check.name, check.column) for check in checks]
        assert len(names) == len(set(names))
        assert all(check.reason.endswith(".") for check in checks)


def test_every_model_and_mart_opens_with_its_grain():
    for folder, names in (("models", MODELS), ("marts", MARTS)):
        files = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "warehouse" / folder).glob("*.sql")}
        assert set(files) == set(names)
        for name, text in files.items():
            assert "-- Grain: one row per" in text, name


def test_the_data_dictionary_is_what_make_docs_writes():
    assert (ROOT / "docs" / "data_dictionary.md").read_text(encoding="utf-8") == data_dictionary()


def test_marts_answer_on_the_seed(seed_data):
    for name in MARTS:
        assert rows(seed_data, f"SELECT count(*) > 0 FROM {name}") == [(True,)], name
