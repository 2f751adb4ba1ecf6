"""The one HTTP client: time-outs, a bounded answer, so many requests a second, and every failure one sentence."""

import http.client
import ssl
import threading
import time
from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

from exigible.common.errors import Refused

TIME_OUT_SECONDS = 10.0
LARGEST_ANSWER = 5 * 1024 * 1024
BUSY = (429, 503)
AGENT = "Exigible"


class PeerUnreachable(Refused):
    """%(host)s could not be reached: check the network, then try again."""


class PeerBusy(Refused):
    """%(host)s asks to wait: too many questions were put. Try again later."""


class PeerRefused(Refused):
    """%(host)s answered with an error (%(status)s): check the address that is set for it."""


class AnswerTooLarge(Refused):
    """The answer of %(host)s is larger than it may be: check the address that is set for it."""


class Pace:
    """Lets at most so many requests a second begin, whoever asks; each waits its turn."""

    def __init__(self, a_second: float) -> None:
        self._gap = 1 / a_second
        self._next = 0.0
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Return when the next request may begin."""
        with self._lock:
            now = time.monotonic()
            begins = max(now, self._next)
            self._next = begins + self._gap
        if begins > now:
            time.sleep(begins - now)


def get(address: str, query: Mapping[str, str], pace: Pace, *, time_out: float = TIME_OUT_SECONDS) -> bytes:
    """The bytes that an address answers with, at most five megabytes. Redirections are refused, not followed."""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise PeerRefused(host=_host(address), status="–")
    pace.wait()
    connection = _connection(parts.scheme, parts.hostname, parts.port, time_out)
    joined = f"{parts.path or '/'}?{'&'.join(filter(None, (parts.query, urlencode(query))))}"
    try:
        connection.request("GET", joined, headers={"Accept": "application/json", "User-Agent": AGENT})
        answer = connection.getresponse()
        body = answer.read(LARGEST_ANSWER + 1)
    except (OSError, http.client.HTTPException) as fault:
        raise PeerUnreachable(host=parts.hostname) from fault
    finally:
        connection.close()
    if answer.status in BUSY:
        raise PeerBusy(host=parts.hostname)
    if answer.status != http.client.OK:
        raise PeerRefused(host=parts.hostname, status=answer.status)
    if len(body) > LARGEST_ANSWER:
        raise AnswerTooLarge(host=parts.hostname)
    return body


def _connection(scheme: str, host: str, port: int | None, time_out: float) -> http.client.HTTPConnection:
    if scheme == "https":
        return http.client.HTTPSConnection(host, port, timeout=time_out, context=ssl.create_default_context())
    return http.client.HTTPConnection(host, port, timeout=time_out)


def _host(address: str) -> str:
    return urlsplit(address).hostname or address
