"""What other regions adopted and what Binjai adopted from them, and the form by which a region reports without a visit."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from knowledge_hub.core import rate_limits
from knowledge_hub.core.page_cache import cacheable
from knowledge_hub.models import CaseStudyPage
from visits.booking_form.fields import RegionField, suggestions_of
from visits.domain import adoptions, budgets
from visits.enums import AdoptionStatus
from visits.public.after_visit import AdoptionForm, ToldForm
from visits.public.secret_pages import Outcome, perform, private_page
from visits.queries import regions
from visits.queries.adoptions import cases_to_choose
from visits.queries.chain import chain


@require_safe
@cacheable
def adopted(request: HttpRequest) -> HttpResponse:
    """All adoptions: in use, planned and stopped with the reason, and what Binjai took over from others."""
    found = chain()
    groups = [(status, [row for row in found.adoptions if row.status is status]) for status in _ORDER]
    return render(request, "visits/public/adoptions.html", {"chain": found, "groups": groups})


_ORDER = (AdoptionStatus.RUNNING, AdoptionStatus.PILOT, AdoptionStatus.PLANNED, AdoptionStatus.INTERESTED, AdoptionStatus.STOPPED)


class ReportForm(AdoptionForm):
    """A report by a region that need not have come on a visit. ``website`` is a field for robots."""

    region = RegionField(label=_("Your region"), max_length=120, error_messages={"required": _("Enter your region.")})
    organisation = forms.CharField(label=_("Your organisation"), max_length=200, error_messages={"required": _("Enter your organisation.")})
    case = forms.ModelChoiceField(
        CaseStudyPage.objects.none(), label=_("Case study"), error_messages={"required": _("Choose the case study that was adopted.")}
    )
    reporter_name = forms.CharField(label=_("Your name"), max_length=150, error_messages={"required": _("Enter your name.")})
    reporter_email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("Only for questions about this report; never published, deleted after a year."),
        error_messages={"required": _("Enter your e-mail address.")},
    )
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))

    WHO = ("region", "organisation", "case")
    REPORTER = ("reporter_name", "reporter_email")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["case"].queryset = cases_to_choose()
        self.fields["status"].required = True
        self.fields["status"].choices = AdoptionStatus.choices
        self.fields["status"].error_messages = {"required": _("Say how far you came.")}

    @property
    def who(self) -> list[forms.BoundField]:
        """Region, organisation and case."""
        return [self[name] for name in self.WHO]

    @property
    def reporter(self) -> list[forms.BoundField]:
        """Name and address."""
        return [self[name] for name in self.REPORTER]

    def save(self) -> None:
        """Hand the report to the domain. Raises Refused."""
        told = self.cleaned_data
        who = adoptions.Reporter(told["reporter_name"], told["reporter_email"])
        adoptions.report(told["region"], told["case"], self.facts(), reporter=who)


@never_cache
@require_http_methods(["GET", "POST"])
@private_page
def report(request: HttpRequest) -> HttpResponse:
    """The form; a robot is thanked and nothing is saved."""
    form, outcome = ReportForm(initial=CaseQuery.initial(request)), Outcome()
    if request.method == "POST":
        form = ReportForm(request.POST, request.FILES)
        if form.is_valid() and form.cleaned_data["website"]:
            outcome = Outcome(is_done=True)
        elif form.is_valid() and not rate_limits.spend(budgets.ADOPTION, client=rate_limits.client_address(request)):
            outcome = Outcome(refusal=str(_("Many reports came from your network within an hour. Please try again later.")), status=429)
        else:
            outcome = perform(form.save, form)
        if outcome.is_done:
            return redirect(f"{request.path}?told=1")
    context = {
        "form": form,
        "refusal": outcome.refusal,
        "was_told": request.method == "GET" and ToldForm(request.GET).was_told,
        "regions": regions.options(),
        "suggestions": suggestions_of(form, "region") if form.is_bound else [],
    }
    return render(request, "visits/public/report_adoption.html", context, status=outcome.status)


class CaseQuery(forms.Form):
    """Query parameter: the case study from whose page the reader comes."""

    case = forms.ModelChoiceField(CaseStudyPage.objects.none(), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["case"].queryset = CaseStudyPage.objects.live().public()

    @classmethod
    def initial(cls, request: HttpRequest) -> dict:
        """What the form starts with."""
        query = cls(request.GET)
        case = query.cleaned_data.get("case") if query.is_valid() else None
        return {"case": adoptions.canonical(case)} if case else {}
