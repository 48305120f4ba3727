"""The server: the edge on an address of this machine, until it is told to stop."""

from __future__ import annotations

import uvicorn

from ledger.web.app import create_app
from ledger.web.callers import check_binding
from ledger.web.house import House

#: How long answers under way may take when the server stops, in seconds.
PATIENCE = 10


def run(house: House, host: str, port: int, *, bakom_proxy: bool) -> None:
    """Serve until stopped. Errors: BindsBeyondLoopback, before anything listens; SystemExit where the port is taken."""
    check_binding(host, bakom_proxy=bakom_proxy)
    uvicorn.run(
        create_app(house),
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        server_header=False,
        lifespan="off",
        timeout_graceful_shutdown=PATIENCE,
    )
