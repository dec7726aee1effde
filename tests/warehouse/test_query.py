"""What `paperhouse sql` writes, value by value."""

from __future__ import annotations

import json

import duckdb
import pytest

from warehouse.errors import QueryError
from warehouse.query import query, to_csv, to_json, to_parquet

VALUES = [
    ("1.5", "1.5", 1.5),
    ("12345678901234567890.123456789", "12345678901234567890.123456789", "12345678901234567890.123456789"),
    ("'NaN'::DOUBLE", "nan", None),
    ("'inf'::DOUBLE", "inf", None),
    ("true", "true", True),
    ("NULL", "", None),
    ("DATE '2024-01-02'", "2024-01-02", "2024-01-02"),
    ("TIMESTAMPTZ '2024-01-02 03:04:05+00'", "2024-01-02T03:04:05+00:00", "2024-01-02T03:04:05+00:00"),
    ("[1, NULL, 2]", '"[1, null, 2]"', [1, None, 2]),
    ("{'a': 'b'}", '"{""a"": ""b""}"', {"a": "b"}),
    ("'\\xAB'::BLOB", "ab", "ab"),
    ("INTERVAL 2 DAY", '"2 days, 0:00:00"', "2 days, 0:00:00"),
    ("'a,\"b'", '"a,""b"', 'a,"b'),
    ("'×'", "×", "×"),
]


@pytest.mark.parametrize(("expression", "in_csv", "in_json"), VALUES)
def test_values(expression, in_csv, in_json):
    with duckdb.connect() as connection:
        sql = f"SELECT {expression} AS value, 1 AS one"
        assert to_csv(query(connection, sql)).decode() == f"value,one\n{in_csv},1\n"
        assert json.loads(to_json(query(connection, sql))) == [{"value": in_json, "one": 1}]


def test_what_a_format_cant_hold_is_said():
    with duckdb.connect() as connection:
        with pytest.raises(QueryError, match="same name"):
            to_json(query(connection, "SELECT 1 AS a, 2 AS a"))
        with pytest.raises(QueryError, match="cast"):
            to_parquet(query(connection, "SELECT INTERVAL 1 MONTH AS i"))


@pytest.mark.parametrize("sql", ["", "-- nothing", ";", "SELECT", "SELECT 1; SELECT 2"])
def test_what_is_no_query_is_refused(sql):
    with duckdb.connect() as connection, pytest.raises(QueryError):
        query(connection, sql)
