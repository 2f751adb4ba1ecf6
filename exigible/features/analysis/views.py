"""The page of the claim analysis: a form, its result, a file dropped, two papers. It stores nothing."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST

from exigible.common.errors import Refused
from exigible.features.analysis import paper
from exigible.features.analysis.access import count, is_open
from exigible.features.analysis.forms import ClaimForm, LetterForm
from exigible.features.analysis.letter import letter_of
from exigible.features.analysis.reading import LARGEST_BYTES, FileTooLarge, fields_of, missing_mentions, read_invoice
from exigible.features.analysis.showing import Shown, facts_sent, found_of, language, show

View = Callable[[Any], HttpResponse]
FIRST = {"debtor": "business", "has": ["invoice"], "country": "FR"}
_FORM_BYTES = 64 * 1024


class MemoryOnly(MemoryFileUploadHandler):
    """Keeps what is uploaded in memory, whatever its size: the view has looked at the size before."""

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        """Take the file, always."""
        self.activated = True


def front_door(view: View) -> View:
    """Let in whoever may use the analysis, in the language asked for; all others are asked to sign in."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if not is_open(request):
            return redirect_to_login(request.path)
        asked = request.GET.get("lang") or translation.get_language()
        with translation.override(asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE):
            return view(request)

    return login_not_required(never_cache(guarded))


@front_door
@require_http_methods(["GET", "POST"])
def page(request: Any) -> HttpResponse:
    """The form and, once the facts are given, the analysis beside it. Names, for the letter, come by POST only."""
    sent = request.POST or request.GET
    if "amount" not in sent:
        return _page(request, Shown(ClaimForm(initial=FIRST), LetterForm()))
    count(request)
    return _page(request, show(ClaimForm(sent), LetterForm(initial=request.POST.dict()), request.today))


@csrf_exempt  # the body is looked at below, once its size is known and its place is memory
@front_door
@require_POST
def file(request: HttpRequest) -> HttpResponse:
    """Read an invoice that was dropped, in memory, and show its analysis."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_BYTES + _FORM_BYTES:
        return _refused(request, FileTooLarge())
    request.upload_handlers = [MemoryOnly(request)]
    return _read(request)


@csrf_protect
def _read(request: Any) -> HttpResponse:
    count(request)
    dropped = request.FILES.get("file")
    if dropped is None:
        return redirect("analysis:page")
    try:
        found = read_invoice(dropped.read(), dropped.name)
    except Refused as refused:
        return _refused(request, refused)
    fields = fields_of(found)
    shown = show(ClaimForm(fields), LetterForm(initial=fields), request.today, from_file=True)
    return _page(request, shown._replace(not_said=missing_mentions(found, language())))


@front_door
@require_POST
def report_pdf(request: Any) -> HttpResponse:
    """The whole analysis as a PDF."""
    count(request)
    form = ClaimForm(request.POST)
    found = found_of(form, request.today)
    if found is None:
        return _page(request, show(form, LetterForm(initial=request.POST.dict()), request.today))
    return _download(paper.report_pdf(found, language()), paper.file_name(found, language(), "report"))


@front_door
@require_POST
def letter_pdf(request: Any) -> HttpResponse:
    """The letter that is ready, as a PDF."""
    count(request)
    form, letter = ClaimForm(request.POST), LetterForm(request.POST)
    found = found_of(form, request.today)
    if found is None or not letter.is_valid() or not letter_of(found).kind:
        return _page(request, show(form, letter, request.today))
    name = paper.file_name(found, language(), letter_of(found).kind)
    return _download(paper.letter_pdf(found, letter.names(), language()), name)


def _page(request: HttpRequest, shown: Shown) -> HttpResponse:
    status = 422 if shown.form.errors or shown.letter.errors or shown.fault else 200
    sent = facts_sent(shown.form)
    context = shown._asdict() | {
        "language": language(), "limit_mb": LARGEST_BYTES // 1024 // 1024, "posts": bool(shown.report) or request.method == "POST",
        "languages": [
            (code, name, f"{reverse('analysis:page')}?{urlencode([('lang', code), *sent])}")
            for code, name in settings.LANGUAGES
        ],
    }  # fmt: skip
    return render(request, "analysis/page.html", context, status=status)


def _refused(request: HttpRequest, refused: Refused) -> HttpResponse:
    return _page(request, Shown(ClaimForm(initial=FIRST), LetterForm(), fault=str(refused)))


def _download(body: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(body, content_type="application/pdf")
    answer["Content-Disposition"] = content_disposition_header(True, name)
    return answer
