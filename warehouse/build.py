"""Builds a release: a new DuckDB file made from the Parquet of the lake by the models, checked before anyone sees it.

Models are SELECT statements, one file each; what they are called and in which order they run stands here, their types
and comments come from warehouse/schema/. The file is written in DuckDB's storage format 1.0.0, which every reader
since 1.0 opens, and holds no indexes and no constraints: keys are proven by checks, and cost a third of the load time.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from seeds import Row, accuracy_figures, vocabulary
from warehouse.connect import literal, quote, read_parquet
from warehouse.corrections import Correction, correct, read_corrections
from warehouse.diff import Difference, difference, not_comparable
from warehouse.errors import DiskFullError
from warehouse.lake import Lake
from warehouse.ledger import CheckResult, Ledger, RunEntry
from warehouse.releases import Release, current_release, figures, new_release_id, present_release
from warehouse.schema import RUN_TABLES, Table, lake_tables, table, warehouse_tables
from warehouse.schema.marts import mart_descriptions

STORAGE_VERSION = "v1.0.0"
MODELS = (
    "records",
    "clusters",
    "ranked_records",
    "best_records",
    "papers",
    "paper_sources",
    "paper_aliases",
    "paper_links",
    "links",
    "repositories",
    "paper_repositories",
    "reported_metrics",
    "metric_names",
    "dataset_names",
    "accuracy_figures",
    "text_repairs",
    "sources",
    "source_uris",
    "rejects",
)
MARTS = (
    "leaderboard",
    "papers_with_code",
    "improvements",
    "dataset_usage",
    "metric_usage",
    "repository_hosts",
    "data_quality",
)
VOCABULARIES: dict[str, Callable[[], tuple[Row, ...]]] = {
    "metrics": partial(vocabulary, "metrics"),
    "datasets": partial(vocabulary, "datasets"),
    "accuracy_figures": accuracy_figures,
}
"""Rows that come with the project, under the names by which the models know them."""

CORRECTED = {"papers": "papers", "paper_links": "links", "reported_metrics": "reported_metrics"}
"""Models whose rows are corrected by hand as soon as they are made, and the table that corrections name."""
BYTES_PER_LAKE_BYTE = 6
"""Free space that a build wants per byte of the lake: the file is some 3 times its zstd Parquet, and sorting spills."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A release that was built and checked, in a file that no reader knows yet."""

    path: Path
    release: Release
    duplicate_counts: dict[str, int]
    checks: list[CheckResult]

    @property
    def is_refused(self) -> bool:
        """Whether a critical check failed."""
        return any(check.refuses for check in self.checks)

    def discard(self) -> None:
        """Removes the file and its folder, unless it was published from there already."""
        shutil.rmtree(self.path.parent, ignore_errors=True)


def build_release(data: Path, corrections: Path, entry: RunEntry, memory_limit: str, threads: int) -> Candidate:
    """Builds the lake under `data` into a file of its own and checks it; raises DiskFullError if there is no room.

    `corrections` is the folder of corrections by hand. `entry` is the run so far: its checks and files that failed go
    into the release with it.
    """
    by_hand = read_corrections(corrections)
    building = data / "releases" / ".building"
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    try:
        _require_space(data)
        return _build_checked(data, by_hand, building / "release.duckdb", entry, memory_limit, threads)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise


def _build_checked(
    data: Path, corrections: list[Correction], path: Path, entry: RunEntry, memory_limit: str, threads: int
) -> Candidate:
    from expectations import release_checks

    previous, present = current_release(data), present_release(data)
    content_hash = _build(path, Lake(data), corrections, memory_limit, threads)
    checks = release_checks(path, figures(previous) if previous and present else None)
    built_at = datetime.now(UTC)
    with _open(path, memory_limit, threads) as connection:
        counts = {name: _count(connection, name) for name in ("papers", "links", "reported_metrics")}
        duplicates = dict(connection.execute("SELECT source_id, duplicate_count FROM out.sources").fetchall())
        release = Release(
            new_release_id(data, built_at, content_hash),
            entry.run_id,
            built_at,
            entry.pipeline_version,
            content_hash,
            counts["papers"],
            counts["links"],
            counts["reported_metrics"],
            sum(not check.is_success for check in [*entry.checks, *checks]),
        )
        rows = _run_rows(data, entry, [*entry.checks, *checks], release)
        rows |= _change_rows(_difference(connection, previous, present))
        for name in RUN_TABLES:
            fill_table(connection, table(name), rows[name])
        for name in MARTS:
            create_mart(connection, name)
        connection.execute("CHECKPOINT out")
    return Candidate(path, release, duplicates, checks)


def _require_space(data: Path) -> None:
    lake_bytes = sum(file.stat().st_size for file in (data / "lake").rglob("*.parquet"))
    needed, free = lake_bytes * BYTES_PER_LAKE_BYTE, shutil.disk_usage(data).free
    if free < needed:
        raise DiskFullError(
            f"{data}: building a release of a lake of {lake_bytes:,} bytes needs about {needed:,} bytes, "
            f"{free:,} are free"
        )


def _open(path: Path, memory_limit: str, threads: int) -> duckdb.DuckDBPyConnection:
    """A connection that builds in memory and on disk beside the release, which is attached as `out`."""
    spill = path.parent / "spill"
    connection = duckdb.connect(
        config={"memory_limit": memory_limit, "threads": str(threads), "temp_directory": str(spill)}
    )
    connection.execute(f"ATTACH {literal(str(path))} AS out (STORAGE_VERSION {literal(STORAGE_VERSION)})")
    return connection


def _build(path: Path, lake: Lake, corrections: list[Correction], memory_limit: str, threads: int) -> str:
    """Runs the models; returns the hash of what a reader finds: rows, columns, descriptions and marts."""
    with _open(path, memory_limit, threads) as connection:
        connection.execute("CREATE SCHEMA lake; CREATE SCHEMA vocabulary")
        for spec in lake_tables():
            columns = ", ".join(quote(column.name) for column in spec.lake_columns())
            parts = read_parquet(lake.parquet_files(spec.name))
            connection.execute(f"CREATE VIEW lake.{spec.name} AS SELECT {columns} FROM {parts}")
        for name, rows in VOCABULARIES.items():
            connection.register("vocabulary_rows", pl.DataFrame(list(rows())))
            connection.execute(f"CREATE TABLE vocabulary.{name} AS FROM vocabulary_rows")
        corrected: list[dict[str, Any]] = []
        for name in MODELS:
            relation = _run_model(connection, name)
            corrected += correct(connection, relation, CORRECTED.get(name, ""), corrections)
        fill_table(connection, table("corrections"), corrected)
        digest = hashlib.sha256(repr(warehouse_tables()).encode())
        for name in MARTS:
            digest.update(f"{_sql('marts', name)} {mart_descriptions(name)!r}".encode())
        for spec in warehouse_tables():
            if spec.name not in RUN_TABLES:
                digest.update(f"{spec.name} {_table_hash(connection, spec)}\n".encode())
    return digest.hexdigest()


def _run_model(connection: duckdb.DuckDBPyConnection, name: str) -> str:
    """Makes a table of the release, or one private to the build; returns the name by which it can be changed."""
    public = {spec.name: spec for spec in warehouse_tables()}
    query = _sql("models", name)
    if name not in public:
        connection.execute(f"CREATE TABLE {name} AS {query}")
        return name
    _create_table(connection, public[name], query)
    connection.execute(f"CREATE VIEW {name} AS FROM out.{name}")
    return f"out.{name}"


def _sql(folder: str, name: str) -> str:
    return files("warehouse").joinpath(folder, f"{name}.sql").read_text(encoding="utf-8").strip()


def _create_table(connection: duckdb.DuckDBPyConnection, spec: Table, query: str) -> None:
    """A table of the release with the columns, types and comments of the schema, filled by the query."""
    columns = spec.warehouse_columns()
    definition = ", ".join(f"{quote(column.name)} {column.type}" for column in columns)
    names = ", ".join(quote(column.name) for column in columns)
    connection.execute(f"CREATE TABLE out.{spec.name} ({definition})")
    connection.execute(f"INSERT INTO out.{spec.name} ({names}) SELECT {names} FROM ({query}\n)")
    connection.execute(f"COMMENT ON TABLE out.{spec.name} IS {literal(spec.grain)}")
    for column in columns:
        connection.execute(f"COMMENT ON COLUMN out.{spec.name}.{quote(column.name)} IS {literal(column.description)}")


def _table_hash(connection: duckdb.DuckDBPyConnection, spec: Table) -> str:
    """Hash of a table's rows, whatever their order; times of extraction aside, which differ where content does not."""
    columns = [quote(column.name) for column in spec.warehouse_columns() if column.name not in spec.volatile]
    query = f"SELECT count(*), sum(hash({', '.join(columns)})::HUGEINT) FROM out.{spec.name}"
    return repr(connection.execute(query).fetchone())


def _count(connection: duckdb.DuckDBPyConnection, name: str) -> int:
    row = connection.execute(f"SELECT count(*) FROM out.{name}").fetchone()
    assert row is not None
    return int(row[0])


def _run_rows(
    data: Path, entry: RunEntry, checks: list[CheckResult], release: Release
) -> dict[str, list[dict[str, Any]]]:
    """Rows of the tables about runs: the ledger so far, then this run as it will be once it is published."""
    this_run: dict[str, Any] = {
        **asdict(entry),
        "status": "published",
        "finished_at": release.published_at,
        "seconds": (release.published_at - entry.started_at).total_seconds(),
        "paper_count": release.paper_count,
        "link_count": release.link_count,
        "metric_count": release.metric_count,
        "checks": [asdict(check) for check in checks],
    }
    earlier = [run for run in Ledger(data).entries() if run["run_id"] != entry.run_id]
    runs = [*earlier, this_run]
    return {
        "runs": runs,
        "source_failures": [{"run_id": run["run_id"], **failure} for run in runs for failure in run["failures"]],
        "validation_results": [{"run_id": run["run_id"], **check} for run in runs for check in run["checks"]],
        "release": [asdict(release)],
    }


def _difference(connection: duckdb.DuckDBPyConnection, previous: Path | None, present: Release | None) -> Difference:
    """How the rows that were built differ from those that readers see now."""
    if previous is None:
        return not_comparable("first release: there is none before it")
    if present is None:
        return not_comparable("the release before can't be read")
    connection.execute(f"ATTACH {literal(str(previous))} AS before (READ_ONLY)")
    found = difference(connection, "before", "out", present.release_id)
    connection.execute("DETACH before")
    return found


def _change_rows(found: Difference) -> dict[str, list[dict[str, Any]]]:
    return {
        "release_changes": [asdict(change) for change in found.tables],
        "release_change_samples": [asdict(sample) for sample in found.samples],
    }


def fill_table(connection: duckdb.DuckDBPyConnection, spec: Table, rows: list[dict[str, Any]]) -> None:
    """Makes a table of the release attached as `out` and puts rows into it; columns that a row lacks are null."""
    columns = spec.warehouse_columns()
    as_text = {column.name: [_text(row.get(column.name)) for row in rows] for column in columns}
    connection.register("given_rows", pl.DataFrame(as_text, schema=dict.fromkeys(as_text, pl.String)))
    casts = ", ".join(f"CAST({quote(column.name)} AS {column.type}) AS {quote(column.name)}" for column in columns)
    _create_table(connection, spec, f"SELECT {casts} FROM given_rows")
    connection.unregister("given_rows")


def _text(value: Any) -> str | None:
    if value is None:
        return None
    return value.isoformat() if isinstance(value, datetime) else str(value)


def create_mart(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Makes a mart of the release attached as `out`, with its question and grain as the comment."""
    query = _sql("marts", name)
    connection.execute("USE out")
    connection.execute(f"CREATE VIEW {name} AS {query}")
    connection.execute(f"COMMENT ON VIEW {name} IS {literal(mart_description(query))}")
    descriptions = mart_descriptions(name)
    for column, *_ in connection.execute(f"DESCRIBE {name}").fetchall():
        if column in descriptions:
            connection.execute(f"COMMENT ON COLUMN {name}.{quote(column)} IS {literal(descriptions[column])}")
    connection.execute("USE memory")


def create_empty_release(connection: duckdb.DuckDBPyConnection) -> None:
    """Attaches a release without rows as `out`, in memory: what tells the columns of the marts, and their comments."""
    connection.execute("ATTACH ':memory:' AS out")
    for spec in warehouse_tables():
        fill_table(connection, spec, [])
    for name in MARTS:
        create_mart(connection, name)


def mart_description(query: str) -> str:
    """The question that a mart answers and its grain: the comment that opens its file."""
    lines = [line.removeprefix("--").strip() for line in query.splitlines() if line.startswith("--")]
    return " ".join(lines)
