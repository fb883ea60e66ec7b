"""After a visit: the anonymous survey, and what became of what was learnt. Both are opened by secret links, without an account."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from knowledge_hub.models import CaseStudyPage
from visits.domain import adoptions, budgets, survey, tokens
from visits.domain.survey_questions import ELEMENTS, LEARNING, WORDS, Element
from visits.domain.uploads import PHOTO_KINDS, check_evidence
from visits.enums import AdoptionMode, AdoptionStatus
from visits.models import Delegate, Visit
from visits.public.delegate_page import delegate_page
from visits.public.secret_pages import Outcome, perform_within, secret_page
from visits.queries import adoptions as adoption_reads


def _mark_field(element: Element, *, required: bool) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=element.question,
        choices=[(4 - place, label) for place, label in enumerate(reversed(element.marks))],
        coerce=int,
        empty_value=None,
        required=required,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the answers.")},
    )


class SurveyForm(forms.Form):
    """All questions of the survey."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for element in ELEMENTS:
            self.fields[element.field] = _mark_field(element, required=True)
        for element in LEARNING:
            self.fields[element.field] = _mark_field(element, required=False)
        for question in WORDS:
            self.fields[question.field] = forms.CharField(
                label=question.question, required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
            )

    def save(self, who: Delegate | Visit) -> None:
        """Hand the answers to the domain. Raises Refused."""
        told = self.cleaned_data
        marks = {element.field: told[element.field] for element in (*ELEMENTS, *LEARNING)}
        survey.answer(who, marks, {question.field: told[question.field] for question in WORDS})


def _survey(request: HttpRequest, who: Delegate | Visit, visit: Visit, back: str, language: str = "") -> HttpResponse:
    form, outcome = SurveyForm(), Outcome()
    if request.method == "POST":
        form = SurveyForm(request.POST)
        outcome = perform_within(budgets.SURVEY, request, visit.pk, lambda: form.save(who), form)
        if outcome.is_done:
            return redirect(f"{request.path}?lang={language}" if language else request.path)
    context = {
        "visit": visit,
        "form": form,
        "refusal": outcome.refusal,
        "is_open": survey.is_open(visit),
        "is_answered": survey.has_answered(who),
        "official": [form[element.field] for element in ELEMENTS],
        "learning": [form[question.field] for question in (*LEARNING, *WORDS)],
        "back": back,
    }
    return render(request, "visits/public/survey.html", context, status=outcome.status)


@require_http_methods(["GET", "POST"])
@secret_page(tokens.STATUS)
def survey_of_contact(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The survey for the contact person."""
    return _survey(request, visit, visit, reverse("visits:status", args=[request.visit_token]))


@require_http_methods(["GET", "POST"])
@delegate_page
def survey_of_delegate(request: HttpRequest, person: Delegate, *, language: str) -> HttpResponse:
    """The survey for a delegate, in the language of the delegate's page."""
    token = request.resolver_match.kwargs["token"]
    return _survey(request, person, person.visit, reverse("delegate", args=[token]) + f"?lang={language}", language)


class AdoptionForm(forms.Form):
    """What became of one case study. ``status`` alone is enough."""

    NOTHING = ""

    status = forms.ChoiceField(
        label=_("How far did you come?"),
        choices=[(NOTHING, _("Nothing so far")), *AdoptionStatus.choices],
        required=False,
        widget=forms.RadioSelect,
    )
    stop_reason = forms.CharField(
        label=_("If it was stopped: why?"),
        help_text=_("Others learn from it as much as from a success."),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    mode = forms.ChoiceField(
        label=_("How do you adopt it?"), choices=[("", _("Not said")), *AdoptionMode.choices], required=False, widget=forms.RadioSelect
    )
    description = forms.CharField(label=_("What do you do?"), required=False, max_length=1500, widget=forms.Textarea(attrs={"rows": 3}))
    plan = forms.CharField(
        label=_("Next steps"),
        help_text=_("One on each line, with who and by when."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    figure = forms.CharField(
        label=_("What did you measure?"), help_text=_("For example days until a permit."), required=False, max_length=120
    )
    figure_before = forms.CharField(label=_("Before"), required=False, max_length=60)
    figure_after = forms.CharField(label=_("After"), required=False, max_length=60)
    evidence_url = forms.URLField(
        label=_("Address of evidence"), help_text=_("A page or a news report."), required=False, max_length=500, assume_scheme="https"
    )
    evidence_file = forms.FileField(
        label=_("File"),
        help_text=_("A document or a photo. Only staff see it."),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".pdf,.docx,.xlsx,.pptx," + ",".join(f".{kind}" for kind in PHOTO_KINDS)}),
    )

    MORE = ("mode", "description", "plan", "figure", "figure_before", "figure_after", "evidence_url", "evidence_file")
    """Fields that are folded until somebody wants to tell more."""

    def clean_evidence_file(self):
        """Only files that are safe to open."""
        upload = self.cleaned_data["evidence_file"]
        return check_evidence(upload) if upload else None

    def clean(self):
        """A stopped one needs its reason, told at the field."""
        cleaned = super().clean()
        if cleaned.get("status") == AdoptionStatus.STOPPED and not cleaned.get("stop_reason", "").strip():
            self.add_error("stop_reason", _("Say in a few words why it was stopped; others learn from it."))
        if cleaned.get("status") == self.NOTHING and any(cleaned.get(name) for name in (*self.MORE, "stop_reason")):
            self.add_error("status", _("Say how far you came."))
        return cleaned

    @property
    def more(self) -> list[forms.BoundField]:
        """The folded fields."""
        return [self[name] for name in self.MORE]

    @property
    def is_unfolded(self) -> bool:
        """Whether one of the folded fields has an error or was filled."""
        return any(self[name].errors or self[name].value() for name in self.MORE)

    def facts(self) -> adoptions.Facts | None:
        """What was told; None for nothing."""
        told = self.cleaned_data
        if told["status"] == self.NOTHING:
            return None
        return adoptions.Facts(**{name: told[name] for name in (*adoptions.TEXTS, "evidence_file") if name in told})


class OtherCaseForm(AdoptionForm):
    """The same for a case study that the visit was not about."""

    case = forms.ModelChoiceField(CaseStudyPage.objects.none(), label=_("Another case study"), required=False, empty_label=_("None"))

    field_order = ["case"]

    def __init__(self, *args, cases, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["case"].queryset = cases

    def clean(self):
        """Case and status belong together."""
        cleaned = super().clean()
        if cleaned.get("status") and not cleaned.get("case"):
            self.add_error("case", _("Choose the case study that was adopted."))
        if cleaned.get("case") and not cleaned.get("status"):
            self.add_error("status", _("Say how far you came."))
        return cleaned


class ToldForm(forms.Form):
    """Query parameter: whether something was just told."""

    told = forms.BooleanField(required=False)

    @property
    def was_told(self) -> bool:
        """Whether the reader comes from the form."""
        return self.is_valid() and self.cleaned_data["told"]


class FollowUpForms:
    """One form for each case of a visit, and one for another case."""

    def __init__(self, request: HttpRequest, visit: Visit):
        data = {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}
        known = adoption_reads.last_told(visit)
        self.cases = {
            case: AdoptionForm(prefix=f"case-{case.pk}", initial=known.get(case.pk), **data) for case in adoptions.cases_of(visit)
        }
        shown = [case.pk for case in self.cases]
        self.other = OtherCaseForm(prefix="other", cases=adoption_reads.cases_to_choose().exclude(pk__in=shown), **data)

    def is_valid(self) -> bool:
        """Whether all of them are; every one shows its errors."""
        invalid = [form for form in (*self.cases.values(), self.other) if not form.is_valid()]
        return not invalid

    def told(self) -> dict[CaseStudyPage, adoptions.Facts]:
        """The facts by case study."""
        found = {case: form.facts() for case, form in self.cases.items()}
        if case := self.other.cleaned_data["case"]:
            found[case] = self.other.facts()
        return {case: facts for case, facts in found.items() if facts}


@require_http_methods(["GET", "POST"])
@secret_page(tokens.STATUS)
def follow_up(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What became of the visit's cases, told by the contact person."""
    all_forms, outcome = FollowUpForms(request, visit), Outcome()
    if request.method == "POST":
        outcome = perform_within(budgets.CHANGE, request, visit.pk, lambda: adoptions.answer(visit, all_forms.told()), all_forms)
        if outcome.is_done:
            return redirect(f"{request.path}?told=1")
    context = {
        "visit": visit,
        "token": request.visit_token,
        "forms": all_forms,
        "refusal": outcome.refusal,
        "is_open": adoptions.round_of(visit, timezone.now()) is not None,
        "was_told": request.method == "GET" and ToldForm(request.GET).was_told,
        "reports": adoption_reads.reports_of(visit),
    }
    return render(request, "visits/public/follow_up.html", context, status=outcome.status)
