"""The steps of the booking form: how a step is shown, answered and left.

Typed values are kept whenever the guest leaves a step: all its buttons send the form, and with JavaScript (keep-typed.js) so do links,
the browser's back button, and closing the page.
"""

from collections.abc import Mapping

from django.forms import Field, Form
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from knowledge_hub.core import rate_limits
from visits.booking_form.question import Step
from visits.domain import budgets, waiting_list
from visits.public.booking_draft import QUESTION_FORMS, STEPS, Draft
from visits.public.forms import AlternativesForm, CalendarQueryForm, SessionForm, WaitingForm
from visits.public.secret_pages import perform
from visits.queries import dates, regions

OFFERED_ALTERNATIVES = 6


def step_url(step: str) -> str:
    """URL of a step."""
    return reverse("visits:book_step", kwargs={"name": step})


def previous_url(step: str) -> str:
    """URL of the button “Back”."""
    position = STEPS.index(step)
    return step_url(STEPS[position - 1]) if position else reverse("visits:programmes")


def render_step(request, draft: Draft, step: str, context: dict, status: int = 200) -> HttpResponse:
    """Render the page of a step."""
    position = STEPS.index(step)
    context |= {
        "step": step,
        "number": position + 1,
        "total": len(STEPS),
        "previous": previous_url(step),
        "draft": draft,
        # A guest who came from the last page to change an answer returns there.
        "is_change": draft.first_open_step() == "check",
    }
    return render(request, f"visits/public/book_{step}.html", context, status=status)


def typed_values(data: QueryDict, fields: Mapping[str, Field]) -> dict:
    """Typed values of some fields, as plain values for the session; without files."""
    return {
        name: data.getlist(name) if getattr(field.widget, "allow_multiple_selected", False) else data.get(name, "")
        for name, field in fields.items()
        if not field.widget.needs_multipart_form
    }


def save_and_continue(request, draft: Draft) -> HttpResponse:
    """Save the draft and redirect to the first step that is not complete."""
    draft.save(request.session)
    return redirect(step_url(draft.first_open_step()))


LEAVE_BUTTONS = {"save", "back", "keep"}
"""Buttons that send a step without answering it: “Save and go on later”, “Back”, and the script that runs when the page is left."""


def leave(request, draft: Draft, name: str) -> HttpResponse:
    """Keep the typed values, valid or not, and redirect to where the guest wants to go."""
    keep_typed(request, draft, name)
    if "keep" in request.POST:
        return HttpResponse(status=204)
    if "back" in request.POST:
        return redirect(previous_url(name))
    if name in QUESTION_FORMS and draft.step(name):
        # The guest came back to change an answer: if it is valid, it replaces the earlier one.
        form = draft.form(name, request.POST, request.FILES)
        _answer(draft, name, typed_values(request.POST, form.fields) if form.is_valid() else {})
        draft.save(request.session)
    return redirect("visits:save_draft")


FORMS = {**QUESTION_FORMS, "alternatives": AlternativesForm}
"""Forms by step, for the steps that have one."""


def keep_typed(request, draft: Draft, name: str) -> None:
    """Keep the typed values of a step, and the attached letter."""
    if name not in FORMS:
        return
    draft.set_unfinished(name, typed_values(request.POST, FORMS[name].base_fields))
    draft.save(request.session)
    if name == Step.PURPOSE and draft.programme:
        form = draft.form(name, request.POST, request.FILES)
        form.is_valid()
        _keep_letter(request, draft, form)


def _answer(draft: Draft, name: str, answers: dict) -> None:
    """Save the answers of a step. Without answers the typed values stay, so that the guest can correct them."""
    before, unfinished = (draft.programme, draft.persons), draft.typed(name)
    draft.set_step(name, answers)
    if not answers:
        draft.set_unfinished(name, unfinished)
    elif name == "group" and (draft.programme, draft.persons) != before:
        # Sessions depend on programme and group size, so the date must be chosen again.
        draft.set_step("date", {})


def _keep_letter(request, draft: Draft, form: Form) -> None:
    """Keep a valid letter even if another answer has an error, so that it need not be attached again.

    The number per hour and network is limited, because unsent letters use disk space.
    """
    if form.cleaned_data.get("letter_file") and not rate_limits.spend(budgets.DRAFT_LETTER, client=rate_limits.client_address(request)):
        form.add_error("letter_file", _("Too many files came from your network within an hour. Please attach the letter later."))
    if form.cleaned_data.get("letter_file"):
        draft.keep_letter(form.cleaned_data["letter_file"])
        draft.save(request.session)


def question_step(request, draft: Draft, name: str) -> HttpResponse:
    """A step with questions: group, purpose or contact."""
    if request.method == "POST":
        form = draft.form(name, request.POST, request.FILES)
        form.is_valid()
        _keep_letter(request, draft, form)
        if form.is_valid():
            _answer(draft, name, typed_values(request.POST, form.fields))
            return save_and_continue(request, draft)
    else:
        form = draft.form_to_fill(name)
    context = {"form": form}
    if name == Step.GROUP:
        context["regions"] = regions.options()
    if name == Step.PURPOSE:
        context["letter_name"] = draft.letter_name if draft.has_letter else ""
    return render_step(request, draft, name, context, status=422 if form.errors else 200)


def date_step(request, draft: Draft) -> HttpResponse:
    """The step of the date: two months, the sessions of a day, or the period for the waiting list."""
    period = CalendarQueryForm(request.GET)
    period.is_valid()
    month = period.cleaned_data.get("month") or period.cleaned_data.get("date")
    choice = dates.date_choice(draft.programme, persons=draft.persons, now=timezone.now(), month=month)
    day = period.cleaned_data.get("date")
    slots = choice.slots_on(day) if day else []
    form, waiting, status = SessionForm(initial={"slot": draft.step("date").get("slot")}), _waiting_form(draft, choice), 200
    if request.method == "POST" and "wait" in request.POST:
        waiting, status = WaitingForm(request.POST), 422
        if waiting.is_valid() and _may_wait(draft, waiting):
            draft.set_step("date", typed_values(request.POST, waiting.fields))
            draft.set_step("alternatives", {"slots": []})
            return save_and_continue(request, draft)
    elif request.method == "POST":
        form, status = SessionForm(request.POST), 422
        if form.is_valid() and form.cleaned_data["slot"] in {slot.pk for slot in choice.free}:
            if draft.step("date").get("slot") != str(form.cleaned_data["slot"]):
                # Alternatives are sessions close to the chosen one, so they must be chosen again.
                draft.set_step("alternatives", {})
            draft.set_step("date", {"slot": str(form.cleaned_data["slot"])})
            return save_and_continue(request, draft)
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
    """The form for the waiting list, or None if the programme has none."""
    if not draft.programme.waiting_list:
        return None
    period = draft.step("date") if "wait_from" in draft.step("date") else {}
    return WaitingForm(initial=period or {"wait_from": choice.after_notice, "wait_until": choice.last_possible})


def _may_wait(draft: Draft, form: WaitingForm) -> bool:
    period = {"from_date": form.cleaned_data["wait_from"], "until_date": form.cleaned_data["wait_until"]}
    outcome = perform(lambda: waiting_list.check_period(draft.programme, persons=draft.persons, now=timezone.now(), **period))
    if outcome.refusal:
        form.add_error(None, outcome.refusal)
    return outcome.is_done


def alternatives_step(request, draft: Draft) -> HttpResponse:
    """The step of other suitable sessions; skipped if none is free."""
    offered = dates.nearest_to(draft.slot, persons=draft.persons, now=timezone.now(), count=OFFERED_ALTERNATIVES) if draft.slot else []
    if not offered:
        draft.set_step("alternatives", {"slots": []})
        return save_and_continue(request, draft)
    options = {"offered": [*offered, *draft.alternatives], "region": draft.region}
    if request.method == "POST":
        form = AlternativesForm(request.POST, **options)
        if form.is_valid():
            draft.set_step("alternatives", typed_values(request.POST, form.fields))
            return save_and_continue(request, draft)
    else:
        form = AlternativesForm(initial=draft.typed("alternatives"), **options)
    context = {"form": form, "chosen": draft.slot, "region": draft.region}
    return render_step(request, draft, "alternatives", context, status=422 if form.errors else 200)
