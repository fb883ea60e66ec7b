"""What the steps of the booking form share."""

from collections.abc import Mapping

from django.forms import Field
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from visits.public.draft import STEPS, Draft


def step_url(step: str) -> str:
    """Address of a step of the form."""
    return reverse("visits:book_step", kwargs={"name": step})


def previous_url(step: str) -> str:
    """Where “Back” leads."""
    position = STEPS.index(step)
    return step_url(STEPS[position - 1]) if position else reverse("visits:programmes")


def render_step(request, draft: Draft, step: str, context: dict, status: int = 200) -> HttpResponse:
    """The page of a step, with the way back."""
    position = STEPS.index(step)
    context |= {
        "step": step,
        "number": position + 1,
        "total": len(STEPS),
        "previous": previous_url(step),
        "draft": draft,
        # Who came from the last page to change one answer goes back there.
        "is_change": draft.first_open_step() == "check",
    }
    return render(request, f"visits/public/book_{step}.html", context, status=status)


def typed(data: QueryDict, fields: Mapping[str, Field]) -> dict:
    """What was typed in some fields, as plain values that the session can hold; files are kept apart."""
    return {
        name: data.getlist(name) if getattr(field.widget, "allow_multiple_selected", False) else data.get(name, "")
        for name, field in fields.items()
        if not field.widget.needs_multipart_form
    }


def go_on(request, draft: Draft) -> HttpResponse:
    """Keep the draft and show the first step that is not filled yet."""
    draft.save(request.session)
    return redirect(step_url(draft.first_open_step()))
