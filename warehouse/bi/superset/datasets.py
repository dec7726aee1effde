"""Superset's datasets, derived from the schema: `python -m warehouse.bi.superset.datasets` writes their YAML."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import duckdb
import yaml

from warehouse.build import MARTS, create_empty_release, mart_description
from warehouse.connect import quote
from warehouse.schema import RUN_TABLES, warehouse_tables

DATASETS = Path(__file__).parent / "bundle" / "datasets"
VIEWS = ("record_outcomes", "code_availability", "improvement_sizes")
"""Queries that charts need and nobody else: datasets of Superset's own, with a file each in views/."""

LINKS = {"leaderboard": ("repository", "repository_url")}
"""By dataset, a column of links for tables, named first, and the column of addresses that it is made of."""

_NAMESPACE = UUID("6f1d3c1e-6f0b-5f0e-9d9a-6b0c4d2b7a11")
DATABASE_UUID = str(uuid5(_NAMESPACE, "database/paperhouse"))
_TIMES = ("DATE", "TIMESTAMP WITH TIME ZONE")


def dataset_uuid(name: str) -> str:
    """The identifier of the dataset of that name: the same in every bundle, so an import finds what is there."""
    return str(uuid5(_NAMESPACE, f"dataset/{name}"))


def datasets() -> dict[str, dict[str, Any]]:
    """The datasets by name, as Superset imports them: one per table, per mart and per view of views/."""
    grains = {spec.name: spec.grain for spec in warehouse_tables()}
    with duckdb.connect() as connection:
        create_empty_release(connection)
        connection.execute("USE out")
        found = {name: _dataset(connection, name, grain, None) for name, grain in grains.items()}
        for name in MARTS:
            found[name] = _dataset(connection, name, mart_description(_sql("marts", name)), None)
        for name in VIEWS:
            query = view_sql(name)
            connection.execute(f"CREATE VIEW {quote(name)} AS {query}")
            found[name] = _dataset(connection, name, mart_description(query), query)
    return found


def view_sql(name: str) -> str:
    """The query of one of VIEWS."""
    return _sql("bi/superset/views", name)


def as_yaml(asset: dict[str, Any]) -> str:
    """An asset as the bundle keeps it."""
    return str(yaml.dump(asset, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120))


def write_datasets(folder: Path = DATASETS) -> None:
    """Writes a file per dataset into the folder and removes the files of datasets that are no more."""
    current = {folder / f"{name}.yaml": dataset for name, dataset in datasets().items()}
    for path in set(folder.glob("*.yaml")) - set(current):
        path.unlink()
    for path, dataset in current.items():
        path.write_text(as_yaml(dataset), encoding="utf-8")


_Dumper: Any = type("_Dumper", (yaml.SafeDumper,), {})


def _text(dumper: Any, text: str) -> Any:
    """Texts of several lines as blocks, as one reads SQL."""
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)


def _sql(folder: str, name: str) -> str:
    path = files("warehouse").joinpath(folder, f"{name}.sql")
    return path.read_text(encoding="utf-8").strip()


def _dataset(connection: duckdb.DuckDBPyConnection, name: str, description: str, sql: str | None) -> dict[str, Any]:
    described = connection.execute(
        "SELECT column_name, data_type, comment FROM duckdb_columns() WHERE table_name = ? ORDER BY column_index",
        [name],
    ).fetchall()
    types = {column: type_ for column, type_, _ in described}
    comments = {column: comment or _said_of(column) for column, _, comment in described}
    metrics = [_metric("count", "Rows", "COUNT(*)")]
    if "paper_id" in types:
        metrics.append(_metric("papers", "Papers", "COUNT(DISTINCT paper_id)"))
    return {
        "table_name": name,
        "main_dttm_col": None,
        "description": description,
        "offset": 0,
        "cache_timeout": None,
        "catalog": None,
        "schema": "main",
        "sql": sql,
        "filter_select_enabled": True,
        "normalize_columns": False,
        "always_filter_main_dttm": False,
        "uuid": dataset_uuid(name),
        "metrics": metrics,
        "columns": [_column(column, type_, comments[column]) for column, type_ in types.items()]
        + _link_columns(name, comments),
        "version": "1.0.0",
        "database_uuid": DATABASE_UUID,
    }


def _metric(name: str, label: str, expression: str) -> dict[str, Any]:
    return {"metric_name": name, "verbose_name": label, "metric_type": name, "expression": expression}


def _column(name: str, type_: str, description: str | None) -> dict[str, Any]:
    return {
        "column_name": name,
        "verbose_name": _label(name),
        "is_dttm": type_ in _TIMES,
        "is_active": True,
        "type": type_,
        "groupby": True,
        "filterable": True,
        "expression": None,
        "description": description,
    }


def _link_columns(table: str, comments: dict[str, str | None]) -> list[dict[str, Any]]:
    """A computed column with the address as a link that shows it without host: owner and name of a repository."""
    if table not in LINKS:
        return []
    name, address = LINKS[table]
    shown = f"regexp_replace({address}, '^https://[^/]+/', '')"
    expression = f"""'<a href="' || {address} || '" target="_blank" rel="noreferrer">' || {shown} || '</a>'"""
    return [_column(name, "VARCHAR", f"As a link: {comments[address]}") | {"expression": expression}]


def _label(name: str) -> str:
    words = ["URL" if word == "url" else word for word in name.removesuffix("_label").split("_")]
    return words[0][0].upper() + words[0][1:] + "".join(f" {word}" for word in words[1:])


def _said_of(name: str) -> str | None:
    """What the schema says of a column of Superset's own views: what papers or numbers say, or all tables say alike."""
    by_table = {
        spec.name: column.description
        for spec in warehouse_tables()
        for column in spec.warehouse_columns()
        if column.name == name
    }
    for owner in ("papers", "reported_metrics"):
        if owner in by_table:
            return by_table[owner]
    said = {text for owner, text in by_table.items() if owner not in RUN_TABLES}
    return said.pop() if len(said) == 1 else None


if __name__ == "__main__":
    write_datasets()
