"""Feedback on a page. These views set a CSRF cookie; the pages themselves set none and stay cacheable."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from wagtail.models import Page

from knowledge_hub.core import rate_limits
from knowledge_hub.core.audience import public
from knowledge_hub.core.language import active_language
from knowledge_hub.models import PageFeedback
from knowledge_hub.views.forms import FeedbackForm, KindForm

FEEDBACK = rate_limits.declare("feedback", per_address=10, per_network=30)


def _page(pk: int) -> Page:
    page = public(Page.objects.filter(pk=pk, depth__gt=2)).first()
    if page is None:
        raise Http404
    return page


@never_cache
def give(request, pk):
    """Show and receive the feedback form for one kind of message."""
    page = _page(pk)
    if request.method != "POST":
        kind = KindForm(request.GET).chosen()
        return _show(request, page, kind, FeedbackForm(kind=kind))
    kind = KindForm(request.POST).chosen()
    form = FeedbackForm(request.POST, kind=kind)
    if not form.is_valid():
        return _show(request, page, kind, form, status=422)
    if form.is_spam:
        return redirect(reverse("feedback_thanks", args=[page.pk]))
    if not rate_limits.spend(FEEDBACK, client=rate_limits.client_address(request)):
        return _show(request, page, kind, form, status=429, too_many=True)
    PageFeedback.objects.create(
        page=page,
        kind=kind,
        text=form.cleaned_data["text"],
        reply_to=form.cleaned_data.get("reply_to", ""),
        language=active_language(),
    )
    return redirect(reverse("feedback_thanks", args=[page.pk]))


def _show(request, page, kind, form, *, status=200, too_many=False):
    kinds = PageFeedback.Kind
    context = {
        "subject": page,
        "kind": kind,
        "is_opinion": kind in (kinds.HELPFUL, kinds.NOT_HELPFUL),
        "kinds": kinds,
        "form": form,
        "too_many": too_many,
    }
    return render(request, "knowledge_hub/feedback.html", context, status=status)


@never_cache
def thanks(request, pk):
    """Confirmation with a link back to the page."""
    return render(request, "knowledge_hub/feedback_thanks.html", {"subject": _page(pk)})
