"""The guest's own page behind the secret link. GET changes nothing; every change is a POST."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from visits.calendars import events
from visits.domain import booking, decisions, delegates, lifecycle, limits, outbox, tokens
from visits.domain.errors import MoveRefused
from visits.enums import Actor, CertificateStatus, MessageKind, VisitStatus
from visits.models import Visit
from visits.public.forms import LostLinkForm, ReasonForm, ReplyForm
from visits.public.secret_pages import secret_headers, secret_page
from visits.public.visitors import address_of
from visits.queries.timeline import timeline

LOST_LINKS_PER_HOUR = 10


def _page(request: HttpRequest, visit: Visit, *, status: int = 200, **context) -> HttpResponse:
    context = {
        "visit": visit,
        "token": request.visit_token,
        "timeline": timeline(visit),
        "can_cancel": VisitStatus.CANCELLED_BY_GUEST in lifecycle.allowed_moves(visit, Actor.GUEST),
        "can_edit_delegates": delegates.can_edit(visit),
        "certificates": visit.certificates.filter(status=CertificateStatus.ISSUED).select_related("delegate"),
        "reply_form": ReplyForm(current_letter=visit.letters.first()) if visit.status == VisitStatus.NEEDS_INFO else None,
        "reason_form": ReasonForm(),
        **context,
    }
    return render(request, "visits/public/status.html", context, status=status)


@secret_page(tokens.STATUS)
def status(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Where the request stands, in plain words, and what the guest can do now."""
    return _page(request, visit)


@secret_page(tokens.STATUS)
def reply(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Answer a question of the host, with a corrected letter if needed."""
    if request.method != "POST":
        return redirect("visits:status", token=request.visit_token)
    letter = visit.letters.first()
    form = ReplyForm(request.POST, request.FILES, current_letter=letter)
    if not form.is_valid():
        return _page(request, visit, status=422, reply_form=form)
    answers = form.cleaned_data
    try:
        decisions.answer_question(visit, text=answers["text"])
    except MoveRefused as refusal:
        return _page(request, visit, status=409, reply_form=form, refusal=str(refusal))
    if answers["letter_file"]:
        booking.save_letter(
            visit,
            booking.LetterDraft(
                number=answers["letter_number"] or letter.number,
                date=answers["letter_date"] or letter.date,
                subject=letter.subject if letter else "",
                signatory=letter.signatory if letter else "",
                file=answers["letter_file"],
            ),
        )
    return redirect("visits:status", token=request.visit_token)


@secret_page(tokens.STATUS)
def cancel(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Call the visit off, with a reason."""
    if request.method != "POST":
        return redirect("visits:status", token=request.visit_token)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, visit, status=422, reason_form=form)
    try:
        decisions.cancel(visit, by=Actor.GUEST, reason=form.cleaned_data["reason"])
    except MoveRefused as refusal:
        return _page(request, visit, status=409, reason_form=form, refusal=str(refusal))
    return redirect("visits:status", token=request.visit_token)


@secret_page(tokens.STATUS)
def calendar(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The visit as a file for the guest's calendar, once it is scheduled."""
    if visit.status not in (VisitStatus.APPROVED, VisitStatus.COMPLETED):
        raise Http404
    response = HttpResponse(events.publish(visit), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{visit.reference}.ics"'
    return response


@secret_page(tokens.STATUS)
def certificate(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """One certificate of the delegation as a file."""
    found = visit.certificates.filter(pk=pk, status=CertificateStatus.ISSUED).first()
    if found is None:
        raise Http404
    response = FileResponse(found.file.open(), as_attachment=True, filename=f"{found.number}.pdf", content_type="application/pdf")
    response["X-Content-Type-Options"] = "nosniff"
    return response


@secret_headers
def lost_link(request: HttpRequest) -> HttpResponse:
    """Mail the link again, to the contact person only; the answer never says whether the reference exists."""
    form = LostLinkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not limits.allow("lost_link", address_of(request), per_hour=LOST_LINKS_PER_HOUR):
            form.add_error(None, _("Too many tries within an hour. Please try again later."))
            return render(request, "visits/public/lost_link.html", {"form": form}, status=429)
        visit = Visit.objects.filter(
            reference__iexact=form.cleaned_data["reference"].strip(), contact_email__iexact=form.cleaned_data["contact_email"]
        ).first()
        if visit:
            outbox.queue(visit, MessageKind.STATUS_LINK)
        return render(request, "visits/public/lost_link.html", {"done": True})
    return render(request, "visits/public/lost_link.html", {"form": form}, status=422 if form.errors else 200)
