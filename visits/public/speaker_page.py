"""The page of an invited speaker, opened by the link in the mail: the answer, a substitute, a biography, slides. No login, no script."""

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from visits.domain import budgets, speakers
from visits.models import Resource, SpeakerInvitation
from visits.public.secret_pages import Outcome, perform_within, secret_headers, unknown_link
from visits.queries.speakers import known_biography, speaker_page


def _longest(name: str) -> int:
    return SpeakerInvitation._meta.get_field(name).max_length


class AcceptForm(forms.Form):
    """The speaker comes."""

    biography = forms.CharField(
        label=_("Short biography"),
        help_text=_("The guests read it beside your name."),
        required=False,
        max_length=_longest("biography"),
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class DeclineForm(forms.Form):
    """The speaker does not come."""

    reason = forms.CharField(
        label=_("Why you cannot come"),
        max_length=_longest("note"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Tell us in a few words why you cannot come.")},
    )


class SubstituteForm(forms.Form):
    """Another person comes instead."""

    name = forms.CharField(label=_("Name with titles"), max_length=Resource._meta.get_field("name").max_length)
    position = forms.CharField(label=_("Position"), max_length=_longest("substitute_position"), required=False)
    email = forms.EmailField(label=_("E-mail"), help_text=_("We send an invitation there."))


class SlidesForm(forms.Form):
    """The slides for this visit."""

    slides = forms.FileField(
        label=_("Slides (PDF or PPTX)"),
        help_text=_("Exactly this file is kept for the visit. Another upload is possible only if we agree."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.pptx"}),
        error_messages={"required": _("Choose a file first.")},
    )


@require_http_methods(["GET", "POST"])
@csrf_exempt  # For the reason that secret_pages.secret_page() gives.
@secret_headers
def speaker(request: HttpRequest, token: str) -> HttpResponse:
    """The invitation; POST answers it or uploads slides. Speakers are people of the region: the language is the site's."""
    with override(settings.LANGUAGE_CODE):
        found = speakers.by_token(token)
        if found is None:
            return unknown_link(request)
        open_forms = {
            "accept": AcceptForm(initial={"biography": known_biography(found)}),
            "decline": DeclineForm(),
            "substitute": SubstituteForm(),
            "slides": SlidesForm(),
        }
        outcome, action = Outcome(), request.POST.get("action", "")
        if request.method == "POST" and action in open_forms:
            form = open_forms[action] = type(open_forms[action])(request.POST, request.FILES)
            outcome = perform_within(budgets.SPEAKER, request, found.pk, lambda: _answer(found, action, form), form)
            if outcome.is_done:
                return redirect(request.path)
            found = speakers.by_token(token) or found
        context = {
            "page": speaker_page(found),
            "invitation": found,
            "visit": found.item.visit,
            "obstacle": speakers.obstacle(found, timezone.now()),
            "forms": open_forms,
            "form": open_forms.get(action),
            "refusal": outcome.refusal,
        }
        response = render(request, "visits/public/speaker.html", context, status=outcome.status)
    response["Content-Language"] = settings.LANGUAGE_CODE
    return response


def _answer(invitation: SpeakerInvitation, action: str, form: forms.Form) -> None:
    """Call the domain for one of the forms. Raises Refused."""
    data = form.cleaned_data
    match action:
        case "accept":
            speakers.accept(invitation, biography=data["biography"])
        case "decline":
            speakers.decline(invitation, reason=data["reason"])
        case "substitute":
            speakers.name_substitute(invitation, **data)
        case "slides":
            speakers.keep_slides(invitation, data["slides"])
