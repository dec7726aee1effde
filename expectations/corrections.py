"""Rules for corrections by hand."""

from __future__ import annotations

from expectations.checks import Check, no_rows


def release() -> list[Check]:
    """What must hold in the built warehouse."""
    query = "SELECT file, line_number, detail FROM {batch} WHERE outcome = 'failed'"
    reason = "A correction whose guard no longer holds is not needed any more, or wrong now: mend or delete its line."
    return [no_rows("corrections", "guards_hold", "critical", reason, query)]
