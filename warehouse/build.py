"""Builds a release: a new DuckDB file made from the Parquet of the lake by the models, checked before anyone sees it.

Models are SELECT statements, one file each; what they are called and in which order they run stands here, their types
and comments come from warehouse/schema.py. The file is written in DuckDB's storage format 1.0.0, which every reader
since 1.0 opens, and holds no indexes and no constraints: keys are proven by checks, and cost a third of the load time.
"""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from seeds import vocabulary
from warehouse.connect import literal, quote, read_parquet
from warehouse.errors import DiskFullError
from warehouse.lake import Lake
from warehouse.ledger import CheckResult, Ledger, RunEntry
from warehouse.schema import RUN_TABLES, Table, lake_tables, table, warehouse_tables

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
VOCABULARIES = ("metrics", "datasets")
BYTES_PER_LAKE_BYTE = 6
"""Free space that a build wants per byte of the lake: the file is some 3 times its zstd Parquet, and sorting spills."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A release that was built and checked, in a file that no reader knows yet."""

    path: Path
    release_id: str
    content_hash: str
    paper_count: int
    link_count: int
    metric_count: int
    duplicate_counts: dict[str, int]
    checks: list[CheckResult]

    @property
    def is_refused(self) -> bool:
        """Whether a critical check failed."""
        return any(check.refuses for check in self.checks)

    def discard(self) -> None:
        """Removes the file and its folder, unless it was published from there already."""
        shutil.rmtree(self.path.parent, ignore_errors=True)


def build_release(data: Path, entry: RunEntry, memory_limit: str, threads: int) -> Candidate:
    """Builds the lake under `data` into a file of its own and checks it; raises DiskFullError if there is no room.

    `entry` is the run so far: its checks and files that failed go into the release with it.
    """
    building = data / "releases" / ".building"
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    try:
        _require_space(data)
        return _build_checked(data, building / "release.duckdb", entry, memory_limit, threads)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise


def _build_checked(data: Path, path: Path, entry: RunEntry, memory_limit: str, threads: int) -> Candidate:
    from expectations import release_checks
    from warehouse.releases import current_release, current_release_id, figures

    previous = current_release(data) if current_release_id(data) else None
    content_hash = _build(path, Lake(data), memory_limit, threads)
    checks = release_checks(path, figures(previous) if previous else None)
    built_at = datetime.now(UTC)
    release_id = f"{built_at:%Y%m%dT%H%M%SZ}-{content_hash[:8]}"
    with _open(path, memory_limit, threads) as connection:
        counts = {name: _count(connection, name) for name in ("papers", "links", "reported_metrics")}
        duplicates = dict(connection.execute("SELECT source_id, duplicate_count FROM out.sources").fetchall())
        _add_run_tables(connection, data, entry, [*entry.checks, *checks], release_id, content_hash, built_at, counts)
        for name in MARTS:
            _create_mart(connection, name)
        connection.execute("CHECKPOINT out")
    paper_count, link_count, metric_count = counts.values()
    return Candidate(path, release_id, content_hash, paper_count, link_count, metric_count, duplicates, checks)


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


def _build(path: Path, lake: Lake, memory_limit: str, threads: int) -> str:
    """Runs the models; returns the hash of what a reader finds: rows, columns, descriptions and marts."""
    with _open(path, memory_limit, threads) as connection:
        connection.execute("CREATE SCHEMA lake; CREATE SCHEMA vocabulary")
        for spec in lake_tables():
            columns = ", ".join(quote(column.name) for column in spec.lake_columns())
            parts = read_parquet(lake.parquet_files(spec.name))
            connection.execute(f"CREATE VIEW lake.{spec.name} AS SELECT {columns} FROM {parts}")
        for name in VOCABULARIES:
            connection.register("vocabulary_rows", pl.DataFrame(list(vocabulary(name))))
            connection.execute(f"CREATE TABLE vocabulary.{name} AS FROM vocabulary_rows")
        public = {spec.name: spec for spec in warehouse_tables()}
        for name in MODELS:
            query = _sql("models", name)
            if name in public:
                _create_table(connection, public[name], query)
                connection.execute(f"CREATE VIEW {name} AS FROM out.{name}")
            else:
                connection.execute(f"CREATE TABLE {name} AS {query}")
        digest = hashlib.sha256(repr(warehouse_tables()).encode())
        for name in MARTS:
            digest.update(_sql("marts", name).encode())
        for spec in warehouse_tables():
            if spec.name not in RUN_TABLES:
                digest.update(f"{spec.name} {_table_hash(connection, spec)}\n".encode())
    return digest.hexdigest()


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


def _add_run_tables(
    connection: duckdb.DuckDBPyConnection,
    data: Path,
    entry: RunEntry,
    checks: list[CheckResult],
    release_id: str,
    content_hash: str,
    built_at: datetime,
    counts: dict[str, int],
) -> None:
    """The tables about runs: the ledger so far, then this run as it will be once it is published."""
    this_run: dict[str, Any] = {
        **asdict(entry),
        "status": "published",
        "finished_at": built_at,
        "seconds": (built_at - entry.started_at).total_seconds(),
        "paper_count": counts["papers"],
        "link_count": counts["links"],
        "metric_count": counts["reported_metrics"],
        "checks": [asdict(check) for check in checks],
    }
    earlier = [run for run in Ledger(data).entries() if run["run_id"] != entry.run_id]
    runs = [*earlier, this_run]
    release = {
        "release_id": release_id,
        "run_id": entry.run_id,
        "published_at": built_at,
        "pipeline_version": entry.pipeline_version,
        "content_hash": content_hash,
        "paper_count": counts["papers"],
        "link_count": counts["links"],
        "metric_count": counts["reported_metrics"],
        "failed_warning_count": sum(not check.is_success for check in checks),
    }
    rows: dict[str, list[dict[str, Any]]] = {
        "runs": runs,
        "source_failures": [{"run_id": run["run_id"], **failure} for run in runs for failure in run["failures"]],
        "validation_results": [{"run_id": run["run_id"], **check} for run in runs for check in run["checks"]],
        "release": [release],
    }
    for name in RUN_TABLES:
        _fill(connection, table(name), rows[name])


def _fill(connection: duckdb.DuckDBPyConnection, spec: Table, rows: list[dict[str, Any]]) -> None:
    columns = spec.warehouse_columns()
    as_text = {column.name: [_text(row.get(column.name)) for row in rows] for column in columns}
    connection.register("run_rows", pl.DataFrame(as_text, schema=dict.fromkeys(as_text, pl.String)))
    casts = ", ".join(f"CAST({quote(column.name)} AS {column.type}) AS {quote(column.name)}" for column in columns)
    _create_table(connection, spec, f"SELECT {casts} FROM run_rows")
    connection.unregister("run_rows")


def _text(value: Any) -> str | None:
    if value is None:
        return None
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _create_mart(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    query = _sql("marts", name)
    connection.execute("USE out")
    connection.execute(f"CREATE VIEW {name} AS {query}")
    connection.execute(f"COMMENT ON VIEW {name} IS {literal(mart_description(query))}")
    connection.execute("USE memory")


def mart_description(query: str) -> str:
    """The question that a mart answers and its grain: the comment that opens its file."""
    lines = [line.removeprefix("--").strip() for line in query.splitlines() if line.startswith("--")]
    return " ".join(lines)
