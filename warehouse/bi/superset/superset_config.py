"""Superset's settings: Superset runs this file itself, in an environment that has nothing of this project.

`warehouse.bi.superset.server` says by a few variables where things are; the rest stands here.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

HOME = Path(os.environ["SUPERSET_HOME"])
WAREHOUSE = Path(os.environ["PAPERHOUSE_WAREHOUSE"])
MEMORY_LIMIT = os.environ["PAPERHOUSE_MEMORY_LIMIT"]
SEALED = {"enable_external_access": "false", "allow_community_extensions": "false", "lock_configuration": "true"}

SECRET_KEY = json.loads((HOME / "secrets.json").read_text(encoding="utf-8"))["secret_key"]
SQLALCHEMY_DATABASE_URI = f"sqlite:///{HOME / 'superset.db'}"
APP_NAME = "paperhouse"

# A release replaces the one before it at any time, so no result is kept.
CACHE_CONFIG = {"CACHE_TYPE": "NullCache"}
DATA_CACHE_CONFIG = {"CACHE_TYPE": "NullCache"}

# It answers on loopback, without TLS; whoever serves it to others puts TLS before it and sets both to true.
SESSION_COOKIE_SECURE = False
SESSION_COOKIE_SAMESITE = "Lax"
WTF_CSRF_ENABLED = True
TALISMAN_ENABLED = True
# Superset's own policy lets browsers load maps, fonts and a pixel that counts its users; pages here load from it alone.
TALISMAN_CONFIG = {
    "content_security_policy": {
        "base-uri": ["'self'"],
        "default-src": ["'self'"],
        "img-src": ["'self'", "blob:", "data:"],
        "worker-src": ["'self'", "blob:"],
        "connect-src": ["'self'"],
        "object-src": "'none'",
        "style-src": ["'self'", "'unsafe-inline'"],
        "font-src": ["'self'", "data:"],
        "script-src": ["'self'", "'strict-dynamic'"],
    },
    "content_security_policy_nonce_in": ["script-src"],
    "force_https": False,
    "session_cookie_secure": False,
}
RATELIMIT_STORAGE_URI = "memory://"

ROW_LIMIT = 10_000
SQLLAB_TIMEOUT = 60
SUPERSET_WEBSERVER_TIMEOUT = 60
# Links in tables of results lead to repositories; all other HTML is taken out.
HTML_SANITIZATION = True


def release_file(warehouse: Path) -> Path:
    """The release that `warehouse` is another name of; `warehouse` itself where releases are copies.

    Within a process DuckDB keeps a file open under its name as long as any query runs on it, and a new connection to
    that name would read the old release. Each release has a name of its own.
    """
    for release in (warehouse.parent / "releases").glob("*.duckdb"):
        try:
            if release.samefile(warehouse):
                return release
        except FileNotFoundError:  # replaced, or no longer kept, since it was listed
            continue
    return warehouse


def DB_CONNECTION_MUTATOR(uri: Any, params: dict[str, Any], *_: Any) -> tuple[Any, dict[str, Any]]:  # noqa: N802 - Superset's
    """Every connection to DuckDB, whoever made it, reads the warehouse and can do nothing else."""
    if uri.get_backend_name() == "duckdb":
        uri = uri.set(database=str(release_file(WAREHOUSE)), query={})
        params = {**params, "connect_args": {"read_only": True, "config": {**SEALED, "memory_limit": MEMORY_LIMIT}}}
    return uri, params
