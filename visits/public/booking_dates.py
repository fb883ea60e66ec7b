"""The steps of the booking form that are about dates: the session or the waiting list, and other sessions that would suit."""

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from visits.domain import waiting_list
from visits.domain.errors import MoveRefused
from visits.public.booking_steps import go_on, render_step, typed
from visits.public.draft import Draft
from visits.public.forms import AlternativesForm, PeriodForm, SessionForm, WaitingForm
from visits.queries import dates

OFFERED_ALTERNATIVES = 6


def date(request, draft: Draft) -> HttpResponse:
    """Two months, the sessions of a day, or the period in which the guest waits for a place."""
    period = PeriodForm(request.GET)
    period.is_valid()
    month = period.cleaned_data.get("month") or period.cleaned_data.get("date")
    choice = dates.date_choice(draft.programme, persons=draft.persons, now=timezone.now(), month=month)
    day = period.cleaned_data.get("date")
    slots = choice.slots_on(day) if day else []
    form, waiting, status = SessionForm(initial={"slot": draft.step("date").get("slot")}), _waiting_form(draft, choice), 200
    if request.method == "POST" and "wait" in request.POST:
        waiting, status = WaitingForm(request.POST), 422
        if waiting.is_valid() and _may_wait(draft, waiting):
            draft.set_step("date", typed(request.POST, waiting.fields))
            draft.set_step("alternatives", {"slots": []})
            return go_on(request, draft)
    elif request.method == "POST":
        form, status = SessionForm(request.POST), 422
        if form.is_valid() and form.cleaned_data["slot"] in {slot.pk for slot in choice.free}:
            if draft.step("date").get("slot") != str(form.cleaned_data["slot"]):
                # What lies close to another session is another choice.
                draft.set_step("alternatives", {})
            draft.set_step("date", {"slot": str(form.cleaned_data["slot"])})
            return go_on(request, draft)
        if form.is_valid():
            form.add_error("slot", _("This session was just taken. Choose another one."))
            status = 409
    context = {
        "form": form,
        "waiting": waiting,
        "choice": choice,
        "programme": draft.programme,
        "persons": draft.persons,
        "region": draft.region,
        "date": day,
        "slots": slots,
        "chosen": draft.slot,
        "waiting_period": draft.waiting_period,
    }
    return render_step(request, draft, "date", context, status=status)


def _waiting_form(draft: Draft, choice) -> WaitingForm | None:
    """The form for the waiting list, where the programme has one."""
    if not draft.programme.waiting_list:
        return None
    period = draft.step("date") if "wait_from" in draft.step("date") else {}
    return WaitingForm(initial=period or {"wait_from": choice.first_possible, "wait_until": choice.last_possible})


def _may_wait(draft: Draft, form: WaitingForm) -> bool:
    period = {"from_date": form.cleaned_data["wait_from"], "until_date": form.cleaned_data["wait_until"]}
    try:
        waiting_list.check_period(draft.programme, persons=draft.persons, now=timezone.now(), **period)
    except MoveRefused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def alternatives(request, draft: Draft) -> HttpResponse:
    """Other sessions that would suit; skipped where none is free."""
    offered = dates.nearest_to(draft.slot, persons=draft.persons, now=timezone.now(), count=OFFERED_ALTERNATIVES) if draft.slot else []
    if not offered:
        draft.set_step("alternatives", {"slots": []})
        return go_on(request, draft)
    options = {"offered": [*offered, *draft.alternatives], "region": draft.region}
    if request.method == "POST":
        form = AlternativesForm(request.POST, **options)
        if form.is_valid():
            draft.set_step("alternatives", typed(request.POST, form.fields))
            return go_on(request, draft)
    else:
        form = AlternativesForm(initial=draft.typed("alternatives"), **options)
    context = {"form": form, "chosen": draft.slot, "region": draft.region}
    return render_step(request, draft, "alternatives", context, status=422 if form.errors else 200)
