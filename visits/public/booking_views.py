"""Requesting a visit, a step a page. Works without JavaScript; going back never loses anything."""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from visits.domain import availability, booking, limits, tokens
from visits.domain.calendar_days import local_date
from visits.domain.errors import MoveRefused
from visits.enums import OrganisationKind, VisitStatus
from visits.models import Visit
from visits.public import uploads
from visits.public.date_form import DateForm
from visits.public.draft import STEPS, Draft
from visits.public.forms import ContactForm, GroupForm, PurposeForm
from visits.public.private_pages import private_page
from visits.queries import regions

BOOKINGS_PER_HOUR = 20
SHOWN_DAYS = 62


def _step_url(step: str) -> str:
    return reverse("visits:book_step", args=[step])


def _render_step(request, step: str, context: dict, status: int = 200) -> HttpResponse:
    context |= {"step": step, "number": STEPS.index(step) + 1, "total": len(STEPS), "previous": _previous(step)}
    return render(request, f"visits/public/book_{step}.html", context, status=status)


def _previous(step: str) -> str:
    position = STEPS.index(step)
    return _step_url(STEPS[position - 1]) if position else reverse("visits:programmes")


def _typed(form, *, lists: tuple[str, ...] = ()) -> dict:
    """What was typed, as plain values that the session can hold."""
    return {name: form.data.getlist(name) if name in lists else form.data.get(name, "") for name in form.fields if name != "letter_file"}


@private_page
def start(request: HttpRequest) -> HttpResponse:
    """Begin, or go on where the guest stopped. ``?case=`` and ``?programme=`` choose beforehand."""
    draft = Draft.load(request.session)
    if (case := request.GET.get("case", "")).isdecimal() and len(case) < 12:
        draft.values["case"] = case
    if (programme := request.GET.get("programme", "")).isdecimal() and len(programme) < 12:
        draft.values["programme"] = programme
    draft.save(request.session)
    return redirect(_step_url(draft.first_open_step() if draft.step("group") else "group"))


@private_page
def step(request: HttpRequest, name: str) -> HttpResponse:
    """One step of the form; an earlier open step comes first."""
    draft = Draft.load(request.session)
    if STEPS.index(name) > STEPS.index(draft.first_open_step()):
        return redirect(_step_url(draft.first_open_step()))
    if name != "group" and draft.programme is None:
        return redirect(_step_url("group"))
    return {"group": _group, "date": _date, "purpose": _purpose, "contact": _contact, "check": _check}[name](request, draft)


def _go_on(request, draft: Draft) -> HttpResponse:
    draft.save(request.session)
    return redirect(_step_url(draft.first_open_step()))


def _group(request, draft: Draft) -> HttpResponse:
    if request.method == "POST":
        form = GroupForm(request.POST)
        draft_before = (draft.step("group").get("programme"), draft.step("group").get("group_size"))
        if form.is_valid():
            draft.set_step("group", _typed(form))
            if draft_before != (draft.step("group")["programme"], draft.step("group")["group_size"]):
                draft.set_step("date", {})
            return _go_on(request, draft)
    elif draft.step("group"):
        form = GroupForm(initial=draft.step("group"))
    else:
        form = GroupForm(initial={"programme": draft.values.get("programme")})
    return _render_step(request, "group", {"form": form, "regions": regions.all_labels()}, status=422 if form.errors else 200)


def _date(request, draft: Draft, *, message: str = "", status: int = 200) -> HttpResponse:
    now = timezone.now()
    programme, persons = draft.programme, draft.persons
    form = DateForm(request.GET or None)
    first, last = availability.bookable_period(programme, now)
    start = max(form.start_or(first), first)
    end = min(start + dt.timedelta(days=SHOWN_DAYS), last)
    days = availability.days_with_reasons(programme, persons=persons, now=now, start=start, end=end) if start <= end else []
    choices = {str(slot.pk) for day in days for slot in day.slots}
    if request.method == "POST" and not message:
        chosen = request.POST.get("slot", "")
        slots = {str(slot.pk) for slot in availability.bookable_slots(programme, persons=persons, now=now)}
        if chosen in slots:
            draft.set_step("date", {"slot": chosen})
            return _go_on(request, draft)
        message = _("Choose one of the free sessions.") if not chosen else _("This session was just taken. Choose another one.")
        status = 422 if not chosen else 409
    nearest = [] if choices else availability.bookable_slots(programme, persons=persons, now=now)[:3]
    context = {
        "programme": programme,
        "persons": persons,
        "region": draft.region,
        "days": [day for day in days if day.slots],
        "closed": [day for day in days if day.closed_reason],
        "chosen": draft.step("date").get("slot", ""),
        "first": first,
        "last": last,
        "start": start,
        "end": end,
        "earlier": max(start - dt.timedelta(days=SHOWN_DAYS), first) if start > first else None,
        "later": end + dt.timedelta(days=1) if end < last else None,
        "nearest": nearest,
        "message": message,
    }
    return _render_step(request, "date", context, status=status)


def _purpose(request, draft: Draft) -> HttpResponse:
    options = {"programme": draft.programme, "has_draft_letter": bool(draft.letter_name), "language": get_language()}
    if request.method == "POST":
        form = PurposeForm(request.POST, request.FILES, **options)
        valid = form.is_valid()
        # A good letter is kept even if another answer needs correcting, so that it need not be attached again.
        if form.cleaned_data.get("letter_file"):
            draft.keep_letter(form.cleaned_data["letter_file"])
            draft.save(request.session)
        if valid:
            draft.set_step("purpose", _typed(form, lists=("topics", "case_studies")))
            return _go_on(request, draft)
    else:
        initial = draft.step("purpose") or {"case_studies": [draft.values["case"]] if "case" in draft.values else []}
        form = PurposeForm(initial=initial, **options)
    return _render_step(request, "purpose", {"form": form, "letter_name": draft.letter_name}, status=422 if form.errors else 200)


def _contact(request, draft: Draft) -> HttpResponse:
    if request.method == "POST":
        form = ContactForm(request.POST)
        if form.is_valid():
            draft.set_step("contact", _typed(form))
            return _go_on(request, draft)
    else:
        form = ContactForm(initial=draft.step("contact"))
    return _render_step(request, "contact", {"form": form}, status=422 if form.errors else 200)


def _check(request, draft: Draft) -> HttpResponse:
    errors: list[str] = []
    if request.method == "POST":
        if request.POST.get("website"):
            # Only a robot fills a field that nobody sees; it is told what a guest would be told.
            return redirect("visits:sent")
        if not limits.allow("book", request.META.get("REMOTE_ADDR", ""), per_hour=BOOKINGS_PER_HOUR):
            errors = [_("Too many requests came from your network within an hour. Please try again later; nothing you typed is lost.")]
            return _render_check(request, draft, errors, status=429)
        data = draft.to_booking(get_language())
        if data is None:
            return redirect(_step_url(draft.first_open_step()))
        try:
            visit = booking.submit(data)
        except MoveRefused as refusal:
            if set(refusal.codes) & {"slot_full", "slot_closed", "day_full", "week_full", "day_closed", "in_the_past", "notice_too_short"}:
                draft.set_step("date", {})
                draft.save(request.session)
                return _date(request, draft, message=str(refusal), status=409)
            return _render_check(request, draft, [str(violation) for violation in refusal.violations], status=409)
        if stored := draft.values.get("letter_file"):
            uploads.drop_draft(stored["stored"])
        Draft.clear(request.session)
        request.session["sent"] = visit.pk
        return redirect("visits:sent")
    return _render_check(request, draft, errors)


def _render_check(request, draft: Draft, errors: list[str], status: int = 200) -> HttpResponse:
    group = draft.group_form()
    group.is_valid()
    context = {
        "draft": draft,
        "programme": draft.programme,
        "slot": draft.slot,
        "region": draft.region,
        "kind": dict(OrganisationKind.choices).get(draft.step("group").get("organisation_kind")),
        "errors": errors,
    }
    return _render_step(request, "check", context, status=status)


@private_page
def sent(request: HttpRequest) -> HttpResponse:
    """One step left: open the link in our mail."""
    visit = Visit.objects.select_related("programme", "slot").filter(pk=request.session.get("sent") or 0).first()
    return render(request, "visits/public/sent.html", {"visit": visit, "hours": int(booking.CONFIRM_WITHIN.total_seconds() // 3600)})


@private_page
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The link in the mail: shows a button, because mail scanners open links; the button confirms."""
    visit = tokens.visit_by_token(token, tokens.CONFIRM)
    if visit is None:
        return render(request, "visits/public/unknown_link.html", status=404)
    if request.method == "POST":
        try:
            visit = booking.confirm(visit)
        except MoveRefused as refusal:
            return render(request, "visits/public/confirm.html", {"visit": visit, "refusal": str(refusal)}, status=409)
        return redirect("visits:status", token=tokens.token_for(visit, tokens.STATUS))
    if visit.reference and visit.status != VisitStatus.UNVERIFIED:
        return redirect("visits:status", token=tokens.token_for(visit, tokens.STATUS))
    return render(request, "visits/public/confirm.html", {"visit": visit, "today": local_date(timezone.now())})
