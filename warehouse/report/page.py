"""The page: what a release says of itself, set with a template, its style and its script inlined."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import UTC, datetime
from importlib.resources import files
from itertools import groupby
from typing import Any
from urllib.parse import quote

import duckdb
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from warehouse.connect import holds_table
from warehouse.report.charts import figures
from warehouse.report.papers import BLANK, PAGE_ROWS, first_rows, packed, read_papers
from warehouse.report.queries import rows

SHOWN_SOURCES = 50
SHOWN_FILES = 50
REJECT_SAMPLES = 3
REJECT_CHARS = 200
_ARXIV_ID = re.compile(r"\d{4}\.\d{4,5}(v\d+)?|[a-z-]+(\.[A-Z]{2})?/\d{7}(v\d+)?")
_WEB = re.compile(r"https?://", re.IGNORECASE)
_DASH = "–"


def page(connection: duckdb.DuckDBPyConnection) -> str:
    """The report of the release that is open, as HTML."""
    environment = Environment(
        loader=PackageLoader("warehouse.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"count": _count, "share": _share, "utc": _utc, "web": web_address, "arxiv": arxiv_address}
    style, script = _asset("style.css"), _asset("papers.js")
    papers = read_papers(connection)
    return environment.get_template("page.html.jinja").render(
        **_facts(connection),
        figures=figures(connection),
        papers=first_rows(papers),
        blank=BLANK,
        page_rows=PAGE_ROWS,
        packed_papers=packed(papers),
        has_dates=papers.papers["published_on"].null_count() < papers.papers.height,
        style=Markup(style),
        script=Markup(script),
        policy=_policy(style, script),
    )


def web_address(url: str) -> str | None:
    """The address if it is one of the web, else None: nothing else becomes a link."""
    return url if _WEB.match(url) else None


def arxiv_address(arxiv_id: str | None) -> str | None:
    """The page of a paper on arXiv; None if the id is none or not of arXiv's form."""
    if arxiv_id is None or not _ARXIV_ID.fullmatch(arxiv_id):
        return None
    return f"https://arxiv.org/abs/{quote(arxiv_id)}"


def _facts(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """What the sections before the charts show."""
    checks = rows(connection, "checks")
    for check in checks:
        check["reason"], _, check["found"] = check.pop("detail").partition(" Found: ")
    failed_files = rows(connection, "failed_files")
    return {
        "head": rows(connection, "head")[0],
        "sources": rows(connection, "sources", limit=SHOWN_SOURCES),
        "totals": rows(connection, "source_totals")[0],
        "failed_files": failed_files[:SHOWN_FILES],
        "failed_file_count": len(failed_files),
        "rejects": _rejects(connection),
        "failed_checks": [check for check in checks if not check["is_success"]],
        "passed_checks": [check for check in checks if check["is_success"]],
        "changes": _changes(connection),
        "quality": _quality(connection),
    }


def _rejects(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """The reasons of refusal, each with its first samples."""
    samples = rows(connection, "reject_samples", samples=REJECT_SAMPLES, text_chars=REJECT_CHARS)
    reasons = rows(connection, "reject_reasons")
    for reason in reasons:
        key = (reason["stage"], reason["reason"])
        reason["samples"] = [sample for sample in samples if (sample["stage"], sample["reason"]) == key]
    return reasons


def _changes(connection: duckdb.DuckDBPyConnection) -> dict[str, Any] | None:
    """The tables that differ from the release before, those that don't, and why not if none could be compared.

    None if the release holds no comparison, as those of older versions.
    """
    if not holds_table(connection, "release_changes"):
        return None
    changes, samples = rows(connection, "changes"), rows(connection, "change_samples")
    for change in changes:
        change["samples"] = [sample for sample in samples if sample["table_name"] == change["table_name"]]
    reasons = {change["reason"] for change in changes}
    compared = any(change["is_comparable"] for change in changes)
    touched = [change for change in changes if change["reason"] or change["samples"]]
    return {
        "before_release_id": next(filter(None, (change["before_release_id"] for change in changes)), None),
        "why_not": reasons.pop() if len(reasons) == 1 and not compared else None,
        "touched": touched,
        "untouched": [change["table_name"] for change in changes if change not in touched],
    }


def _quality(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, list[dict[str, Any]]]]:
    """The measures of the mart by topic; in releases before it had topics, all under none."""
    measures = rows(connection, "quality")
    return [(topic, list(group)) for topic, group in groupby(measures, lambda row: str(row.get("topic") or ""))]


def _asset(name: str) -> str:
    return files("warehouse.report").joinpath(name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    """What the page may do: show itself. A browser refuses any other script, style, picture or request."""

    def digest(text: str) -> str:
        return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

    allowed = f"style-src {digest(style)}; script-src {digest(script)}"
    return f"default-src 'none'; {allowed}; img-src data:; base-uri 'none'; form-action 'none'"


def _count(number: float | None) -> str:
    if number is None:
        return _DASH
    return f"{number:,}" if isinstance(number, int) else f"{number:,g}"


def _share(share: float | None) -> str:
    return _DASH if share is None else f"{share:.1%}"


def _utc(time: datetime) -> str:
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
