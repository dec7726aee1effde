"""What we ask of a running Superset, by its REST API."""

from __future__ import annotations

import json
from types import TracebackType
from typing import Any, Self

import httpx

from warehouse.errors import PaperhouseError

SECONDS = 120.0
"""How long an answer may take; an import of the bundle takes some ten seconds."""


class SupersetClient:
    """A log-in to a Superset at `address`; raises PaperhouseError where Superset refuses what it is asked."""

    def __init__(self, address: str, username: str, password: str):
        self._http = httpx.Client(base_url=address, timeout=SECONDS, headers={"Referer": address}, trust_env=False)
        login = {"username": username, "password": password, "provider": "db", "refresh": False}
        token = self.request("POST", "/api/v1/security/login", json=login)["access_token"]
        self._http.headers["Authorization"] = f"Bearer {token}"
        self._http.headers["X-CSRFToken"] = self.request("GET", "/api/v1/security/csrf_token/")["result"]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def import_assets(self, archive: bytes) -> None:
        """Imports a packed bundle: what has a known uuid is updated in place, all else is added."""
        self.request("POST", "/api/v1/assets/import/", files={"bundle": ("bundle.zip", archive, "application/zip")})

    def export_assets(self) -> bytes:
        """Everything that this Superset holds, as a ZIP file of YAML."""
        return self._response("GET", "/api/v1/assets/export/").content

    def request(self, method: str, path: str, **arguments: Any) -> dict[str, Any]:
        """The JSON that Superset answers; `arguments` are those of httpx."""
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
