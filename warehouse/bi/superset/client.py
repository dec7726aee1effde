"""What we ask of a running Superset, by its REST API."""

from __future__ import annotations

import json
from collections.abc import Iterator
from types import TracebackType
from typing import Any

import httpx

from warehouse.errors import PaperhouseError

PAGE_SIZE = 100
SECONDS = 120.0
"""How long an answer may take; an import of the bundle takes some ten seconds."""


class SupersetClient:
    """A log-in to a Superset at `address`; raises PaperhouseError where Superset refuses what it is asked."""

    def __init__(self, address: str, username: str, password: str):
        self._http = httpx.Client(base_url=address, timeout=SECONDS, headers={"Referer": address}, trust_env=False)
        login = {"username": username, "password": password, "provider": "db", "refresh": False}
        token = self._request("POST", "/api/v1/security/login", json=login)["access_token"]
        self._http.headers["Authorization"] = f"Bearer {token}"
        self._http.headers["X-CSRFToken"] = self._request("GET", "/api/v1/security/csrf_token/")["result"]

    def __enter__(self) -> SupersetClient:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def import_assets(self, archive: bytes) -> None:
        """Imports a packed bundle: what has a known uuid is updated in place, all else is added."""
        self._request("POST", "/api/v1/assets/import/", files={"bundle": ("bundle.zip", archive, "application/zip")})

    def export_assets(self) -> bytes:
        """Everything that this Superset holds, as a ZIP file of YAML."""
        return self._response("GET", "/api/v1/assets/export/").content

    def listed(self, kind: str) -> Iterator[dict[str, Any]]:
        """All assets of a kind: database, dataset, chart or dashboard."""
        page = 0
        while True:
            query = f"(page:{page},page_size:{PAGE_SIZE})"
            found = self._request("GET", f"/api/v1/{kind}/", params={"q": query})
            yield from found["result"]
            page += 1
            if page * PAGE_SIZE >= found["count"]:
                return

    def add_database(self, name: str, uri: str) -> int:
        """Adds a connection to a database, as an administrator may; returns its id."""
        body = {"database_name": name, "sqlalchemy_uri": uri, "expose_in_sqllab": True}
        return int(self._request("POST", "/api/v1/database/", json=body)["id"])

    def remove_database(self, database_id: int) -> None:
        """Removes a connection that no dataset uses."""
        self._request("DELETE", f"/api/v1/database/{database_id}")

    def chart_data(self, chart_id: int) -> dict[str, Any]:
        """The present rows of a chart, as `data`, and the SQL that gave them, as `query`."""
        results = self._request("GET", f"/api/v1/chart/{chart_id}/data/")["result"]
        first: dict[str, Any] = results[0]
        return first

    def query(self, context: dict[str, Any]) -> list[dict[str, Any]]:
        """Rows of a query context, as a dashboard asks for them; see `query_context` in the charts of the bundle."""
        rows: list[dict[str, Any]] = self._request("POST", "/api/v1/chart/data", json=context)["result"][0]["data"]
        return rows

    def run_sql(self, database_id: int, sql: str) -> list[dict[str, Any]]:
        """Rows of a query, as SQL Lab runs it."""
        body = {"database_id": database_id, "sql": sql, "schema": "main", "runAsync": False, "expand_data": False}
        rows: list[dict[str, Any]] = self._request("POST", "/api/v1/sqllab/execute/", json=body)["data"]
        return rows

    def _request(self, method: str, path: str, **arguments: Any) -> dict[str, Any]:
        answer: dict[str, Any] = self._response(method, path, **arguments).json()
        return answer

    def _response(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        try:
            response = self._http.request(method, path, **arguments)
        except httpx.HTTPError as error:
            raise PaperhouseError(f"Superset at {self._http.base_url}: {error or type(error).__name__}") from error
        if response.is_error:
            raise PaperhouseError(f"Superset, {method} {path}: {response.status_code} {_reason(response)}")
        return response


def _reason(response: httpx.Response) -> str:
    """Why Superset refused, in its own words."""
    try:
        answer = response.json()
    except json.JSONDecodeError:
        return response.reason_phrase
    errors = [f"{error.get('message')} {_details(error)}".strip() for error in answer.get("errors", [])]
    return " ".join(errors or [str(answer.get("message", answer))])


def _details(error: dict[str, Any]) -> str:
    """What an import found wrong, file by file; empty for other errors."""
    extra = error.get("extra") or {}
    found = {name: problem for name, problem in extra.items() if name.endswith(".yaml")}
    return json.dumps(found, ensure_ascii=False) if found else ""
