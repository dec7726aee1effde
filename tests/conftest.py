"""Fixtures: a warehouse of the seed, and no settings but the test's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.support import SEED, run_direct
from warehouse.connect import open_warehouse


@pytest.fixture(scope="session")
def seed_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data folder of a run on the seed; tests only read it."""
    data = tmp_path_factory.mktemp("seed") / "data"
    outcome = run_direct(SEED, data=data)
    assert outcome.entry.status == "published"
    return data


@pytest.fixture
def seed_warehouse(seed_data: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_warehouse(seed_data) as connection:
        yield connection


@pytest.fixture(autouse=True)
def _no_settings_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATA", "WORKERS", "CHUNK_RECORDS", "MEMORY_LIMIT", "KEEP_RELEASES", "CORRECTIONS"):
        monkeypatch.delenv(f"PAPERHOUSE_{name}", raising=False)
