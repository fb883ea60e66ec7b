"""The guest's pages behind the secret link: confirm, status, answer, ask for another date, cancel."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from knowledge_hub.core import rate_limits
from visits.booking_form.answers import request_of
from visits.calendars import events
from visits.documents.office import pack
from visits.domain import (
    booking,
    budgets,
    conversation,
    decisions,
    delegates,
    headcount,
    letters,
    lifecycle,
    outbox,
    replies,
    scheduling,
    tokens,
    waiting_list,
)
from visits.domain import (
    contact_person as contact_persons,
)
from visits.domain.place import place_of
from visits.enums import AWAITS_DECISION, FREES_SEATS, Actor, CertificateStatus, MessageKind, ReasonCode, VisitStatus
from visits.models import OfficePaper, Visit, VisitSlot
from visits.public.forms import CalendarQueryForm
from visits.public.paper_views import badges_of
from visits.public.secret_pages import Outcome, perform, perform_within, private_page, secret_page, unknown_link
from visits.public.visit_forms import (
    AnotherDateForm,
    CancelForm,
    ContactPersonForm,
    LetterForm,
    LostLinkForm,
    MessageForm,
    PeopleForm,
    RefuseProposalForm,
    ReplyForm,
)
from visits.queries import dates
from visits.queries.guest import agenda_of, to_do
from visits.queries.timeline import answer_due_text, timeline


def _to_status(request: HttpRequest) -> HttpResponse:
    return redirect("visits:status", token=request.visit_token)


@require_http_methods(["GET", "POST"])
@secret_page(tokens.CONFIRM)
def confirm(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Confirm the request with a button; opening the link confirms nothing, because mail scanners open links."""
    outcome = Outcome()
    if visit.reference:
        outcome = Outcome(is_done=True)
    elif request.method == "POST":
        outcome = perform(lambda: booking.confirm(visit))
    elif visit.status != VisitStatus.UNVERIFIED:
        outcome = Outcome(refusal=_("This link has expired and the seats were given back. Please make the request again."), status=410)
    if outcome.is_done:
        return redirect("visits:status", token=tokens.token_for(visit, tokens.STATUS))
    return render(request, "visits/public/confirm.html", {"visit": visit, "refusal": outcome.refusal}, status=outcome.status)


@require_http_methods(["GET", "POST"])
@secret_page(tokens.STATUS)
def status(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The status page of the guest; POST answers a question, writes a message or replaces the letter."""
    letter, outcome = visit.letters.first(), Outcome()
    forms = {"reply": ReplyForm(current_letter=letter), "letter": LetterForm(current_letter=letter), "message": MessageForm()}
    if request.method == "POST":
        client = rate_limits.client_address(request)
        match request.POST.get("action"):
            case "reply":
                form = forms["reply"] = ReplyForm(request.POST, request.FILES, current_letter=letter)
                outcome = perform(lambda: _reply(visit, form, client), form)
            case "letter":
                form = forms["letter"] = LetterForm(request.POST, request.FILES, current_letter=letter)
                outcome = perform(lambda: letters.replace_letter(visit, _letter_from(form), client=client), form)
            case "message":
                form = forms["message"] = MessageForm(request.POST)
                outcome = perform(lambda: conversation.write(visit, form.cleaned_data["text"], client=client), form)
            case _:
                outcome = Outcome(is_done=True)
    if outcome.is_done:
        return _to_status(request)
    sent_letters, named = list(visit.letters.all()), list(visit.delegates.all())
    context = {
        "visit": visit,
        "token": request.visit_token,
        "is_scheduled": _has_calendar(visit),
        "place": place_of(visit),
        "agenda": agenda_of(visit),
        "to_do": to_do(visit, sent_letters, named),
        "rows": request_of(visit),
        "seat_request": visit.open_seat_request,
        "can_change_people": headcount.can_change(visit),
        "can_change_contact": contact_persons.can_change(visit),
        "steps": timeline(visit),
        "promise": answer_due_text(visit),
        "is_late": bool(visit.answer_due_at) and visit.answer_due_at < timezone.now(),
        "is_off": visit.status in FREES_SEATS,
        "thread": visit.thread.all(),
        "letters": sent_letters,
        "delegates": named,
        "can_edit_delegates": delegates.can_edit(visit),
        "badges": badges_of(visit),
        "can_reply": visit.status == VisitStatus.NEEDS_INFO,
        "can_write": conversation.can_write(visit) and visit.status != VisitStatus.NEEDS_INFO,
        "needs_new_date": visit.status == VisitStatus.NEEDS_INFO and visit.reason_code == ReasonCode.NEEDS_NEW_DATE,
        "can_ask_for_date": _may_ask_for_date(visit),
        "proposal": visit.open_proposal,
        "place_in_line": _place_in_line(visit),
        "can_replace_letter": _can_replace_letter(visit, letter),
        "can_cancel": _can_cancel(visit),
        "calendars": events.calendar_links(visit) if _has_calendar(visit) else [],
        "certificates": visit.certificates.filter(status=CertificateStatus.ISSUED),
        "signed_reply": replies.signed_reply(visit),
        "pack_is_being_made": _is_pack_being_made(visit),
        "pack_until": (found := pack.open_pack(visit, timezone.now())) and found[1],
        "reply": forms["reply"],
        "replacement": forms["letter"],
        "message": forms["message"],
        "refusal": outcome.refusal,
    }
    return render(request, "visits/public/status.html", context, status=outcome.status)


def _can_cancel(visit: Visit) -> bool:
    before = not visit.slot or visit.slot.starts_at > timezone.now()
    return before and VisitStatus.CANCELLED_BY_GUEST in lifecycle.allowed_moves(visit, Actor.GUEST)


def _can_replace_letter(visit: Visit, letter) -> bool:
    """Before the decision, or later if there is no letter. While a question is open, the answer's form has the letter."""
    if visit.status == VisitStatus.APPROVED:
        return letter is None
    return visit.status in AWAITS_DECISION - {VisitStatus.NEEDS_INFO}


def _has_calendar(visit: Visit) -> bool:
    return visit.status == VisitStatus.APPROVED and visit.slot_id is not None


def _is_pack_being_made(visit: Visit) -> bool:
    """Whether a completed visit's first pack waits to be made."""
    wanted = visit.papers.filter(kind=pack.PACK.key, file="", state=OfficePaper.State.WAITING)
    return visit.status == VisitStatus.COMPLETED and wanted.exists()


def _letter_from(form: LetterForm) -> letters.LetterDraft:
    """The letter of a form; empty fields are taken from the earlier letter."""
    answers, current = form.cleaned_data, form.current_letter
    return letters.LetterDraft(
        number=answers["letter_number"] or current.number,
        date=answers["letter_date"] or current.date,
        subject=current.subject if current else "",
        signatory=current.signatory if current else "",
        file=answers["letter_file"],
    )


def _reply(visit: Visit, form: ReplyForm, client: str) -> None:
    """Send the guest's answer.

    Raises:
        Refused: the question is not open any more.
    """
    text = form.cleaned_data["text"].strip()
    last = visit.thread.last()
    if visit.status == VisitStatus.SUBMITTED and last and last.from_guest and last.text == text:
        # A second click on “Send”: the answer is saved already.
        return
    with transaction.atomic():
        moved = decisions.answer_question(visit, text=text)
        if form.cleaned_data["letter_file"]:
            letters.replace_letter(moved, _letter_from(form), client=client)


def _place_in_line(visit: Visit) -> int | None:
    """The guest's position on the waiting list, or None."""
    entry = visit.waitlist_entries.filter(is_open=True).select_related("visit__programme").first()
    return waiting_list.position(entry) if entry and visit.status == VisitStatus.SUBMITTED else None


def _may_ask_for_date(visit: Visit) -> bool:
    """Whether the guest may ask for another date now."""
    before = visit.slot is None or visit.slot.starts_at > timezone.now()
    return before and visit.status in AWAITS_DECISION - {VisitStatus.PROPOSED} | {VisitStatus.APPROVED} and not visit.open_proposal


@require_http_methods(["GET", "POST"])
@secret_page(tokens.STATUS)
def another_date(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Ask for another session; the visit does not change before the host accepts."""
    if not _may_ask_for_date(visit):
        return _to_status(request)
    period = CalendarQueryForm(request.GET)
    period.is_valid()
    date = period.cleaned_data.get("date")
    month = period.cleaned_data.get("month") or date
    choice = dates.date_choice(visit.programme, persons=visit.group_size or 0, now=timezone.now(), month=month, visit=visit)
    form, outcome = AnotherDateForm(), Outcome()
    if request.method == "POST":
        form = AnotherDateForm(request.POST)
        slot = VisitSlot.objects.filter(pk=form.cleaned_data["slot"]).first() if form.is_valid() else None
        if form.is_valid() and slot is None:
            form.add_error("slot", _("This session was just taken. Choose another one."))
        outcome = perform_within(
            budgets.CHANGE,
            request,
            visit.pk,
            lambda: scheduling.propose(visit, slot, by=Actor.GUEST, message=form.cleaned_data["message"]),
            form,
        )
        if outcome.is_done:
            return _to_status(request)
    context = {
        "visit": visit,
        "token": request.visit_token,
        "form": form,
        "refusal": outcome.refusal,
        "choice": choice,
        "date": date,
        "slots": choice.slots_on(date) if date else [],
        "region": visit.region,
    }
    return render(request, "visits/public/another_date.html", context, status=outcome.status)


@require_http_methods(["GET", "POST"])
@secret_page(tokens.STATUS)
def proposal(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Accept or refuse the host's proposed date, or withdraw one's own; POST with ``action`` accept or end."""
    current = visit.open_proposal
    if current is None:
        # It was answered already; the status page shows the result.
        return _to_status(request)
    form, outcome = RefuseProposalForm(), Outcome()
    if request.method == "POST":
        form = RefuseProposalForm(request.POST)
        if request.POST.get("action") == "accept":
            outcome = perform(lambda: scheduling.accept(visit, by=Actor.GUEST), form)
        else:
            outcome = perform(lambda: scheduling.end_proposal(visit, by=Actor.GUEST, reason=form.cleaned_data["reason"]), form)
        if outcome.is_done:
            return _to_status(request)
    context = {"visit": visit, "token": request.visit_token, "proposal": current, "form": form, "refusal": outcome.refusal}
    return render(request, "visits/public/proposal.html", context, status=outcome.status)


@require_http_methods(["GET", "POST"])
@secret_page(tokens.STATUS)
def cancel(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Cancel the visit with a reason."""
    if visit.status == VisitStatus.CANCELLED_BY_GUEST:
        return _to_status(request)
    form, outcome = CancelForm(), Outcome()
    if request.method == "POST":
        form = CancelForm(request.POST)
        outcome = perform(lambda: decisions.cancel(visit, by=Actor.GUEST, reason=form.cleaned_data["reason"]), form)
        if outcome.is_done:
            return _to_status(request)
    context = {"visit": visit, "token": request.visit_token, "form": form, "refusal": outcome.refusal, "can_change": _can_cancel(visit)}
    return render(request, "visits/public/cancel.html", context, status=outcome.status)


@require_http_methods(["GET", "POST"])
@secret_page(tokens.STATUS)
def people(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Change the number of people: fewer at once, more as the domain allows."""
    asked = visit.open_seat_request
    form, outcome = PeopleForm(initial={"group_size": asked.group_size if asked else visit.group_size}), Outcome()
    if request.method == "POST":
        form = PeopleForm(request.POST)
        outcome = perform_within(
            budgets.CHANGE,
            request,
            visit.pk,
            lambda: headcount.change(visit, form.cleaned_data["group_size"], message=form.cleaned_data["message"]),
            form,
        )
        if outcome.is_done:
            return _to_status(request)
    context = {
        "visit": visit,
        "token": request.visit_token,
        "form": form,
        "refusal": outcome.refusal,
        "can_change": headcount.can_change(visit),
        "seat_request": asked,
        "named": visit.delegates.count(),
    }
    return render(request, "visits/public/people.html", context, status=outcome.status)


@require_http_methods(["GET", "POST"])
@secret_page(tokens.STATUS)
def contact_person(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Change the contact person; limited, because a new address gets a mail."""
    form, outcome = ContactPersonForm(initial={name: getattr(visit, name) for name in ContactPersonForm.base_fields}), Outcome()
    if request.method == "POST":
        form = ContactPersonForm(request.POST)
        outcome = perform_within(
            budgets.CONTACT_PERSON,
            request,
            visit.pk,
            lambda: contact_persons.change(visit, contact_persons.ContactPerson(**form.cleaned_data)),
            form,
        )
        if outcome.is_done:
            return _to_status(request)
    context = {
        "visit": visit,
        "token": request.visit_token,
        "form": form,
        "refusal": outcome.refusal,
        "can_change": contact_persons.can_change(visit),
    }
    return render(request, "visits/public/contact_person.html", context, status=outcome.status)


@require_safe
@secret_page(tokens.STATUS)
def calendar(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The visit as a calendar file to download."""
    if not _has_calendar(visit):
        return unknown_link(request)
    return HttpResponse(
        events.publish(visit),
        content_type="text/calendar; method=PUBLISH; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="kunjungan-{visit.reference}.ics"', "X-Content-Type-Options": "nosniff"},
    )


@private_page
@require_http_methods(["GET", "POST"])
def lost_link(request: HttpRequest) -> HttpResponse:
    """Mail the links of a contact person's visits to that person. The page does not show whether there are any."""
    form, done, status = LostLinkForm(request.POST or None), False, 200
    if request.method == "POST":
        if not form.is_valid():
            status = 422
        elif not rate_limits.spend(budgets.LOST_LINK, client=rate_limits.client_address(request)):
            form.add_error(None, _("Too many requests came from your network within an hour. Please try again later."))
            status = 429
        else:
            done = True
            _mail_links(form.cleaned_data["contact_email"], form.cleaned_data["reference"])
    return render(request, "visits/public/lost_link.html", {"form": form, "done": done}, status=status)


def _mail_links(address: str, reference: str) -> None:
    """Queue the mails, with a limit for each address."""
    if not rate_limits.spend(budgets.LOST_LINK_MAILBOX, subject=address.casefold()):
        return
    visits = Visit.objects.filter(contact_email__iexact=address).exclude(status=VisitStatus.EXPIRED).order_by("-created_at")
    if reference.strip():
        visits = visits.filter(reference__iexact=reference.strip())
    for visit in visits[:5]:
        outbox.queue(visit, MessageKind.STATUS_LINK if visit.reference else MessageKind.CONFIRM)
