"""A real Superset over a warehouse of the seed, asked by its REST API and seen in a browser: `make test-superset`."""

from __future__ import annotations

import json
import math
import os
import re
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from tests.browser import chromium
from tests.superset_charts import EXPECTED
from tests.superset_client import InspectedSuperset
from tests.support import ROOT, SEED, rows, run_direct, write
from warehouse.bi.superset.bundle import BUNDLE, assets, packed, update_from_export
from warehouse.errors import PaperhouseError

CHARTS = assets("charts")
expect.set_options(timeout=60_000)
START_SECONDS = 240
# A page that is as high as the dashboard: charts load when they come into view.
VIEWPORT = {"width": 1400, "height": 3180}


@dataclass
class Served:
    """What `make superset` printed, its process, and the data folder that it serves."""

    process: subprocess.Popen[str]
    data: Path
    home: Path
    address: str
    password: str

    def log_in(self) -> InspectedSuperset:
        return InspectedSuperset(self.address, "admin", self.password)


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("superset")
    run_direct(SEED, data=folder / "data")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    settings = {
        "PAPERHOUSE_DATA": str(folder / "data"),
        "PAPERHOUSE_SUPERSET_HOME": str(folder / "home"),
        "PAPERHOUSE_SUPERSET_PORT": str(port),
    }
    process = subprocess.Popen(
        ["make", "superset"], cwd=ROOT, env=os.environ | settings, stdout=subprocess.PIPE, text=True, process_group=0
    )
    timer = threading.Timer(START_SECONDS, lambda: os.killpg(process.pid, signal.SIGTERM))
    timer.start()
    printed = ""
    for line in process.stdout:
        printed += line
        if "Ctrl-C" in line:
            break
    timer.cancel()
    assert "Ctrl-C stops it" in printed, printed
    address = re.search(r"http://127\.0\.0\.1:\d+", printed)[0]
    password = re.search(r"admin / (\S+)", printed)[1]
    yield Served(process, folder / "data", folder / "home", address, password)
    os.killpg(process.pid, signal.SIGINT)  # as Ctrl-C in a terminal does
    process.wait(60)
    time.sleep(0.5)
    assert processes_of(process.pid) == []
    with socket.create_server(("127.0.0.1", port)):
        pass


@pytest.fixture(scope="module")
def client(served) -> Iterator[InspectedSuperset]:
    with served.log_in() as client:
        yield client


@pytest.fixture(scope="module")
def database_id(client) -> int:
    (database,) = client.listed("database")
    return database["id"]


@pytest.fixture(scope="module")
def ids(client) -> dict[str, int]:
    """The ids of all assets by uuid; importing again keeps them, as a test shows."""
    return {uuid: number for found in everything(client).values() for uuid, (number, _) in found.items()}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium(test_id_attribute="data-test") as browser:
        yield browser


def processes_of(group: int) -> list[int]:
    """The processes of a group that still run."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if os.getpgid(int(path.name)) == group and "State:\tZ" not in (path / "status").read_text():
                found.append(int(path.name))
        except (ProcessLookupError, FileNotFoundError):
            continue
    return found


def everything(client: InspectedSuperset) -> dict[str, dict[str, tuple[int, str]]]:
    """Id and name of all assets, by kind and uuid."""
    names = {
        "database": "database_name",
        "dataset": "table_name",
        "chart": "slice_name",
        "dashboard": "dashboard_title",
    }
    return {
        kind: {asset["uuid"]: (asset["id"], asset[name]) for asset in client.listed(kind)}
        for kind, name in names.items()
    }


def raw_rows(client: InspectedSuperset, name: str, ids: dict[str, int]) -> list[tuple]:
    """What the query of a chart gives, before the chart arranges it."""
    context = json.loads(CHARTS[name]["query_context"])
    for query in context["queries"]:
        query.pop("post_processing", None)
    context["datasource"] = {"id": ids[CHARTS[name]["dataset_uuid"]], "type": "table"}
    return [tuple(row.values()) for row in client.query(context)]


def comparable(row: tuple) -> tuple:
    """A row with its numbers and times as JSON has them."""
    cells = (cell.timestamp() * 1000 if isinstance(cell, datetime) else cell for cell in row)
    return tuple(float(f"{cell:.12g}") if isinstance(cell, int | float | Decimal) else cell for cell in cells)


def magnitude(row: tuple) -> float:
    return math.fsum(cell for cell in row if isinstance(cell, float))


def test_its_files_are_the_owners_alone_and_it_answers_on_loopback_only(served):
    assert (served.home / "secrets.json").stat().st_mode & 0o777 == 0o600
    assert served.home.stat().st_mode & 0o777 == 0o700
    port = int(served.address.rpartition(":")[2])
    listening = [
        line.split()[1]
        for table in ("/proc/net/tcp", "/proc/net/tcp6")
        for line in Path(table).read_text().splitlines()[1:]
        if line.split()[3] == "0A" and line.split()[1].endswith(f":{port:04X}")
    ]
    assert listening == [f"0100007F:{port:04X}"]


def test_importing_again_updates_in_place(client, tmp_path):
    before = everything(client)
    counts = {kind: len(found) for kind, found in before.items()}
    assert counts == {kind: len(assets(f"{kind}s")) for kind in ("database", "dataset", "chart", "dashboard")}
    client.import_assets(packed())
    assert everything(client) == before

    changed = shutil.copytree(BUNDLE, tmp_path / "bundle")
    chart = changed / "charts" / "papers.yaml"
    chart.write_text(chart.read_text().replace("slice_name: Papers", "slice_name: All papers"))
    client.import_assets(packed(changed))
    uuid = CHARTS["papers"]["uuid"]
    after = everything(client)
    assert after["chart"].pop(uuid) == (before["chart"][uuid][0], "All papers")
    assert after["chart"] == {key: value for key, value in before["chart"].items() if key != uuid}
    client.import_assets(packed())
    assert everything(client) == before


def test_an_export_gives_the_bundle_back(client, tmp_path):
    bundle = shutil.copytree(BUNDLE, tmp_path / "bundle")
    assert update_from_export(client.export_assets(), bundle) == []
    (bundle / "charts" / "papers.yaml").unlink()
    (bundle / "charts" / "quality.yaml").write_text("uuid: " + CHARTS["quality"]["uuid"])
    written = update_from_export(client.export_assets(), bundle)
    assert sorted(path.name for path in written) == ["papers.yaml", "quality.yaml"]
    assert assets("charts", bundle) == CHARTS


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_shows_what_duckdb_says(name, client, ids, served):
    shown = [comparable(row) for row in raw_rows(client, name, ids)]
    expected = [comparable(row) for row in rows(served.data, EXPECTED[name])]
    limit = json.loads(CHARTS[name]["query_context"])["queries"][0].get("row_limit", 1)
    assert shown
    assert len(shown) == min(len(expected), limit)
    assert set(shown) <= set(expected)
    # Which of several equal rows a limit keeps is open; that the largest are kept is not.
    largest = sorted(map(magnitude, expected), reverse=True)[: len(shown)]
    assert sorted(map(magnitude, shown), reverse=True) == pytest.approx(largest)


@pytest.mark.parametrize("name", CHARTS)
def test_the_sql_that_a_chart_reports_gives_its_rows(name, client, ids, served):
    data = client.chart_data(ids[CHARTS[name]["uuid"]])
    assert data["data"]
    assert data["is_cached"] in (None, False)
    shown = [comparable(row) for row in raw_rows(client, name, ids)]
    expected = [comparable(row) for row in rows(served.data, data["query"])]
    assert len(shown) == len(expected)
    assert sorted(map(magnitude, shown)) == pytest.approx(sorted(map(magnitude, expected)))


REFUSED = {
    "INSERT INTO papers (paper_id) VALUES ('x')": "does not allow for DDL/DML",
    "UPDATE papers SET title = ''": "does not allow for DDL/DML",
    "DELETE FROM papers": "does not allow for DDL/DML",
    "DROP TABLE papers": "does not allow for DDL/DML",
    "CREATE TABLE t AS SELECT 1": "does not allow for DDL/DML",
    "CREATE TEMP TABLE t AS SELECT 1": "does not allow for DDL/DML",
    "CREATE VIEW v AS SELECT 1": "does not allow for DDL/DML",
    "SELECT 1; DROP TABLE papers": "does not allow for DDL/DML",
    "COPY papers TO '{folder}/papers.csv'": "file system operations are disabled",
    "COPY (SELECT 1) TO '{folder}/one.parquet'": "file system operations are disabled",
    "EXPORT DATABASE '{folder}/all'": "Error parsing",
    "SELECT * FROM read_csv('{folder}/secret.csv')": "file system operations are disabled",
    "SELECT * FROM read_text('{folder}/secret.csv')": "file system operations are disabled",
    "SELECT * FROM '{folder}/secret.csv'": "file system operations are disabled",
    "SELECT * FROM glob('{folder}/*')": "file system operations are disabled",
    "WITH s AS (SELECT * FROM read_blob('{folder}/secret.csv')) SELECT * FROM s": "file system operations are disabled",
    "ATTACH '{folder}/other.duckdb' AS other": "file system operations are disabled",
    "INSTALL httpfs": "file system operations are disabled",
    "LOAD httpfs": "disabled through configuration",
    "SET enable_external_access = true": "configuration has been locked",
    "RESET enable_external_access": "configuration has been locked",
    "PRAGMA enable_external_access = true": "configuration has been locked",
    "SET memory_limit = '100GB'": "configuration has been locked",
}


def test_sql_lab_reads_the_warehouse(client, database_id, served):
    found = client.run_sql(database_id, "SELECT role, count(*) AS n FROM links GROUP BY role ORDER BY role")
    assert [tuple(row.values()) for row in found] == rows(
        served.data, "SELECT role, count(*) FROM links GROUP BY role ORDER BY role"
    )
    assert client.run_sql(database_id, "SELECT current_setting('memory_limit') AS m") == [{"m": "1.8 GiB"}]


@pytest.mark.parametrize(("sql", "reason"), REFUSED.items())
def test_sql_lab_cannot(sql, reason, client, database_id, served, tmp_path):
    (tmp_path / "secret.csv").write_text("a,b\n1,2\n")
    before = (served.data / "warehouse.duckdb").read_bytes()
    with pytest.raises(PaperhouseError, match=re.escape(reason)):
        client.run_sql(database_id, sql.format(folder=tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["secret.csv"]
    assert (served.data / "warehouse.duckdb").read_bytes() == before


def test_a_chart_cannot_read_files_either(client, ids, tmp_path):
    (tmp_path / "secret.csv").write_text("a,b\n1,2\n")
    context = json.loads(CHARTS["papers"]["query_context"])
    context["datasource"] = {"id": ids[CHARTS["papers"]["dataset_uuid"]], "type": "table"}
    sql = f"(SELECT max(content) FROM read_text('{tmp_path}/secret.csv'))"
    context["queries"][0]["metrics"] = [{"expressionType": "SQL", "sqlExpression": sql, "label": "secret"}]
    with pytest.raises(PaperhouseError, match=r"sub-queries|file system operations are disabled"):
        client.query(context)


def test_a_connection_that_somebody_adds_is_sealed_too(client, served, tmp_path):
    (tmp_path / "secret.csv").write_text("a,b\n1,2\n")
    other = client.add_database("another", f"duckdb:///{tmp_path}/other.duckdb")
    try:
        (papers,) = rows(served.data, "SELECT count(*) FROM papers")
        assert client.run_sql(other, "SELECT count(*) AS n FROM papers") == [{"n": papers[0]}]
        with pytest.raises(PaperhouseError, match="file system operations are disabled"):
            client.run_sql(other, f"SELECT * FROM read_csv('{tmp_path}/secret.csv')")
        assert not (tmp_path / "other.duckdb").exists()
    finally:
        client.remove_database(other)


def log_in(page: Page, served: Served) -> None:
    page.goto(f"{served.address}/login/")
    page.get_by_test_id("username-input").fill("admin")
    page.get_by_test_id("password-input").fill(served.password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/superset/welcome/")


PAINTED = """canvas => {
    const pixels = new Uint32Array(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.buffer);
    return new Set(pixels).size;
}"""


def test_the_dashboard_shows_every_chart(served, ids, browser, tmp_path):
    page = browser.new_page(viewport=VIEWPORT)
    answered, queries, errors = [], {}, []
    page.on("response", lambda response: answered.append((response.status, response.url)))
    page.on("pageerror", lambda error: errors.append(str(error)))

    def remember(request: Request) -> None:
        if request.method == "POST" and "/api/v1/chart/data" in request.url:
            body = json.loads(request.post_data)
            if chart := body.get("form_data", {}).get("slice_id"):
                queries[chart] = body["queries"]

    page.on("request", remember)
    log_in(page, served)
    page.goto(f"{served.address}/superset/dashboard/paperhouse/")
    expect(page.get_by_test_id("dashboard-component-chart-holder")).to_have_count(len(CHARTS))
    for name, chart in CHARTS.items():
        box = page.locator(f'[data-test-chart-name="{chart["slice_name"]}"]')
        expect(box, name).to_have_count(1)
        expect(box.get_by_test_id("loading-indicator")).to_have_count(0)
        if chart["viz_type"] == "big_number_total":
            expect(box.locator(".header-line")).to_have_text(re.compile(r"^[\d,.]+%?$"))
        elif chart["viz_type"] == "table":
            expect(box.locator("tbody tr").first).to_be_visible()
        else:
            expect(box.locator("canvas").first).to_be_visible()
            assert box.locator("canvas").first.evaluate(PAINTED) > 5, name
    expect(page.locator(".ant-alert-error, .ant-empty, .ant-notification-notice")).to_have_count(0)
    for label in ("Dataset", "Metric", "Family of metrics", "Repository"):
        expect(page.get_by_test_id("filter-bar").get_by_text(label, exact=True)).to_be_visible()
    page.wait_for_timeout(1500)  # bars grow into place
    screenshot = page.screenshot(path=tmp_path / "dashboard.png")
    assert len(screenshot) > 100_000
    if kept := os.environ.get("SUPERSET_SCREENSHOT"):
        shutil.copyfile(tmp_path / "dashboard.png", kept)

    assert errors == []
    assert [answer for answer in answered if answer[0] >= 400] == []
    assert {url.partition("/api")[0][: len(served.address)] for _, url in answered if url.startswith("http")} == {
        served.address
    }
    stored = {ids[chart["uuid"]]: json.loads(chart["query_context"])["queries"] for chart in CHARTS.values()}
    assert queries == stored

    page.get_by_test_id("filter-bar").get_by_role("combobox").first.click()
    page.keyboard.type("COCO")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    page.get_by_test_id("filter-bar__apply-button").click()
    board = page.locator('[data-test-chart-name="Leaderboard"]')
    (expected,) = rows(served.data, "SELECT count(*) FROM leaderboard WHERE dataset = 'COCO'")
    expect(board.locator("tbody tr")).to_have_count(expected[0])
    assert set(board.locator("tbody tr td:first-child").all_inner_texts()) == {"COCO"}
    page.close()


def open_warehouses(group: int) -> list[str]:
    """DuckDB files that a process of the group holds open."""
    found = []
    for process in processes_of(group):
        for link in Path(f"/proc/{process}/fd").iterdir():
            try:
                target = str(link.readlink())
            except FileNotFoundError:
                continue
            if ".duckdb" in target:
                found.append(target)
    return found


# Some 15 seconds on two cores: it must outlast a run.
SLOW = "SELECT count(*) AS n FROM range(20000) AS a(i), range(60000) AS b(j) WHERE (i * j + i) % 7 = 1"


def test_after_a_publish_the_next_query_shows_the_new_release(client, database_id, ids, served, tmp_path):
    assert open_warehouses(served.process.pid) == []
    ((old,),) = raw_rows(client, "papers", ids)

    def slow() -> None:
        with served.log_in() as other:
            other.run_sql(database_id, SLOW)

    # A query that still runs on the old release must not keep others on it.
    thread = threading.Thread(target=slow)
    thread.start()
    while not open_warehouses(served.process.pid):
        time.sleep(0.05)
    outcome = run_direct(write(tmp_path / "second.txt", "otters", "herons"), data=served.data)
    assert outcome.entry.status == "published"
    ((new,),) = raw_rows(client, "papers", ids)
    (sources, outcomes) = (raw_rows(client, "papers_by_source", ids), client.run_sql(database_id, "FROM release"))
    assert thread.is_alive()
    thread.join()

    assert (old, new) == (316, 318)
    assert ("second.txt", "loaded", 2) in sources
    assert outcomes[0]["release_id"] == outcome.entry.release_id
    assert open_warehouses(served.process.pid) == []
