"""The run ledger: runs/<run_id>.json, one file a run, refused and failed runs too. It lives outside the warehouse."""

from __future__ import annotations

import json
import logging
import secrets
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from warehouse.files import replacing


@dataclass(frozen=True, slots=True)
class CheckResult:
    """How one check ended; the fields are the columns of validation_results."""

    table_name: str
    expectation: str
    column_name: str | None
    scope: str
    severity: str
    is_success: bool
    unexpected_count: int | None
    checked_count: int | None
    detail: str
    samples: tuple[str, ...] = ()

    @property
    def refuses(self) -> bool:
        """Whether the failure of this check refuses the release."""
        return not self.is_success and self.severity == "critical"


@dataclass(slots=True)
class RunEntry:
    """One run: when, what it read, what it left, and how its checks ended."""

    run_id: str
    started_at: datetime
    pipeline_version: str
    status: str = "failed"
    finished_at: datetime | None = None
    sources_new_count: int = 0
    sources_skipped_count: int = 0
    sources_failed_count: int = 0
    record_count: int = 0
    loaded_count: int = 0
    duplicate_count: int = 0
    rejected_count: int = 0
    paper_count: int | None = None
    link_count: int | None = None
    metric_count: int | None = None
    release_id: str | None = None
    content_hash: str | None = None
    pinned_release_id: str | None = None
    input_fingerprint: str | None = None
    error: str | None = "interrupted"
    failures: list[dict[str, str]] = field(default_factory=list)
    checks: list[CheckResult] = field(default_factory=list)

    @classmethod
    def start(cls, pipeline_version: str) -> RunEntry:
        """A run that starts now."""
        now = datetime.now(UTC)
        return cls(f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}", now, pipeline_version)

    @property
    def seconds(self) -> float:
        """Duration so far, or in all if the run has ended."""
        return ((self.finished_at or datetime.now(UTC)) - self.started_at).total_seconds()


class Ledger:
    """The ledger under a data folder."""

    def __init__(self, data: Path):
        self.folder = data / "runs"

    def append(self, entry: RunEntry) -> None:
        """Writes a run that has ended."""
        with replacing(self.folder / f"{entry.run_id}.json") as path:
            path.write_text(json.dumps(_to_json(entry), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

    def entries(self) -> list[dict[str, Any]]:
        """Every run as it was written, oldest first."""
        paths = sorted(self.folder.glob("*.json")) if self.folder.exists() else []
        return [entry for path in paths if (entry := _read(path))]

    def last_settled(self) -> dict[str, Any] | None:
        """The last run after which the warehouse held what the lake holds: published or unchanged; None if none did."""
        settled = (entry for entry in reversed(self.entries()) if entry["status"] in ("published", "unchanged"))
        return next(settled, None)


def _read(path: Path) -> dict[str, Any] | None:
    """An entry as it was written; None, with a warning, if the file is damaged: history must not stop today's run."""
    try:
        entry = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        logging.getLogger(__name__).warning(
            "%s: this run is left out of the ledger, its file is damaged: %s", path, error
        )
        return None
    return dict(entry)


def _to_json(entry: RunEntry) -> dict[str, Any]:
    row = asdict(entry)
    row["started_at"] = entry.started_at.isoformat()
    row["finished_at"] = (entry.finished_at or entry.started_at).isoformat()
    row["seconds"] = round(entry.seconds, 3)
    return row
