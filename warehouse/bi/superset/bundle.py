"""The bundle: what Superset imports, kept as YAML in bundle/."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import yaml

from warehouse.bi.superset.datasets import as_yaml

BUNDLE = Path(__file__).parent / "bundle"
HAND_KEPT = ("charts", "dashboards")
"""Folders whose files are edited, here or in Superset; the datasets are derived from the schema."""


def assets(kind: str, folder: Path = BUNDLE) -> dict[str, dict[str, Any]]:
    """The assets of a kind (databases, datasets, charts, dashboards) by the name of their file without suffix."""
    return {path.stem: _load(path.read_text(encoding="utf-8")) for path in sorted((folder / kind).glob("*.yaml"))}


def packed(folder: Path = BUNDLE) -> bytes:
    """The bundle as the ZIP file that POST /api/v1/assets/import/ takes; the same bytes for the same files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*.yaml")):
            name = zipfile.ZipInfo(f"bundle/{path.relative_to(folder).as_posix()}")
            archive.writestr(name, path.read_bytes())
    return buffer.getvalue()


def fingerprint(folder: Path = BUNDLE) -> str:
    """A hash of the bundle: equal for equal files."""
    return hashlib.sha256(packed(folder)).hexdigest()


def update_from_export(archive: bytes, folder: Path = BUNDLE) -> list[Path]:
    """Writes the charts and dashboards of an export of Superset into the bundle; returns the files that changed.

    An asset keeps the file that has its uuid; a new one gets a file named after its title. Ids of the Superset that it
    comes from are left out, for they would differ in the next export.
    """
    changed = []
    with zipfile.ZipFile(io.BytesIO(archive)) as export:
        for name in export.namelist():
            kind = Path(name).parent.name
            if kind in HAND_KEPT:
                asset = portable(kind, _load(export.read(name).decode()))
                path = _file_of(asset, folder / kind, name)
                text = as_yaml(asset)
                if not path.exists() or path.read_text(encoding="utf-8") != text:
                    path.write_text(text, encoding="utf-8")
                    changed.append(path)
    return changed


def portable(kind: str, asset: dict[str, Any]) -> dict[str, Any]:
    """A chart or dashboard without what holds in one Superset only: ids of charts, datasets and dashboards."""
    return _portable_chart(asset) if kind == "charts" else _portable_dashboard(asset)


def _portable_chart(chart: dict[str, Any]) -> dict[str, Any]:
    for key in ("datasource", "slice_id", "dashboards", "dashboardId"):
        chart["params"].pop(key, None)
    if chart.get("query_context"):
        context = json.loads(chart["query_context"])
        # Superset puts the present dataset in its place when it imports.
        kept = {"datasource": {"id": 0, "type": "table"}, "force": False, "queries": context["queries"]}
        kept |= {"form_data": {}, "result_format": "json", "result_type": "full"}
        chart["query_context"] = json.dumps(kept, ensure_ascii=False, indent=1)
    return chart


def _portable_dashboard(dashboard: dict[str, Any]) -> dict[str, Any]:
    metadata = dashboard["metadata"]
    for native_filter in metadata.get("native_filter_configuration", []):
        for key in ("chartsInScope", "tabsInScope"):
            native_filter.pop(key, None)
    for key in ("chart_configuration", "map_label_colors", "shared_label_colors"):
        metadata.pop(key, None)
    metadata.get("global_chart_configuration", {}).pop("chartsInScope", None)
    charts = [part for part in dashboard["position"].values() if isinstance(part, dict) and part["type"] == "CHART"]
    for number, chart in enumerate(sorted(charts, key=lambda part: str(part["meta"]["uuid"])), 1):
        chart["meta"]["chartId"] = number
    return dashboard


def _file_of(asset: dict[str, Any], folder: Path, exported_name: str) -> Path:
    for path in folder.glob("*.yaml"):
        if _load(path.read_text(encoding="utf-8"))["uuid"] == asset["uuid"]:
            return path
    stem = Path(exported_name).stem.rpartition("_")[0]  # Superset ends names with its id
    return folder / f"{stem.lower()}.yaml"


def _load(text: str) -> dict[str, Any]:
    asset: dict[str, Any] = yaml.safe_load(text)
    return asset
