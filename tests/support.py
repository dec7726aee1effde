"""What tests share: dumps made of papers, runs in process, and queries on what they published."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from flows.pipeline import DirectRunner, Outcome, ingest
from flows.settings import load
from warehouse.build import MARTS, create_mart, fill_table
from warehouse.connect import open_warehouse
from warehouse.schema import RUN_TABLES, warehouse_tables

ROOT = Path(__file__).parent.parent
SEED = ROOT / "seeds" / "raw" / "000_6a04a5883c865f3f.txt"
SHARED = ROOT.parent / "shared"
FURNITURE = "Get trending papers in your email inbox once a day!\nGet trending papers in your email inbox!\nSubscribe"


def dump(papers: Sequence[tuple[str, str]]) -> bytes:
    """A listing of papers (title, abstract) as the seed has it."""
    return (FURNITURE + "\n".join(line for paper in papers for line in paper)).encode()


def run_direct(*inputs: Path | str, data: Path, workers: int = 1, corrections: Path | None = None) -> Outcome:
    """A run in this process; settings come from the environment. `corrections`: a folder in place of the project's."""
    settings = load(data)
    if corrections:
        settings = settings.model_copy(update={"corrections": corrections})
    with DirectRunner(workers, lambda *_: None) as runner:
        return ingest([str(path) for path in inputs], settings, runner)


def rows(data: Path, sql: str) -> list[tuple]:
    """Rows of a query on the published warehouse."""
    with open_warehouse(data) as connection:
        return connection.execute(sql).fetchall()


ABSTRACT = (
    "We study how small models learn from large ones. Our method needs no labels and works on every data set that we "
    "tried. On CIFAR-100 it reaches an accuracy of 81.5%, which is 2.1 points above distillation, and trains 3 times "
    "faster. We describe what it can't do, too, and why. The code is at https://github.com/example/{name}."
)


def papers(*names: str) -> list[tuple[str, str]]:
    """Papers with those names: a title and an abstract with a number and a link each."""
    return [
        (f"{name.capitalize()}: learning from {name} examples of a kind", ABSTRACT.format(name=name)) for name in names
    ]


def write(path: Path, *names: str) -> Path:
    """A listing of the papers of these names, in a file."""
    path.write_bytes(dump(papers(*names)))
    return path


def content(data: Path) -> dict[str, list[tuple]]:
    """All rows of the tables of a warehouse, times aside."""
    found = {}
    for table in warehouse_tables():
        if table.name not in RUN_TABLES:
            columns = [column.name for column in table.warehouse_columns() if column.name not in table.volatile]
            found[table.name] = rows(data, f"SELECT {', '.join(columns)} FROM {table.name} ORDER BY ALL")
    return found


def release_file(path: Path, **rows_of: list[dict[str, object]]) -> Path:
    """A release made of these rows, by table: every table and mart is there, what is not given is empty or null."""
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{path}' AS out; BEGIN")
        for table in warehouse_tables():
            fill_table(connection, table, rows_of.pop(table.name, []))
        for name in MARTS:
            create_mart(connection, name)
        connection.execute("COMMIT")
    assert not rows_of, f"no such table: {list(rows_of)}"
    return path
