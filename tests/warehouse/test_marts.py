"""The marts on golden rows (tests/golden/marts.jsonl): what goes in, what comes out, and why the case is there."""

from __future__ import annotations

import json

import duckdb
import pytest

from tests.support import ROOT, release_file
from warehouse.build import MARTS

CASES = [json.loads(line) for line in (ROOT / "tests" / "golden" / "marts.jsonl").read_text().splitlines()]


@pytest.mark.parametrize("case", CASES, ids=[f"{case['mart']}: {case['why']}" for case in CASES])
def test_golden_rows(tmp_path, case):
    path = release_file(tmp_path / "release.duckdb", **case["rows"])
    where = f" WHERE {case['where']}" if "where" in case else ""
    with duckdb.connect(str(path), read_only=True) as connection:
        found = connection.execute(f"SELECT {', '.join(case['columns'])} FROM {case['mart']}{where}").fetchall()
    assert found == [tuple(row) for row in case["expected"]]


def test_every_mart_has_golden_rows():
    assert {case["mart"] for case in CASES} == set(MARTS)
