"""“Your rights”: what is kept of guests, from the register of personal fields, and the form with which they ask about it."""

from itertools import groupby

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from knowledge_hub.core import rate_limits
from knowledge_hub.core.language import active_language
from knowledge_hub.core.personal_fields import REGISTER, Basis, Event, PersonalField, Reader, Whose
from visits.documents.all_papers import carrying
from visits.domain import budgets, data_requests, people, tokens
from visits.enums import DataRequestKind
from visits.models import Visit
from visits.models.privacy import CLOCK
from visits.public.secret_pages import private_page, secret_headers, secret_page, unknown_link

BASES = {
    Basis.CONSENT: gettext_lazy("your consent"),
    Basis.LEGAL_OBLIGATION: gettext_lazy("a duty by law"),
    Basis.PUBLIC_TASK: gettext_lazy("our public task"),
    Basis.LEGITIMATE_INTEREST: gettext_lazy("a legitimate interest"),
}
READERS = {
    Reader.EVERYONE: gettext_lazy("everybody"),
    Reader.GUEST: gettext_lazy("who has the link of the visit"),
    Reader.VERIFIERS: gettext_lazy("who has the code of the certificate"),
    Reader.THE_PERSON: gettext_lazy("you"),
    Reader.NOBODY: gettext_lazy("nobody"),
}


class DataRequestForm(forms.Form):
    """Who asks, and what."""

    kind = forms.ChoiceField(label=gettext_lazy("What do you want?"), choices=DataRequestKind.choices, widget=forms.RadioSelect)
    name = forms.CharField(label=gettext_lazy("Your full name, as it was given for the visit"), max_length=150)
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail address"), help_text=gettext_lazy("We send a link there, to be sure that it is you.")
    )
    detail = forms.CharField(
        label=gettext_lazy("Which visit, or what is wrong"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("For example the date of the visit and your organisation, or what the data should say."),
    )


def notice() -> list[dict]:
    """The rows of the privacy notice: fields of guests with the same purpose, basis, readers and time in one."""

    def key(declared: PersonalField) -> tuple:
        return declared.purpose, declared.basis, str(declared.kept.since), str(declared.kept.length), readers_of(declared)

    shown = [declared for declared in REGISTER.values() if declared.whose == Whose.GUESTS]
    rows = []
    for (purpose, basis, *_rest), fields in groupby(sorted(shown, key=key), key=key):
        declared = list(fields)
        what = list(dict.fromkeys(gettext(one.what) for one in declared))
        rows.append(
            {
                "purpose": gettext(purpose),
                "what": what,
                "basis": BASES[basis],
                "seen_by": readers_of(declared[0]),
                "kept": kept(declared[0]),
            }
        )
    return rows


def readers_of(declared: PersonalField) -> str:
    """Who sees a field, in words; all permissions of the admin are "staff who need it"."""
    known = [str(READERS[Reader(reader)]) for reader in declared.seen_by if reader in set(Reader)]
    staff = [gettext("staff who need it")] if any(reader not in set(Reader) for reader in declared.seen_by) else []
    return ", ".join(staff + known)


def kept(declared: PersonalField) -> str:
    """How long a field is kept, in words."""
    length = declared.kept.length
    if declared.kept.since == Event.ARCHIVED:
        return gettext("as long as the archives law says")
    if length is None or not length.days:
        return gettext("until it is settled")
    return ngettext("%(days)d day after it", "%(days)d days after it", length.days) % {"days": length.days}


def _form_page(request: HttpRequest, visit: Visit | None, token: str = "") -> HttpResponse:
    initial = {"name": visit.contact_name, "email": visit.contact_email} if visit else {}
    form, status, sent = DataRequestForm(initial=initial), 200, None
    if request.method == "POST":
        form, status = DataRequestForm(request.POST), 422
        if form.is_valid():
            client, address = rate_limits.client_address(request), form.cleaned_data["email"]
            if rate_limits.spend(budgets.DATA_REQUEST, client=client, subject=address.casefold()):
                sent, status = data_requests.submit(**form.cleaned_data, language=active_language(), visit=visit), 200
            else:
                form.add_error(None, gettext("Too many requests came from your network within an hour. Please try again later."))
                status = 429
    context = {"form": form, "sent": sent, "visit": visit, "token": token, "hours": int(CLOCK.total_seconds() // 3600)}
    if sent is None:
        context["notice"] = notice()
    return render(request, "visits/public/rights.html", context, status=status)


@private_page
@require_http_methods(["GET", "POST"])
def rights(request: HttpRequest) -> HttpResponse:
    """The notice and the form; the address is confirmed by a mail."""
    return _form_page(request, None)


@require_http_methods(["GET", "POST"])
@secret_page(tokens.STATUS)
def rights_of_visit(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The same by the link of a visit: the contact person need not confirm the address."""
    return _form_page(request, visit, request.visit_token)


@csrf_exempt
@secret_headers
@require_http_methods(["GET", "POST"])
def data_request(request: HttpRequest, token: str) -> HttpResponse:
    """A request by its link: confirming it (POST), where it stands, the answer. Exempt from CSRF as secret_page() is."""
    found = data_requests.by_token(token)
    if found is None:
        return unknown_link(request)
    if request.method == "POST":
        data_requests.confirm(found)
        return redirect("visits:data_request", token)
    context = {"found": found, "token": token, "may_download": data_requests.may_download(found, timezone.now())}
    return render(request, "visits/public/data_request.html", context)


@secret_headers
@require_safe
def data_export(request: HttpRequest, token: str) -> HttpResponse:
    """Everything about the person as a ZIP file, after staff released it."""
    found = data_requests.by_token(token)
    if found is None or not data_requests.may_download(found, timezone.now()):
        return unknown_link(request)
    content = data_requests.export(people.find(found.delegates, found.contact_of, words=[found.email]), carrying=carrying)
    return HttpResponse(content, content_type="application/zip", headers={"Content-Disposition": 'attachment; filename="data-saya.zip"'})
