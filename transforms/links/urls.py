"""One address: its normal form, its host, and what the vocabulary of hosts knows to be there.

Which hosts are known, what each keeps under which path, and which are written without a scheme is vocabulary
(seeds/vocabulary/hosts.csv). The first row that fits an address says its kind; an address that no row fits is a page
that somebody keeps on a host of his own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from seeds import Row, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["HYPHENS", "DescribedUrl", "describe_url", "host_of", "kinds_of", "normalise_url"]


@dataclass(frozen=True, slots=True)
class DescribedUrl:
    """An address: the URL in normal form, its host in lower case without `www.` and port, and the kind of page."""

    url: str
    host: str
    kind: str


def describe_url(raw: str) -> DescribedUrl | None:
    """What one address is, by itself: its normal form, host and kind; None if it is no http or https address.

    The kind is judged by host and path alone: where the vocabulary lists several, the first.
    """
    url = normalise_url(raw)
    return DescribedUrl(url, host_of(url), kinds_of(url)[0]) if url else None


HYPHENS = "\u2010\u2011"
"""What typesetting makes of the hyphen in a name."""

_AS_TYPED = str.maketrans(dict.fromkeys(HYPHENS, "-"))
_HOST = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W])?\.)+[^\W\d_]{2,24}|\d{1,3}(?:\.\d{1,3}){3}")


def normalise_url(raw: str) -> str | None:
    """The absolute http or https URL of an address as written; None if it is none.

    Gives the scheme and host in lower case, mends missing or surplus slashes after the scheme, adds https where no
    scheme is written, undoes LaTeX escapes and makes typeset hyphens the ones that are typed. Normalising twice
    changes nothing.
    """
    text = re.sub(r"\s", "", re.sub(r"\\+([_%#&~])", r"\1", raw)).translate(_AS_TYPED)
    match = re.fullmatch(r"(?:(https?):/*)?([^/?#]+)([/?#].*)?", text, re.IGNORECASE | re.DOTALL)
    if match is None:
        return None
    scheme, authority, rest = (match[1] or "https").lower(), match[2].rpartition("@")[2].lower(), match[3] or ""
    host, _, port = authority.partition(":")
    if not _HOST.fullmatch(host) or (port and not (port.isdigit() and int(port) < 65536)):
        return None
    port = "" if not port or (scheme, port) in {("http", "80"), ("https", "443")} else f":{port}"
    return f"{scheme}://{host}{port}{rest}"


def host_of(url: str) -> str:
    """The host of a normalised URL, without `www.` and port."""
    return url.split("/", 3)[2].split("?")[0].split("#")[0].partition(":")[0].removeprefix("www.")


def kinds_of(url: str) -> list[str]:
    """What can be at a normalised URL, by the first row of the vocabulary that fits; the likeliest first."""
    path = "/" + url.split("/", 3)[3] if url.count("/") > 2 else "/"
    row = next((row for row in rows_of(host_of(url)) if re.search(row["path"], path)), None)
    return row["kind"].split("|") if row else ["project"]


_HOSTS = vocabulary("hosts")


def rows_of(host: str) -> Iterator[Row]:
    """The rows of the vocabulary that speak of a host: those that name it, then those that name hosts like it."""
    first, _, _ = host.partition(".")
    yield from (row for row in _HOSTS if row["host"] == host)
    for row in _HOSTS:
        known = row["host"]
        if (known.startswith(".") and host.endswith(known)) or known == f"{first}.*":
            yield row
