"""The page of a delegate, opened by the QR code of the badge: agenda, slides, questions, certificate. No login, no script."""

from collections.abc import Callable
from functools import wraps

from django import forms
from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from knowledge_hub.papers.qr import qr_svg
from visits.domain import badges, questions
from visits.enums import CertificateStatus, VisitStatus
from visits.models import AgendaItem, Delegate, Question
from visits.public.secret_pages import Outcome, perform, secret_headers, unknown_link
from visits.queries.delegate_page import PhonePage, phone_page

OWN_NAMES = {"id": "Bahasa Indonesia", "en": "English"}
"""Languages in their own words."""


class LookForm(forms.Form):
    """Query parameters of the page: the language, and whether a question was just asked."""

    lang = forms.ChoiceField(choices=settings.LANGUAGES, required=False)
    asked = forms.BooleanField(required=False)


class QuestionForm(forms.Form):
    """A question about an item of the agenda, or about the visit."""

    item = forms.ModelChoiceField(AgendaItem.objects.none(), label=_("About"), required=False, empty_label=_("The whole visit"))
    question = forms.CharField(
        label=_("Your question"),
        max_length=Question._meta.get_field("question").max_length,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write your question first.")},
        help_text=_("The moderator reads it first and sees your name. The others see only the question."),
    )

    def __init__(self, *args, page: PhonePage, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = page.visit.agenda_items.all()
        self.fields["item"].choices = [("", _("The whole visit")), *((row.item.pk, row.item.name) for row in page.items)]


def delegate_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorator that finds the delegate of the link, in the language of the visit or the one that was chosen with ``?lang=``.

    Exempt from the CSRF check for the reason that secret_pages.secret_page() gives.
    """

    @csrf_exempt
    @secret_headers
    @wraps(view)
    def wrapped(request: HttpRequest, token: str, *args, **kwargs) -> HttpResponse:
        delegate = badges.by_token(token)
        if delegate is None:
            return unknown_link(request)
        look = LookForm(request.GET)
        look.is_valid()
        language = look.cleaned_data.get("lang") or delegate.visit.language
        with override(language):
            request.was_asked = look.cleaned_data.get("asked", False)
            response = view(request, delegate, *args, language=language, **kwargs)
        response["Content-Language"] = language
        return response

    return wrapped


@require_http_methods(["GET", "POST"])
@delegate_page
def delegate(request: HttpRequest, person: Delegate, *, language: str) -> HttpResponse:
    """The page of a delegate; POST asks a question."""
    page = phone_page(person, timezone.now())
    token = badges.token_of(person)
    form, outcome = QuestionForm(page=page), Outcome()
    if request.method == "POST":
        form = QuestionForm(request.POST, page=page)
        outcome = perform(lambda: questions.ask(person, form.cleaned_data["question"], item=form.cleaned_data["item"]), form)
        if outcome.is_done:
            return redirect(f"{reverse('delegate', args=[token])}?lang={language}&asked=1#questions")
    other = next(code for code in OWN_NAMES if code != language)
    context = {
        "person": person,
        "page": page,
        "visit": page.visit,
        "token": token,
        "language": language,
        "other": other,
        "other_name": OWN_NAMES[other],
        "form": form,
        "asked": request.was_asked,
        "refusal": outcome.refusal,
        # Made by ourselves from letters and numbers.
        "qr": "" if page.is_over else mark_safe(qr_svg(badges.address_of(person), gettext("QR code"))),
        "code": f"{person.badge_code[:3]} {person.badge_code[3:]}" if person.badge_code else "",
    }
    return render(request, "visits/public/phone.html", context, status=outcome.status)


@require_safe
@delegate_page
def material(request: HttpRequest, person: Delegate, item_pk: int, *, language: str) -> HttpResponse:
    """The slides of an item, once they are released."""
    shown = person.visit.status in (VisitStatus.APPROVED, VisitStatus.COMPLETED)
    item = person.visit.agenda_items.filter(pk=item_pk, released_at__isnull=False).exclude(material="").first() if shown else None
    if item is None or not item.material.storage.exists(item.material.name):
        return unknown_link(request)
    return _download(item.material.open("rb"), item.material_name, "application/octet-stream")


@require_safe
@delegate_page
def certificate(request: HttpRequest, person: Delegate, *, language: str) -> HttpResponse:
    """The delegate's own certificate, once the visit is completed."""
    completed = person.visit.status == VisitStatus.COMPLETED
    found = person.certificates.filter(status=CertificateStatus.ISSUED).exclude(file="").first() if completed else None
    if found is None or not found.file.storage.exists(found.file.name):
        return unknown_link(request)
    return _download(found.file.open("rb"), f"{found.number} {found.snapshot['name']}.pdf", "application/pdf")


def _download(file, name: str, content_type: str) -> FileResponse:
    response = FileResponse(file, as_attachment=True, filename=name.replace("/", "-"), content_type=content_type)
    response["X-Content-Type-Options"] = "nosniff"
    return response
