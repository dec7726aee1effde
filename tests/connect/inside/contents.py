"""What a reader of this environment finds in data/warehouse.duckdb, as JSON: rows, and what SQLAlchemy reflects."""

from __future__ import annotations

import json
import sys

import duckdb
import sqlalchemy

SETTINGS = {"read_only": True, "config": {"enable_external_access": False}}


def counted():
    """Rows and a checksum over all their texts, of every table and view."""
    with duckdb.connect("data/warehouse.duckdb", **SETTINGS) as connection:
        names = [name for (name,) in connection.execute("SELECT table_name FROM information_schema.tables").fetchall()]
        query = (
            "SELECT count(*), coalesce(md5(string_agg(rows::VARCHAR, '' ORDER BY rows::VARCHAR)), '') FROM {} AS rows"
        )
        return {name: connection.execute(query.format(name)).fetchone() for name in names}


def reflected():
    """Comment and columns (name, type, comment) of every table and view, by `MetaData.reflect`."""
    engine = sqlalchemy.create_engine(
        "duckdb:///data/warehouse.duckdb", connect_args=SETTINGS, poolclass=sqlalchemy.pool.NullPool
    )
    metadata = sqlalchemy.MetaData()
    metadata.reflect(engine, views=True)
    kind = engine.dialect.type_compiler_instance.process
    return {
        table.name: {
            "comment": table.comment,
            "columns": [[column.name, kind(column.type), column.comment] for column in table.columns],
        }
        for table in metadata.sorted_tables
    }


if __name__ == "__main__":
    json.dump({"version": duckdb.__version__, "counted": counted(), "reflected": reflected()}, sys.stdout)
