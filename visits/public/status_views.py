"""The guest's own pages behind the secret link: confirm, follow, answer, cancel."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from knowledge_hub.core import rate_limits
from visits.calendars import events, links
from visits.documents.office import pack
from visits.domain import (
    booking,
    conversation,
    decisions,
    delegates,
    lifecycle,
    outbox,
    proposals,
    replies,
    request_letters,
    tokens,
    waiting_list,
)
from visits.domain.errors import MoveRefused
from visits.enums import AWAITS_DECISION, FREES_SEATS, Actor, CertificateStatus, MessageKind, ReasonCode, VisitStatus
from visits.models import Visit
from visits.public import date_views
from visits.public.secret_pages import private_page, secret_page, unknown
from visits.public.visit_forms import LetterForm, LostLinkForm, MessageForm, ReasonForm, ReplyForm
from visits.queries.timeline import promise, timeline

LOST_LINKS_PER_HOUR = 10
MAILS_PER_ADDRESS_AND_HOUR = 3


@require_http_methods(["GET", "POST"])
@secret_page(tokens.CONFIRM)
def confirm(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The link in the mail: shows a button, because mail scanners open links; the button confirms."""
    if visit.reference:
        return redirect("visits:status", token=tokens.token_for(visit, tokens.STATUS))
    refusal, status = "", 200
    if request.method == "POST":
        try:
            visit = booking.confirm(visit)
        except MoveRefused as refused:
            refusal, status = str(refused), 409
        else:
            return redirect("visits:status", token=tokens.token_for(visit, tokens.STATUS))
    elif visit.status != VisitStatus.UNVERIFIED:
        refusal, status = _("This link has expired and the seats were given back. Please make the request again."), 410
    return render(request, "visits/public/confirm.html", {"visit": visit, "refusal": refusal}, status=status)


@require_http_methods(["GET", "POST"])
@secret_page(tokens.STATUS)
def status(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Everything that the guest can know and do; POST answers a question, writes a message or replaces the letter."""
    letter = visit.letters.first()
    reply, replacement, message, refusal = ReplyForm(current_letter=letter), LetterForm(current_letter=letter), MessageForm(), ""
    if request.method == "POST" and request.POST.get("action") == "reply":
        reply = ReplyForm(request.POST, request.FILES, current_letter=letter)
        refusal = _reply(visit, reply) if reply.is_valid() else ""
    elif request.method == "POST" and request.POST.get("action") == "letter":
        replacement = LetterForm(request.POST, request.FILES, current_letter=letter)
        refusal = _replace_letter(visit, replacement) if replacement.is_valid() else ""
    elif request.method == "POST" and request.POST.get("action") == "message":
        message = MessageForm(request.POST)
        refusal = _write(visit, message) if message.is_valid() else ""
    wrong = bool(reply.errors or replacement.errors or message.errors)
    if request.method == "POST" and not refusal and not wrong:
        return redirect("visits:status", token=request.visit_token)
    context = {
        "visit": visit,
        "token": request.visit_token,
        "steps": timeline(visit),
        "promise": promise(visit),
        "is_late": bool(visit.answer_due_at) and visit.answer_due_at < timezone.now(),
        "is_off": visit.status in FREES_SEATS,
        "thread": visit.thread.all(),
        "letters": visit.letters.all(),
        "delegates": visit.delegates.all(),
        "can_edit_delegates": delegates.can_edit(visit),
        "can_reply": visit.status == VisitStatus.NEEDS_INFO,
        "can_write": conversation.can_write(visit) and visit.status != VisitStatus.NEEDS_INFO,
        "message": message,
        "needs_new_date": visit.status == VisitStatus.NEEDS_INFO and visit.reason_code == ReasonCode.NEEDS_NEW_DATE,
        "can_ask_for_date": date_views.may_ask(visit),
        "proposal": proposals.open_of(visit),
        "place_in_line": _place_in_line(visit),
        "can_replace_letter": _can_replace_letter(visit, letter),
        "can_cancel": _can_cancel(visit),
        "calendars": links.of(visit) if _has_calendar(visit) else [],
        "certificates": visit.certificates.filter(status=CertificateStatus.ISSUED),
        "signed_reply": replies.signed_reply(visit),
        "pack_until": (found := pack.open_pack(visit, timezone.now())) and found[1],
        "reply": reply,
        "replacement": replacement,
        "refusal": refusal,
    }
    return render(request, "visits/public/status.html", context, status=409 if refusal else 422 if wrong else 200)


def _can_cancel(visit: Visit) -> bool:
    before = not visit.slot or visit.slot.starts_at > timezone.now()
    return before and VisitStatus.CANCELLED_BY_GUEST in lifecycle.allowed_moves(visit, Actor.GUEST)


def _can_replace_letter(visit: Visit, letter) -> bool:
    """Until the decision; afterwards only a letter that is still missing. While a question is open, the answer carries it."""
    if visit.status == VisitStatus.APPROVED:
        return letter is None
    return visit.status in AWAITS_DECISION - {VisitStatus.NEEDS_INFO}


def _has_calendar(visit: Visit) -> bool:
    return visit.status == VisitStatus.APPROVED and visit.slot_id is not None


def _letter_from(answers: dict, current) -> request_letters.LetterDraft:
    """A corrected letter keeps number, date and the rest of the one before unless new ones are given."""
    return request_letters.LetterDraft(
        number=answers["letter_number"] or current.number,
        date=answers["letter_date"] or current.date,
        subject=current.subject if current else "",
        signatory=current.signatory if current else "",
        file=answers["letter_file"],
    )


def _reply(visit: Visit, form: ReplyForm) -> str:
    """Send the guest's answer; returns why it could not be sent, or an empty text."""
    text = form.cleaned_data["text"].strip()
    last = visit.thread.last()
    if visit.status == VisitStatus.SUBMITTED and last and last.from_guest and last.text == text:
        # The second click on “Send”: the answer has arrived.
        return ""
    try:
        with transaction.atomic():
            moved = decisions.answer_question(visit, text=text)
            if form.cleaned_data["letter_file"]:
                request_letters.replace_letter(moved, _letter_from(form.cleaned_data, form.current_letter))
    except MoveRefused as refused:
        return str(refused)
    return ""


def _replace_letter(visit: Visit, form: LetterForm) -> str:
    try:
        request_letters.replace_letter(visit, _letter_from(form.cleaned_data, form.current_letter))
    except MoveRefused as refused:
        return str(refused)
    return ""


def _write(visit: Visit, form: MessageForm) -> str:
    try:
        conversation.write(visit, form.cleaned_data["text"])
    except MoveRefused as refused:
        return str(refused)
    return ""


def _place_in_line(visit: Visit) -> int | None:
    """The guest's place on the waiting list, or None who does not wait."""
    entry = visit.waitlist_entries.filter(is_open=True).select_related("visit__programme").first()
    return waiting_list.place_in_line(entry) if entry and visit.status == VisitStatus.SUBMITTED else None


@require_http_methods(["GET", "POST"])
@secret_page(tokens.STATUS)
def cancel(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Call the visit off, with a reason."""
    if visit.status == VisitStatus.CANCELLED_BY_GUEST:
        return redirect("visits:status", token=request.visit_token)
    form, refusal = ReasonForm(), ""
    if request.method == "POST":
        form = ReasonForm(request.POST)
        if form.is_valid():
            try:
                decisions.cancel(visit, by=Actor.GUEST, reason=form.cleaned_data["reason"])
            except MoveRefused as refused:
                refusal = str(refused)
            else:
                return redirect("visits:status", token=request.visit_token)
    context = {"visit": visit, "token": request.visit_token, "form": form, "refusal": refusal, "can_cancel": _can_cancel(visit)}
    return render(request, "visits/public/cancel.html", context, status=409 if refusal else 422 if form.errors else 200)


@require_safe
@secret_page(tokens.STATUS)
def calendar(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The visit as a calendar file to download."""
    if not _has_calendar(visit):
        return unknown(request)
    return HttpResponse(
        events.publish(visit),
        content_type="text/calendar; method=PUBLISH; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="kunjungan-{visit.reference}.ics"', "X-Content-Type-Options": "nosniff"},
    )


@private_page
@require_http_methods(["GET", "POST"])
def lost_link(request: HttpRequest) -> HttpResponse:
    """Mail the links of a contact person's visits to that person. The answer never says whether there are any."""
    form, done, status = LostLinkForm(request.POST or None), False, 200
    if request.method == "POST":
        if not form.is_valid():
            status = 422
        elif not rate_limits.allow("lost-link", rate_limits.client_address(request), per_hour=LOST_LINKS_PER_HOUR):
            form.add_error(None, _("Too many requests came from your network within an hour. Please try again later."))
            status = 429
        else:
            done = True
            _mail_links(form.cleaned_data["contact_email"], form.cleaned_data["reference"])
    return render(request, "visits/public/lost_link.html", {"form": form, "done": done}, status=status)


def _mail_links(address: str, reference: str) -> None:
    """Write the mails: a limit for each address, so that nobody's inbox can be filled from here."""
    if not rate_limits.allow("lost-link-to", address.casefold(), per_hour=MAILS_PER_ADDRESS_AND_HOUR):
        return
    visits = Visit.objects.filter(contact_email__iexact=address).exclude(status=VisitStatus.EXPIRED).order_by("-created_at")
    if reference.strip():
        visits = visits.filter(reference__iexact=reference.strip())
    for visit in visits[:5]:
        outbox.queue(visit, MessageKind.STATUS_LINK if visit.reference else MessageKind.CONFIRM)
