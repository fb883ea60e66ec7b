"""Requesting a visit, a step a page. Works without JavaScript; going back never loses anything.

What was typed in a step is kept however the guest leaves it: by its buttons, as each of them sends the form, and with
JavaScript (keep-typed.js) by any link, the browser's own button, or by closing the page.
"""

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from knowledge_hub.core import rate_limits
from visits.domain import booking, outbox, tokens
from visits.domain.errors import MoveRefused
from visits.enums import MessageKind, VisitStatus
from visits.models import Visit
from visits.public import booking_dates
from visits.public.booking_steps import go_on, previous_url, render_step, step_url, typed
from visits.public.draft import QUESTION_FORMS, STEPS, Draft
from visits.public.forms import AlternativesForm, SessionForm, StartForm
from visits.public.secret_pages import private_page
from visits.queries import dates, regions
from visits.questions.answers import answers_of_step
from visits.questions.question import Step

BOOKINGS_PER_HOUR = 20
MAILS_PER_HOUR = 5
LETTERS_PER_HOUR = 40
SENT = "sent_requests"

CHOOSE_AGAIN = {
    "slot_full",
    "slot_closed",
    "promised",
    "resource_missing",
    "day_full",
    "week_full",
    "day_closed",
    "in_the_past",
    "notice_too_short",
    "too_far_ahead",
}
"""Rules that another session may meet."""


@private_page
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Begin, or go on where the guest stopped. ``?case=`` and ``?programme=`` choose beforehand; POST begins anew."""
    if request.method == "POST":
        Draft.load(request.session).discard(request.session)
        return redirect(step_url("group"))
    draft, wishes = Draft.load(request.session), StartForm(request.GET)
    wishes.is_valid()
    for name, wish in wishes.cleaned_data.items():
        if wish:
            draft.wish(name, str(wish))
    draft.save(request.session)
    if "programme" in request.GET or not draft.step("group"):
        return redirect(step_url("group"))
    return redirect(step_url(draft.first_open_step()))


@private_page
@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, name: str) -> HttpResponse:
    """One step of the form; an earlier open step comes first."""
    draft = Draft.load(request.session)
    if request.method == "POST" and request.POST.get("key") in request.session.get(SENT, {}):
        # The second click on “Send”, or a tab that was left open: this request has been sent.
        return redirect("visits:sent")
    if first := _earlier_open_step(draft, name):
        if request.method == "POST":
            _keep_typed(request, draft, name)
        return redirect(step_url(first))
    if request.method == "POST" and LEAVES & request.POST.keys():
        return _leave(request, draft, name)
    if name in QUESTION_FORMS:
        return _questions(request, draft, name)
    views = {"date": booking_dates.date, "alternatives": booking_dates.alternatives, "check": _check}
    return views[name](request, draft)


def _earlier_open_step(draft: Draft, name: str) -> str | None:
    """The step to fill before this one, if there is one; the programme may have been withdrawn meanwhile."""
    first = draft.first_open_step()
    if STEPS.index(name) > STEPS.index(first):
        return first
    return "group" if name != "group" and draft.programme is None else None


LEAVES = {"save", "back", "keep"}
"""What sends a step without answering it: “Save and go on later”, “Back”, and the page itself when it is left."""


def _leave(request, draft: Draft, name: str) -> HttpResponse:
    """Keep what was typed as it is, right or wrong, and go where the guest wants to."""
    _keep_typed(request, draft, name)
    if "keep" in request.POST:
        return HttpResponse(status=204)
    if "back" in request.POST:
        return redirect(previous_url(name))
    if name in QUESTION_FORMS and draft.step(name):
        # Coming back to change an answer: the answer as it was just typed is the one to go on with.
        form = draft.form(name, get_language(), request.POST, request.FILES)
        _answer(draft, name, typed(request.POST, form.fields) if form.is_valid() else {})
        draft.save(request.session)
    return redirect("visits:save_draft")


FORMS = {**QUESTION_FORMS, "alternatives": AlternativesForm}
"""The steps in which something is typed or ticked."""


def _keep_typed(request, draft: Draft, name: str) -> None:
    """Keep what was typed in a step, and the letter that was attached."""
    if name not in FORMS:
        return
    draft.set_unfinished(name, typed(request.POST, FORMS[name].base_fields))
    draft.save(request.session)
    if name == Step.PURPOSE and draft.programme:
        form = draft.form(name, get_language(), request.POST, request.FILES)
        form.is_valid()
        _keep_letter(request, draft, form)


def _answer(draft: Draft, name: str, answers: dict) -> None:
    """Take over the answers of a step. Without any, what was typed there stays to be put right."""
    before, unfinished = (draft.programme, draft.persons), draft.typed(name)
    draft.set_step(name, answers)
    if not answers:
        draft.set_unfinished(name, unfinished)
    elif name == "group" and (draft.programme, draft.persons) != before:
        # Another programme has other sessions, a larger group needs more seats.
        draft.set_step("date", {})


def _keep_letter(request, draft: Draft, form: Form) -> None:
    """A good letter is kept even if another answer needs correcting, so that it need not be attached again.

    So many an hour and network: each takes room until it is sent or forgotten.
    """
    if form.cleaned_data.get("letter_file") and not rate_limits.allow(
        "letter", rate_limits.client_address(request), per_hour=LETTERS_PER_HOUR
    ):
        form.add_error("letter_file", _("Too many files came from your network within an hour. Please attach the letter later."))
    if form.cleaned_data.get("letter_file"):
        draft.keep_letter(form.cleaned_data["letter_file"])
        draft.save(request.session)


def _questions(request, draft: Draft, name: str) -> HttpResponse:
    """A step with questions: group, purpose or contact."""
    if request.method == "POST":
        form = draft.form(name, get_language(), request.POST, request.FILES)
        form.is_valid()
        _keep_letter(request, draft, form)
        if form.is_valid():
            _answer(draft, name, typed(request.POST, form.fields))
            return go_on(request, draft)
    else:
        form = draft.form_to_fill(name, get_language())
    context = {"form": form}
    if name == Step.GROUP:
        context["regions"] = regions.options()
    if name == Step.PURPOSE:
        context["letter_name"] = draft.letter_name if draft.has_letter else ""
    return render_step(request, draft, name, context, status=422 if form.errors else 200)


def _check(request, draft: Draft) -> HttpResponse:
    if request.method == "GET":
        return _render_check(request, draft)
    if request.POST.get("website"):
        # Only a robot fills a field that nobody sees; should a browser have filled it, nothing is lost.
        return _render_check(request, draft, [_("Leave the field “Website” empty and send again.")], status=422)
    if request.POST.get("slot"):
        chosen = SessionForm(request.POST)
        if chosen.is_valid():
            draft.set_step("date", {"slot": str(chosen.cleaned_data["slot"])})
            draft.set_step("alternatives", {"slots": []})
            draft.save(request.session)
    if not rate_limits.allow("book", rate_limits.client_address(request), per_hour=BOOKINGS_PER_HOUR):
        refusal = _("Too many requests came from your network within an hour. Please try again later; nothing you typed is lost.")
        return _render_check(request, draft, [refusal], status=429)
    data = draft.to_booking(get_language())
    if data is None:
        return redirect(step_url(draft.first_wrong_step(get_language())))
    try:
        visit = booking.submit(data)
    except MoveRefused as refusal:
        others = []
        if data.slot and set(refusal.codes) & CHOOSE_AGAIN:
            others = dates.nearest_to(data.slot, persons=data.group_size, now=timezone.now())
        sentences = [str(violation) for violation in refusal.violations] or [str(refusal)]
        return _render_check(request, draft, sentences, others=others, status=409)
    request.session[SENT] = {**request.session.get(SENT, {}), str(data.submission_key): visit.pk}
    draft.discard(request.session)
    return redirect("visits:sent")


def _render_check(request, draft: Draft, errors: list[str] | None = None, *, others=(), status: int = 200) -> HttpResponse:
    answers = draft.answers(get_language())
    context = {
        "answers": {name: answers_of_step(name, answers) for name in QUESTION_FORMS},
        "slot": draft.slot,
        "waiting_period": draft.waiting_period,
        "alternatives": draft.alternatives,
        "region": answers.get("region"),
        "errors": errors or [],
        "others": others,
    }
    return render_step(request, draft, "check", context, status=status)


@private_page
@require_http_methods(["GET", "POST"])
def sent(request: HttpRequest) -> HttpResponse:
    """One step left: open the link in our mail. POST sends that mail again."""
    keys = request.session.get(SENT, {})
    visit = Visit.objects.select_related("programme", "slot", "region").filter(pk=next(reversed(keys.values()), 0)).first()
    if visit is None:
        return redirect("visits:book")
    again = False
    if request.method == "POST":
        if visit.status != VisitStatus.UNVERIFIED:
            raise Http404
        again = rate_limits.allow("confirm-again", str(visit.pk), per_hour=MAILS_PER_HOUR)
        if again:
            outbox.queue(visit, MessageKind.CONFIRM)
    hours = int(booking.CONFIRM_WITHIN.total_seconds() // 3600)
    context = {
        "visit": visit,
        "hours": hours,
        "again": again,
        "asked": request.method == "POST",
        "status_url": reverse("visits:status", args=[tokens.token_for(visit, tokens.STATUS)]),
    }
    return render(request, "visits/public/sent.html", context)
