"""Another date for a visit, behind the secret link: asking for one, and answering the one that the host proposed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from visits.domain import proposals, scheduling, tokens
from visits.domain.errors import MoveRefused
from visits.enums import AWAITS_DECISION, Actor, VisitStatus
from visits.models import Visit, VisitSlot
from visits.public.forms import PeriodForm
from visits.public.secret_pages import secret_page
from visits.public.visit_forms import RefuseForm, WishForm
from visits.queries import dates


def may_ask(visit: Visit) -> bool:
    """Whether the guest may ask for another date now."""
    before = visit.slot is None or visit.slot.starts_at > timezone.now()
    return before and visit.status in AWAITS_DECISION - {VisitStatus.PROPOSED} | {VisitStatus.APPROVED} and not proposals.open_of(visit)


@require_http_methods(["GET", "POST"])
@secret_page(tokens.STATUS)
def another_date(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Choose another session; the host answers, and until then everything stays as it is."""
    if not may_ask(visit):
        return redirect("visits:status", token=request.visit_token)
    period = PeriodForm(request.GET)
    period.is_valid()
    date = period.cleaned_data.get("date")
    month = period.cleaned_data.get("month") or date
    choice = dates.date_choice(visit.programme, persons=visit.group_size or 0, now=timezone.now(), month=month, visit=visit)
    form, refusal, status = WishForm(), "", 200
    if request.method == "POST":
        form, status = WishForm(request.POST), 422
        slot = VisitSlot.objects.filter(pk=form.cleaned_data["slot"]).first() if form.is_valid() else None
        if form.is_valid() and slot is None:
            form.add_error("slot", _("This session was just taken. Choose another one."))
        elif slot:
            try:
                scheduling.propose(visit, slot, by=Actor.GUEST, message=form.cleaned_data["message"])
            except MoveRefused as refused:
                refusal, status = str(refused), 409
            else:
                return redirect("visits:status", token=request.visit_token)
    context = {
        "visit": visit,
        "token": request.visit_token,
        "form": form,
        "refusal": refusal,
        "choice": choice,
        "date": date,
        "slots": choice.slots_on(date) if date else [],
        "region": visit.region,
    }
    return render(request, "visits/public/another_date.html", context, status=status)


@require_http_methods(["GET", "POST"])
@secret_page(tokens.STATUS)
def proposal(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Accept or refuse the date that the host proposed, or withdraw one's own; POST with ``action`` accept or end."""
    current = proposals.open_of(visit)
    if current is None:
        # Answered already, by the other click or the other side: the page of the visit says what became of it.
        return redirect("visits:status", token=request.visit_token)
    form, refusal, status = RefuseForm(), "", 200
    if request.method == "POST":
        form, status = RefuseForm(request.POST), 422
        if form.is_valid():
            try:
                if request.POST.get("action") == "accept":
                    scheduling.accept(visit, by=Actor.GUEST)
                else:
                    scheduling.end_proposal(visit, by=Actor.GUEST, reason=form.cleaned_data["reason"])
            except MoveRefused as refused:
                refusal, status = str(refused), 409
            else:
                return redirect("visits:status", token=request.visit_token)
    context = {"visit": visit, "token": request.visit_token, "proposal": current, "form": form, "refusal": refusal}
    return render(request, "visits/public/proposal.html", context, status=status)
