"""The booking form, one page for each step, and saving it to continue later. Works without JavaScript."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from knowledge_hub.core import rate_limits
from visits.booking_form.answers import answers_of_step
from visits.domain import booking, budgets, drafts, outbox, rules, tokens
from visits.enums import MessageKind, VisitStatus
from visits.models import Visit
from visits.public.booking_draft import QUESTION_FORMS, SESSION_KEY, STEPS, Draft
from visits.public.booking_steps import LEAVE_BUTTONS, alternatives_step, date_step, keep_typed, leave, question_step, render_step, step_url
from visits.public.forms import SaveForm, SessionForm, StartQueryForm
from visits.public.secret_pages import perform, private_page, secret_headers, unknown_link
from visits.queries import dates

SENT = "sent_requests"


@private_page
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Start, or continue where the guest stopped. ``?case=`` and ``?programme=`` preselect; POST discards the draft."""
    if request.method == "POST":
        Draft.load(request.session).discard(request.session)
        return redirect(step_url("group"))
    draft, wishes = Draft.load(request.session), StartQueryForm(request.GET)
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
    """A step of the form; redirects to an earlier step that is not complete."""
    draft = Draft.load(request.session)
    if request.method == "POST" and request.POST.get("key") in request.session.get(SENT, {}):
        # A second click on “Send”, or an old tab: the request was sent already.
        return redirect("visits:sent")
    if first := _earlier_open_step(draft, name):
        if request.method == "POST":
            keep_typed(request, draft, name)
        return redirect(step_url(first))
    if request.method == "POST" and LEAVE_BUTTONS & request.POST.keys():
        return leave(request, draft, name)
    if name in QUESTION_FORMS:
        return question_step(request, draft, name)
    views = {"date": date_step, "alternatives": alternatives_step, "check": _check}
    return views[name](request, draft)


def _earlier_open_step(draft: Draft, name: str) -> str | None:
    """The earlier step that is not complete, or None; the programme may have been deactivated meanwhile."""
    first = draft.first_open_step()
    if STEPS.index(name) > STEPS.index(first):
        return first
    return "group" if name != "group" and draft.programme is None else None


def _check(request, draft: Draft) -> HttpResponse:
    if request.method == "GET":
        return _render_check(request, draft)
    if request.POST.get("website"):
        # A hidden field that only robots fill. If a browser filled it, the guest sees the page again.
        return _render_check(request, draft, [_("Leave the field “Website” empty and send again.")], status=422)
    if request.POST.get("slot"):
        chosen = SessionForm(request.POST)
        if chosen.is_valid():
            draft.set_step("date", {"slot": str(chosen.cleaned_data["slot"])})
            draft.set_step("alternatives", {"slots": []})
            draft.save(request.session)
    if not rate_limits.spend(budgets.BOOKING, client=rate_limits.client_address(request)):
        refusal = _("Too many requests came from your network within an hour. Please try again later; nothing you typed is lost.")
        return _render_check(request, draft, [refusal], status=429)
    data = draft.to_booking()
    if data is None:
        return redirect(step_url(draft.first_wrong_step()))
    outcome = perform(lambda: booking.submit(data))
    if outcome.error:
        others = []
        if data.slot and rules.another_session_may_help(outcome.error.codes):
            others = dates.nearest_to(data.slot, persons=data.group_size, now=timezone.now())
        sentences = [str(violation) for violation in outcome.error.violations] or [outcome.refusal]
        return _render_check(request, draft, sentences, others=others, status=outcome.status)
    request.session[SENT] = {**request.session.get(SENT, {}), str(data.submission_key): outcome.result.pk}
    draft.discard(request.session)
    return redirect("visits:sent")


def _render_check(request, draft: Draft, errors: list[str] | None = None, *, others=(), status: int = 200) -> HttpResponse:
    answers = draft.answers()
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
    """The page after sending: the guest must open the link in the mail. POST sends that mail again."""
    keys = request.session.get(SENT, {})
    visit = Visit.objects.select_related("programme", "slot", "region").filter(pk=next(reversed(keys.values()), 0)).first()
    if visit is None:
        return redirect("visits:book")
    again = False
    if request.method == "POST":
        if visit.status != VisitStatus.UNVERIFIED:
            raise Http404
        again = rate_limits.spend(budgets.CONFIRMATION, client=rate_limits.client_address(request), subject=visit.pk)
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


@private_page
@require_http_methods(["GET", "POST"])
def save_draft(request: HttpRequest) -> HttpResponse:
    """Save the draft and mail a link to continue on any device."""
    draft = Draft.load(request.session)
    form, sent_to, status = SaveForm(initial={"email": draft.step("contact").get("contact_email", "")}), "", 200
    if request.method == "POST":
        form = SaveForm(request.POST)
        if not form.is_valid():
            status = 422
        elif not rate_limits.spend(
            budgets.SAVED_DRAFT, client=rate_limits.client_address(request), subject=form.cleaned_data["email"].casefold()
        ):
            form.add_error(None, _("Too many links were asked for within an hour. Please try again later; nothing you typed is lost."))
            status = 429
        else:
            sent_to = form.cleaned_data["email"]
            draft.save_for_later(request.session, sent_to)
    context = {"form": form, "sent_to": sent_to, "days": drafts.KEPT_FOR.days, "back": step_url(draft.first_open_step())}
    return render(request, "visits/public/save_draft.html", context, status=status)


@require_http_methods(["GET", "POST"])
@csrf_exempt
@secret_headers
def resume(request: HttpRequest, token: str) -> HttpResponse:
    """Continue a saved draft. Only the button loads it into this browser's session.

    Exempt from the CSRF check for the same reason as secret_page().
    """
    saved = drafts.by_token(token)
    if saved is None:
        return unknown_link(request)
    if request.method == "POST":
        draft = Draft({**saved.values, "saved": saved.pk})
        draft.save(request.session)
        return redirect(step_url(draft.first_open_step()))
    here = request.session.get(SESSION_KEY)
    has_another = bool(here) and here.get("key") != saved.values.get("key")
    return render(request, "visits/public/resume.html", {"saved": saved, "has_another": has_another})
