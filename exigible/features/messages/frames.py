"""Serves frozen bytes to be looked at in a frame, each under a policy of its own, and to be saved as they are."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

# Nothing of the message runs or loads anything; only our own pages may frame it.
HTML_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox"
)
PDF_POLICY = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"


def framed_html(html: str) -> HttpResponse:
    """Answer with the HTML part of an e-mail, to be shown in a sandboxed frame."""
    return _framed(HttpResponse(html.encode(), content_type="text/html; charset=utf-8"), HTML_POLICY)


def framed_pdf(body: bytes, name: str) -> HttpResponse:
    """Answer with a PDF to be read in the page or printed."""
    answer = _framed(HttpResponse(body, content_type="application/pdf"), PDF_POLICY)
    answer["Content-Disposition"] = _disposition(False, name)
    return answer


def download(body: bytes, name: str, media_type: str) -> HttpResponse:
    """Answer with bytes to be saved as they are."""
    answer = HttpResponse(body, content_type=media_type)
    answer["Content-Disposition"] = _disposition(True, name)
    return _private(answer)


def _disposition(as_attachment: bool, name: str) -> str:
    return content_disposition_header(as_attachment, name) or "attachment"


def _framed(answer: HttpResponse, policy: str) -> HttpResponse:
    answer["Content-Security-Policy"] = policy
    answer["X-Frame-Options"] = "SAMEORIGIN"
    return _private(answer)


def _private(answer: HttpResponse) -> HttpResponse:
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
