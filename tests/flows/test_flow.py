"""The real Prefect flow against a real server: states, task runs, artifacts and assets, read back from its API."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import httpx
import pytest

from tests.support import ROOT, dump, papers, rows

T = TypeVar("T")

STARTS_WITHIN_SECONDS = 120
EVENTS_WITHIN_SECONDS = 30
SETTINGS = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_LOGGING_LEVEL": "WARNING",
}


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the API of a server of our own on a free port of the loopback interface."""
    home = tmp_path_factory.mktemp("prefect")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | SETTINGS | {"PREFECT_HOME": str(home)}
    command = [
        sys.executable,
        "-m",
        "prefect",
        "server",
        "start",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--no-ui",
    ]
    with (home / "server.log").open("wb") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)
    try:
        address = f"http://127.0.0.1:{port}/api"
        _wait_for(address, server, home / "server.log")
        yield address
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait_for(address: str, server: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            if httpx.get(f"{address}/health", timeout=5).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.3)
    pytest.fail(f"the server did not start: {log.read_text(errors='replace')[-2000:]}")


def paperhouse(api: str, *arguments: object, home: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | SETTINGS | {"PREFECT_API_URL": api, "PREFECT_HOME": str(home)}
    command = [sys.executable, "-m", "flows.cli", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def ask(api: str, path: str, **body: object) -> list[dict]:
    answer = httpx.post(f"{api}/{path}/filter", json=body, timeout=30)
    answer.raise_for_status()
    return answer.json()


def latest_flow_run(api: str) -> dict:
    return ask(api, "flow_runs", sort="START_TIME_DESC", limit=1)[0]


def artifacts_of(api: str, run: dict) -> dict[str, dict]:
    """Artifacts with a key, which are those that the interface lists."""
    found = ask(api, "artifacts", artifacts={"flow_run_id": {"any_": [run["id"]]}})
    return {artifact["key"]: artifact for artifact in found if artifact["key"]}


def materialised_assets(api: str) -> set[str]:
    events = ask(api, "events", filter={"event": {"prefix": ["prefect.asset.materialization"]}}, limit=50)["events"]
    return {event["resource"]["prefect.resource.id"] for event in events}


def eventually(ask_again: Callable[[], T], is_enough: Callable[[T], bool]) -> T:
    """The first answer that is enough, or the last one: the server writes events down some seconds after the run."""
    deadline = time.monotonic() + EVENTS_WITHIN_SECONDS
    while not is_enough(answer := ask_again()) and time.monotonic() < deadline:
        time.sleep(0.3)
    return answer


@pytest.mark.slow
class TestFlow:
    """One server, runs that publish, fail and are refused."""

    def test_a_run_publishes_and_leaves_artifacts_and_assets(self, api, tmp_path):
        (tmp_path / "in").mkdir()
        (tmp_path / "in" / "a.txt").write_bytes(dump(papers("otters", "foxes")))
        (tmp_path / "in" / "bad.txt").write_bytes(b"")
        done = paperhouse(api, "run", tmp_path / "in", "--json", "--data", tmp_path / "data", home=tmp_path)
        assert done.returncode == 0, done.stderr
        summary = json.loads(done.stdout.splitlines()[-1])
        assert (summary["status"], summary["sources"]["failed"]) == ("published", 1)
        assert rows(tmp_path / "data", "SELECT count(*) FROM papers") == [(2,)]

        run = latest_flow_run(api)
        assert run["state_type"] == "COMPLETED"
        assert run["parameters"] == {"inputs": [str(tmp_path / "in")], "data": str(tmp_path / "data")}

        tasks = ask(api, "task_runs", flow_runs={"id": {"any_": [run["id"]]}})
        names = {re.sub(r"-[0-9a-f]{3,}$", "", task["name"]) for task in tasks}
        for step in (
            "identify",
            "extract",
            "normalise",
            "links",
            "reported metrics",
            "parquet",
            "validate",
            "build",
            "publish",
        ):
            assert any(name.startswith(step) for name in names), (step, names)
        failed = [task["name"] for task in tasks if task["state_type"] == "FAILED"]
        assert failed == ["identify bad.txt"]
        assert all("paperhouse" in task["tags"] for task in tasks)

        artifacts = artifacts_of(api, run)
        assert summary["run_id"] in artifacts["paperhouse-run"]["data"]
        assert "bad.txt" in artifacts["paperhouse-run"]["data"]
        checks = json.loads(artifacts["paperhouse-checks"]["data"])
        assert len(checks) >= 30
        assert {check["outcome"] for check in checks} == {"passed"}

        tables = {"duckdb://warehouse/papers", "duckdb://warehouse/reported_metrics"}
        assert tables <= eventually(lambda: materialised_assets(api), tables.issubset)

    def test_a_refused_release_is_a_failed_run_whose_artifact_names_the_check(self, api, tmp_path):
        import polars as pl

        from warehouse.lake import Lake

        (tmp_path / "a.txt").write_bytes(dump(papers("otters")))
        paperhouse(api, "run", tmp_path / "a.txt", "--data", tmp_path / "data", home=tmp_path)
        lake = Lake(tmp_path / "data")
        (part,) = lake.partition("links", lake.source_ids()[0]).glob("*.parquet")
        pl.read_parquet(part).with_columns(role=pl.lit("borrowed")).write_parquet(part)

        done = paperhouse(api, "run", tmp_path / "a.txt", "--data", tmp_path / "data", home=tmp_path)

        assert done.returncode == 3
        assert "links.role_in_set" in done.stderr
        run = latest_flow_run(api)
        assert run["state_type"] == "FAILED"
        assert "links.role_in_set" in run["state"]["message"]
        assert set(artifacts_of(api, run)) == {"paperhouse-run", "paperhouse-checks"}

    def test_no_readable_input_is_a_failed_run(self, api, tmp_path):
        done = paperhouse(api, "run", tmp_path / "nowhere.txt", "--data", tmp_path / "data", home=tmp_path)
        assert done.returncode == 2
        assert "nowhere.txt" in done.stderr
        assert latest_flow_run(api)["state_type"] == "FAILED"
