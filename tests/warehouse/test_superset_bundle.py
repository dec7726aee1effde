"""Superset's bundle fits the warehouse, without a Superset; tests/superset_server.py asks a real one."""

from __future__ import annotations

import importlib.util
import json
import re
import socket
from pathlib import Path

import pytest

from tests.support import ROOT, SEED, rows, run_direct, write
from warehouse.bi.superset import bundle
from warehouse.bi.superset.bundle import BUNDLE, assets
from warehouse.bi.superset.datasets import DATABASE_UUID, DATASETS, LINKS, VIEWS, as_yaml, datasets, view_sql
from warehouse.bi.superset.server import HERE, Superset
from warehouse.build import MARTS
from warehouse.connect import SEALED, quote
from warehouse.errors import InputError
from warehouse.schema import warehouse_tables

CHARTS, DASHBOARDS, COMMITTED = assets("charts"), assets("dashboards"), assets("datasets")
BY_UUID = {dataset["uuid"]: dataset for dataset in COMMITTED.values()}


def test_the_datasets_are_those_that_make_docs_derives():
    derived = {name: as_yaml(dataset) for name, dataset in datasets().items()}
    assert {path.stem: path.read_text(encoding="utf-8") for path in DATASETS.glob("*.yaml")} == derived
    assert set(derived) == {spec.name for spec in warehouse_tables()} | set(MARTS) | set(VIEWS)


@pytest.mark.parametrize("name", COMMITTED)
def test_a_dataset_has_the_columns_and_types_of_the_release(name, seed_warehouse):
    relation = f"({view_sql(name)})" if name in VIEWS else f"main.{quote(name)}"
    found = [(column, type_) for column, type_, *_ in seed_warehouse.execute(f"DESCRIBE FROM {relation}").fetchall()]
    stored = [column for column in COMMITTED[name]["columns"] if column["expression"] is None]
    assert [(column["column_name"], column["type"]) for column in stored] == found
    computed = [column for column in COMMITTED[name]["columns"] if column["expression"]]
    assert [column["column_name"] for column in computed] == [LINKS[name][0] for _ in computed]
    for column in [*computed, *({"expression": metric["expression"]} for metric in COMMITTED[name]["metrics"])]:
        seed_warehouse.execute(f"SELECT {column['expression']} FROM {relation}")


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_asks_for_columns_and_metrics_that_its_dataset_has(name):
    chart = CHARTS[name]
    dataset = BY_UUID[chart["dataset_uuid"]]
    columns = {column["column_name"] for column in dataset["columns"]}
    metrics = {metric["metric_name"] for metric in dataset["metrics"]}
    assert chart["description"].endswith(".")
    for query in json.loads(chart["query_context"])["queries"]:
        for column in query["columns"]:
            assert (column["sqlExpression"] if isinstance(column, dict) else column) in columns
        assert {condition["col"] for condition in query["filters"]} <= columns
        assert {metric for metric in query.get("metrics", []) if isinstance(metric, str)} <= metrics


def test_the_dashboard_holds_every_chart_once_and_filters_by_columns_that_are_there():
    (dashboard,) = DASHBOARDS.values()
    placed = [part["meta"] for part in dashboard["position"].values() if isinstance(part, dict) and "meta" in part]
    names = {chart["uuid"]: chart["slice_name"] for chart in CHARTS.values()}
    assert sorted(meta["uuid"] for meta in placed if "uuid" in meta) == sorted(names)
    assert all(meta["sliceName"] == names[meta["uuid"]] for meta in placed if "uuid" in meta)
    filters = dashboard["metadata"]["native_filter_configuration"]
    assert [native["name"] for native in filters] == ["Dataset", "Metric", "Family of metrics", "Repository"]
    for native in filters:
        (target,) = native["targets"]
        dataset = BY_UUID[target["datasetUuid"]]
        assert target["column"]["name"] in {column["column_name"] for column in dataset["columns"]}


def test_uuids_are_unique_and_refer_to_the_database():
    kinds = ("databases", "datasets", "charts", "dashboards")
    uuids = [asset["uuid"] for kind in kinds for asset in assets(kind).values()]
    assert len(uuids) == len(set(uuids))
    assert {dataset["database_uuid"] for dataset in COMMITTED.values()} == {DATABASE_UUID}
    assert assets("databases")["paperhouse"]["uuid"] == DATABASE_UUID


@pytest.mark.slow
def test_the_views_of_superset_lose_and_double_nothing(seed_data, tmp_path):
    data = tmp_path / "data"
    bad = tmp_path / "bad.txt"
    bad.write_bytes(
        write(tmp_path / "more.txt", "otters", "herons").read_bytes() + b"\nA title \xff of bytes\nAn abstract"
    )
    run_direct(SEED, SEED, tmp_path / "more.txt", bad, data=data)
    for folder in (seed_data, data):
        papers = f"FROM ({view_sql('code_availability')})"
        (counts,) = rows(
            folder,
            f"""
            SELECT
                (SELECT count(*) {papers}) - (SELECT count(*) FROM papers),
                (SELECT count(DISTINCT paper_id) {papers}) - (SELECT count(*) FROM papers),
                (SELECT count(*) FROM ({view_sql("improvement_sizes")})) - (SELECT count(*) FROM improvements),
                (SELECT sum(record_count) FROM ({view_sql("record_outcomes")}))
                    - (SELECT sum(record_count) FROM sources)
            """,
        )
        assert counts == (0, 0, 0, 0)
    outcomes = {outcome for (outcome,) in rows(data, f"SELECT outcome FROM ({view_sql('record_outcomes')})")}
    assert {"loaded", "duplicate"} < outcomes
    assert any(outcome.startswith("rejected: ") for outcome in outcomes)


@pytest.fixture
def config(tmp_path, monkeypatch):
    """Superset's settings as Superset loads them, for a warehouse in tmp_path."""
    (tmp_path / "secrets.json").write_text('{"secret_key": "k", "admin_password": "p"}')
    monkeypatch.setenv("SUPERSET_HOME", str(tmp_path))
    monkeypatch.setenv("PAPERHOUSE_WAREHOUSE", str(tmp_path / "data" / "warehouse.duckdb"))
    monkeypatch.setenv("PAPERHOUSE_MEMORY_LIMIT", "1GB")
    spec = importlib.util.spec_from_file_location("superset_config", HERE / "superset_config.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_connections_are_sealed_as_our_own_are(config):
    assert config.SEALED == SEALED
    arguments = assets("databases")["paperhouse"]["extra"]["engine_params"]["connect_args"]
    assert arguments == {"read_only": True, "config": SEALED}
    database = assets("databases")["paperhouse"]
    for right in ("dml", "ctas", "cvas", "run_async", "file_upload"):
        assert database[f"allow_{right}"] is False


def test_a_connection_opens_the_release_by_its_own_name(config, tmp_path):
    data = tmp_path / "data"
    releases = []
    for name in ("otters", "herons"):
        releases.append(run_direct(write(tmp_path / f"{name}.txt", name), data=data).entry.release_id)
        assert config.release_file(data / "warehouse.duckdb") == data / "releases" / f"{releases[-1]}.duckdb"
    assert len(set(releases)) == 2
    copied = tmp_path / "copied" / "warehouse.duckdb"
    copied.parent.mkdir()
    copied.write_bytes((data / "warehouse.duckdb").read_bytes())
    assert config.release_file(copied) == copied


def test_what_is_missing_is_said_in_a_line(tmp_path):
    (tmp_path / "venv" / "bin").mkdir(parents=True)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        superset = Superset(tmp_path / "venv", tmp_path / "home", tmp_path / "warehouse.duckdb", port, "2GB")
        with pytest.raises(InputError, match="`make superset` installs it"):
            superset.check()
        (tmp_path / "venv" / "bin" / "superset").touch()
        with pytest.raises(InputError, match="there is no warehouse yet; `paperhouse run` makes one"):
            superset.check()
        (tmp_path / "warehouse.duckdb").touch()
        with pytest.raises(InputError, match=f"port {port}: Address already in use; PAPERHOUSE_SUPERSET_PORT"):
            superset.check()
    superset.check()


def test_the_log_in_is_made_once_and_the_owners_alone(tmp_path):
    first, second = (
        Superset(tmp_path, tmp_path / home, tmp_path / "warehouse.duckdb", 8088, "2GB") for home in ("a", "b")
    )
    assert len(first.password()) >= 16
    assert first.password() == first.password() != second.password()
    assert (tmp_path / "a" / "secrets.json").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o700


def test_an_asset_of_another_superset_becomes_portable():
    chart = json.loads(json.dumps(CHARTS["papers"]))
    chart["params"] |= {"datasource": "12__table", "slice_id": 7, "dashboards": [1]}
    context = json.loads(chart["query_context"]) | {"datasource": {"id": 12, "type": "table"}, "force": True}
    chart["query_context"] = json.dumps(context | {"form_data": {"slice_id": 7}})
    assert bundle.portable("charts", chart) == CHARTS["papers"]
    dashboard = json.loads(json.dumps(DASHBOARDS["paperhouse"]))
    dashboard["metadata"] |= {"chart_configuration": {"7": {}}, "map_label_colors": {"up": "#fff"}}
    for part in dashboard["position"].values():
        if isinstance(part, dict) and part["type"] == "CHART":
            part["meta"]["chartId"] += 100
    assert bundle.portable("dashboards", dashboard) == DASHBOARDS["paperhouse"]


def test_a_packed_bundle_is_the_same_for_the_same_files():
    assert bundle.packed() == bundle.packed()
    assert bundle.fingerprint(BUNDLE) == bundle.fingerprint()


def test_the_lock_of_superset_holds_its_pins_with_hashes():
    pins = re.findall(r"^([\w-]+==[\w.]+)", (HERE / "requirements.in").read_text(), re.MULTILINE)
    lock = (HERE / "requirements.txt").read_text()
    assert {"apache-superset==6.1.0", "duckdb==1.5.5"} < set(pins)
    assert set(pins) <= set(re.findall(r"^([\w-]+==[\w.]+)", lock, re.MULTILINE))
    assert all("--hash=sha256:" in block for block in re.split(r"\n(?=\S+==)", lock))
    assert "http" not in lock
    project = (ROOT / "requirements.lock").read_text()
    assert "\nduckdb==1.5.5 " in project  # the warehouse is written by the version that Superset reads it with


def test_every_file_of_the_bundle_is_read(tmp_path):
    kinds = ("databases", "datasets", "charts", "dashboards")
    known = {BUNDLE / kind / f"{name}.yaml" for kind in kinds for name in assets(kind)} | {BUNDLE / "metadata.yaml"}
    assert set(Path(BUNDLE).rglob("*.yaml")) == known
