"""The page of a task of preparation, opened by the link in the owner's mail. No login, no script."""

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from visits.domain import preparation
from visits.domain.place import place_of
from visits.models import PreparationTask
from visits.public.secret_pages import Outcome, perform, secret_headers, unknown_link
from visits.queries.preparation import counts


class DoneForm(forms.Form):
    """The task is done; a note may tell more."""

    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=PreparationTask._meta.get_field("note").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For example what is still missing, or whom to ask."),
    )


@require_http_methods(["GET", "POST"])
@csrf_exempt  # For the reason that secret_pages.secret_page() gives.
@secret_headers
def task(request: HttpRequest, token: str) -> HttpResponse:
    """What is to be done, until when and where; POST marks it as done. Owners are people of the host: the language is the site's."""
    with override(settings.LANGUAGE_CODE):
        found = preparation.by_token(token)
        if found is None:
            return unknown_link(request)
        form, outcome = DoneForm(), Outcome()
        if request.method == "POST":
            form = DoneForm(request.POST)
            outcome = perform(lambda: preparation.finish(found, note=form.cleaned_data["note"]), form)
            if outcome.is_done:
                return redirect(request.path)
            found = preparation.by_token(token) or found
        visit = found.visit
        context = {
            "task": found,
            "visit": visit,
            "due": preparation.due_on(found, visit),
            "is_being_prepared": preparation.is_being_prepared(visit),
            "place": place_of(visit),
            "counts": counts(visit),
            "form": form,
            "refusal": outcome.refusal,
        }
        response = render(request, "visits/public/task.html", context, status=outcome.status)
    response["Content-Language"] = settings.LANGUAGE_CODE
    return response
