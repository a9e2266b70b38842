"""The running station: its pages on loopback, and a thread that sends by itself.

One process and the standard library's server: a station has one user, and what it must survive is the
power cut, which the store sees to.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from typing import Any

from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application

from hoaban.base.clock import now
from hoaban.kit import actions
from hoaban.kit.line import HttpLine, Line
from hoaban.kit.middleware import OPEN_LINE, STATION
from hoaban.kit.store import Station
from hoaban.web.actor import job_actor

TRY_EVERY_S = 60.0
logger = logging.getLogger(__name__)


class QuietHandler(WSGIRequestHandler):
    """Logs nothing: addresses of a station name people's records."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class calls it so
        """Say nothing."""


def open_line(station: Station) -> Line:
    """The line to the province that the station was registered at. Raises NotRegistered."""
    return HttpLine(station.server_url, station.signing)


def application(station: Station, line: Callable[[Station], Line] = open_line) -> Any:
    """The station's pages as a WSGI application."""
    pages = get_wsgi_application()

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        return pages({**environ, STATION: station, OPEN_LINE: line}, start_response)

    return answer


def serve(station: Station, port: int) -> None:
    """Show the station's pages on loopback and send by itself, until stopped."""
    server = ThreadedWSGIServer(("127.0.0.1", port), QuietHandler)
    server.daemon_threads = True
    server.set_app(application(station))
    over = threading.Event()
    sender = threading.Thread(target=_send_by_itself, args=(station, over), daemon=True)
    sender.start()
    try:
        server.serve_forever()
    finally:
        over.set()
        server.server_close()


def _send_by_itself(station: Station, over: threading.Event) -> None:
    while not over.wait(TRY_EVERY_S):
        try:
            actions.synchronise(station=station, line=open_line(station), by=job_actor("kit.send"), at=now())
            actions.tidy(station=station, by=job_actor("kit.tidy"), at=now())
        except Exception:  # the edge of the kit: the next try comes in a minute
            logger.exception("a round of sending failed")
