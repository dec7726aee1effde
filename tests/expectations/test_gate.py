"""The gate: a lake that breaks a critical check makes no release, whatever broke it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from expectations.checks import Check, no_rows
from flows.cli import app
from tests.support import dump, papers, rows, run_direct, write
from warehouse.lake import Lake
from warehouse.ledger import Ledger


def corrupt(data: Path, table: str, change: Callable[[pl.DataFrame], pl.DataFrame]) -> None:
    lake = Lake(data)
    (part,) = lake.partition(table, lake.source_ids()[0]).glob("part-*.parquet")
    change(pl.read_parquet(part)).write_parquet(part)


@pytest.fixture(scope="module")
def source(tmp_path_factory) -> Path:
    """A listing, with the data folder of a run on it beside it."""
    path = write(tmp_path_factory.mktemp("made") / "a.txt", "otters", "badgers", "foxes")
    run_direct(path, data=path.with_name("data"))
    return path


@pytest.fixture
def data(source: Path, tmp_path: Path) -> Path:
    """A copy of that data folder, to be spoilt."""
    return shutil.copytree(source.with_name("data"), tmp_path / "data")


CORRUPTIONS = {
    "duplicate key": (
        "links",
        lambda frame: pl.concat([frame, frame[:1]]),
        "links.key_is_unique",
    ),
    "broken offset": (
        "reported_metrics",
        lambda frame: frame.with_columns(char_start=pl.col("char_start") + 1, char_end=pl.col("char_end") + 1),
        "reported_metrics.offsets_reproduce_the_quote",
    ),
    "unknown enum value": (
        "links",
        lambda frame: frame.with_columns(role=pl.lit("borrowed")),
        "links.role_in_set",
    ),
    "null in a key": (
        "papers",
        lambda frame: frame.with_columns(paper_id=pl.lit(None, pl.String)),
        "papers.columns_are_filled",
    ),
    "an unknown paper": (
        "reported_metrics",
        lambda frame: frame.with_columns(paper_id=pl.lit("p" + "0" * 20)),
        "reported_metrics.paper_is_known",
    ),
    "a lost record": ("papers", lambda frame: frame[1:], "sources.records_are_conserved"),
    "an id of another form": (
        "papers",
        lambda frame: frame.with_columns(arxiv_id=pl.lit("hep-th/99")),
        "papers.arxiv_id_has_its_form",
    ),
    "a link to a script": (
        "links",
        lambda frame: frame.with_columns(url=pl.lit("javascript:alert(1)")),
        "links.url_has_its_form",
    ),
    "a column too many": ("papers", lambda frame: frame.with_columns(extra=1), "papers.columns"),
}


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_a_corrupt_partition_refuses_the_release(data, source, name):
    table, change, expected = CORRUPTIONS[name]
    before = rows(data, "SELECT release_id FROM release")
    corrupt(data, table, change)

    outcome = run_direct(source, data=data)

    refusing = [f"{check.table_name}.{check.expectation}" for check in outcome.checks if check.refuses]
    assert expected in refusing
    assert outcome.exit_code == 3
    assert rows(data, "SELECT release_id FROM release") == before
    entry = Ledger(data).entries()[-1]
    assert entry["status"] == "refused"
    assert expected in [f"{c['table_name']}.{c['expectation']}" for c in entry["checks"] if not c["is_success"]]
    assert not (data / "releases" / ".building").exists()


def test_the_command_line_shows_sample_rows_and_ends_with_3(data, source):
    corrupt(data, "links", lambda frame: frame.with_columns(role=pl.lit("borrowed")))
    result = CliRunner().invoke(app, ["run", "--direct", "--data", str(data), str(source)])
    assert result.exit_code == 3
    assert "refused" in result.stdout
    assert "links.role_in_set (partition) failed" in result.stderr
    assert "borrowed" in result.stderr
    assert "Traceback" not in result.stderr

    as_json = CliRunner().invoke(app, ["run", "--direct", "--json", "--data", str(data), str(source)])
    assert as_json.exit_code == 3
    assert json.loads(as_json.stdout.splitlines()[-1])["status"] == "refused"


def test_a_refused_run_is_in_the_next_release_and_the_lake_heals_when_derived_again(
    data, source, tmp_path, monkeypatch
):
    corrupt(data, "links", lambda frame: frame.with_columns(role=pl.lit("borrowed")))
    assert run_direct(source, data=data).entry.status == "refused"
    monkeypatch.setattr("flows.pipeline.pipeline_version", lambda: "f" * 16)  # new rules: the source is done again
    (tmp_path / "b.txt").write_bytes(dump(papers("owls")))
    assert run_direct(source, tmp_path / "b.txt", data=data).entry.status == "published"
    assert [status for (status,) in rows(data, "SELECT status FROM runs ORDER BY started_at")] == [
        "published",
        "refused",
        "published",
    ]
    assert rows(data, "SELECT count(*) > 0 FROM validation_results WHERE NOT is_success") == [(True,)]


def test_a_critical_check_of_the_built_release_refuses_it_too(data, tmp_path, monkeypatch):
    from expectations import papers as suite

    def impossible() -> list[Check]:
        return [
            no_rows(
                "papers", "no_otters", "critical", "A test.", "SELECT title FROM {batch} WHERE title ILIKE '%otter%'"
            )
        ]

    monkeypatch.setattr(suite, "release", impossible)
    (tmp_path / "b.txt").write_bytes(dump(papers("owls")))
    outcome = run_direct(tmp_path / "b.txt", data=data)
    assert outcome.exit_code == 3
    assert [check.samples for check in outcome.checks if check.refuses] == [
        ("title=Otters: learning from otters examples of a kind",)
    ]
    assert rows(data, "SELECT count(*) FROM papers") == [(3,)]


def test_a_warning_is_published_and_shown(data, tmp_path, monkeypatch):
    from expectations import papers as suite

    warning = no_rows(
        "papers", "no_otters", "warning", "A test.", "SELECT title FROM {batch} WHERE title ILIKE '%otter%'"
    )
    monkeypatch.setattr(suite, "release", lambda: [warning])
    (tmp_path / "b.txt").write_bytes(dump(papers("owls")))
    assert run_direct(tmp_path / "b.txt", data=data).entry.status == "published"
    assert rows(data, "SELECT failed_warning_count FROM release") == [(1,)]


def test_a_check_that_cant_be_run_has_failed(data, tmp_path, monkeypatch):
    from expectations import papers as suite

    monkeypatch.setattr(
        suite, "release", lambda: [no_rows("papers", "broken", "critical", "A test.", "SELECT nothing FROM {batch}")]
    )
    (tmp_path / "b.txt").write_bytes(dump(papers("owls")))
    outcome = run_direct(tmp_path / "b.txt", data=data)
    assert outcome.exit_code == 3
    (refusing,) = [check for check in outcome.checks if check.refuses]
    assert "nothing" in refusing.detail


def test_a_release_that_loses_half_of_its_papers_is_refused(data):
    from expectations.release_drift import checks
    from expectations.runner import run

    previous = {
        "paper_count": 300.0,
        "links_per_paper": 1.0,
        "metrics_per_paper": 3.0,
        "share_without_dataset": 0.0,
        "share_without_direction": 0.3,
        "share_of_papers_without_code": 0.0,
    }
    results = {
        result.expectation: result.is_success for result in run(data / "warehouse.duckdb", checks(previous), "release")
    }
    assert results["paper_count_against_release_before_critical"] is False
    assert results["links_per_paper_against_release_before_warning"] is True  # three papers say little about a rate
    small = previous | {"paper_count": 3.0}
    assert all(result.is_success for result in run(data / "warehouse.duckdb", checks(small), "release"))
    assert checks(None) == []
