"""docs/report.png, the picture of a report in the README: `python -m tests.report_screenshot`."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.browser import chromium, opened
from tests.support import ROOT, SEED, run_direct
from warehouse.report import write_report

PICTURE = ROOT / "docs" / "report.png"
WIDTH = 1240
_NOT_IN_THE_PICTURE = "#came-in, #refused, #checks, #changed, #quality { display: none }"


def main() -> None:
    """Takes the head and the charts of the seed's report: what lies between is tables."""
    with tempfile.TemporaryDirectory() as folder:
        run_direct(SEED, data=Path(folder))
        report = write_report(Path(folder))
        with chromium() as browser, opened(browser, report, WIDTH) as seen:
            seen.page.evaluate(
                "style => { const sheet = new CSSStyleSheet(); sheet.replaceSync(style);"
                " document.adoptedStyleSheets = [sheet]; }",
                _NOT_IN_THE_PICTURE,
            )
            seen.page.set_viewport_size({"width": WIDTH, "height": 1560})
            seen.page.screenshot(path=PICTURE)


if __name__ == "__main__":
    main()
