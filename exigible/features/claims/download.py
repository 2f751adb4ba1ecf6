"""Hands a file over as a download: under its name, never to be guessed or run by the browser."""

import re

from django.http import HttpResponse
from django.utils.http import content_disposition_header

SAFE_TYPES = frozenset({"application/pdf", "message/rfc822", "text/plain"})
_UNSAFE = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|\u200b-\u200f\u202a-\u202e\u2066-\u2069]+")


def as_download(body: bytes, name: str, media_type: str) -> HttpResponse:
    """Answer with bytes to be saved under a name; any type that a browser could run is given as plain bytes."""
    kind = media_type if media_type in SAFE_TYPES else "application/octet-stream"
    answer = HttpResponse(body, content_type=kind)
    answer["Content-Disposition"] = content_disposition_header(True, _UNSAFE.sub("-", name).strip() or "document")
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
