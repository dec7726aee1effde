"""What tests ask of a running Superset."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from warehouse.bi.superset.client import SupersetClient

PAGE_SIZE = 100


class InspectedSuperset(SupersetClient):
    """A log-in that can list assets, ask for the data of charts and run SQL."""

    def listed(self, kind: str) -> Iterator[dict[str, Any]]:
        """All assets of a kind: database, dataset, chart or dashboard."""
        page = 0
        while True:
            query = f"(page:{page},page_size:{PAGE_SIZE})"
            found = self.request("GET", f"/api/v1/{kind}/", params={"q": query})
            yield from found["result"]
            page += 1
            if page * PAGE_SIZE >= found["count"]:
                return

    def add_database(self, name: str, uri: str) -> int:
        """Adds a connection to a database, as an administrator may; returns its id."""
        body = {"database_name": name, "sqlalchemy_uri": uri, "expose_in_sqllab": True}
        return int(self.request("POST", "/api/v1/database/", json=body)["id"])

    def remove_database(self, database_id: int) -> None:
        """Removes a connection that no dataset uses."""
        self.request("DELETE", f"/api/v1/database/{database_id}")

    def chart_data(self, chart_id: int) -> dict[str, Any]:
        """The present rows of a chart, as `data`, and the SQL that gave them, as `query`."""
        results = self.request("GET", f"/api/v1/chart/{chart_id}/data/")["result"]
        first: dict[str, Any] = results[0]
        return first

    def query(self, context: dict[str, Any]) -> list[dict[str, Any]]:
        """Rows of a query context, as a dashboard asks for them; see `query_context` in the charts of the bundle."""
        rows: list[dict[str, Any]] = self.request("POST", "/api/v1/chart/data", json=context)["result"][0]["data"]
        return rows

    def run_sql(self, database_id: int, sql: str) -> list[dict[str, Any]]:
        """Rows of a query, as SQL Lab runs it."""
        body = {"database_id": database_id, "sql": sql, "schema": "main", "runAsync": False, "expand_data": False}
        rows: list[dict[str, Any]] = self.request("POST", "/api/v1/sqllab/execute/", json=body)["data"]
        return rows
