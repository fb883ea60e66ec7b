"""Saving an unfinished request, and going on with it by the link in the mail."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from knowledge_hub.core import rate_limits
from visits.domain import drafts
from visits.public.booking_steps import step_url
from visits.public.booking_views import BOOKINGS_PER_HOUR, MAILS_PER_HOUR
from visits.public.draft import SESSION_KEY, Draft
from visits.public.forms import SaveForm
from visits.public.secret_pages import private_page, secret_headers, unknown


@private_page
@require_http_methods(["GET", "POST"])
def save_draft(request: HttpRequest) -> HttpResponse:
    """Mail a link by which the guest goes on later, on any device."""
    draft = Draft.load(request.session)
    form, sent_to, status = SaveForm(initial={"email": draft.step("contact").get("contact_email", "")}), "", 200
    if request.method == "POST":
        form = SaveForm(request.POST)
        if not form.is_valid():
            status = 422
        elif not rate_limits.allow("save-draft", rate_limits.client_address(request), per_hour=BOOKINGS_PER_HOUR) or not rate_limits.allow(
            "save-draft-to", form.cleaned_data["email"].casefold(), per_hour=MAILS_PER_HOUR
        ):
            form.add_error(None, _("Too many links were asked for within an hour. Please try again later; nothing you typed is lost."))
            status = 429
        else:
            sent_to = form.cleaned_data["email"]
            draft.save_for_later(request.session, sent_to, get_language())
    context = {"form": form, "sent_to": sent_to, "days": drafts.KEPT_FOR.days, "back": step_url(draft.first_open_step())}
    return render(request, "visits/public/save_draft.html", context, status=status)


@require_http_methods(["GET", "POST"])
@csrf_exempt
@secret_headers
def resume(request: HttpRequest, token: str) -> HttpResponse:
    """Go on with a saved request. The button takes it into this browser; opening the link alone changes nothing.

    Free of Django's CSRF check for the same reason as the other secret pages: what lets the guest act is the address.
    """
    saved = drafts.by_token(token)
    if saved is None:
        return unknown(request)
    if request.method == "POST":
        draft = Draft({**saved.values, "saved": saved.pk})
        draft.save(request.session)
        return redirect(step_url(draft.first_open_step()))
    here = request.session.get(SESSION_KEY)
    has_another = bool(here) and here.get("key") != saved.values.get("key")
    return render(request, "visits/public/resume.html", {"saved": saved, "has_another": has_another})
