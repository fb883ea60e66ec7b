"""Public pages of programmes and of the rules for visits."""

import datetime as dt

from django.shortcuts import render
from django.utils import timezone

from visits.domain import booking, scheduling
from visits.domain.calendar_days import local_date
from visits.models.scheduling import MAX_NOTICES
from visits.queries import public


def programmes(request):
    """The active programmes as cards."""
    return render(request, "visits/public/programmes.html", {"programmes": public.programmes_with_first_slot(timezone.now())})


def rules(request):
    """The current rules, and the days without visits."""
    today = local_date(timezone.now())
    context = {
        "programmes": public.programmes_with_hours(),
        "exceptions": public.calendar_exceptions(today, today + dt.timedelta(days=365)),
        "confirm_hours": int(booking.CONFIRM_WITHIN.total_seconds() // 3600),
        "place_hours": int(scheduling.PLACE_HOLDS_FOR.total_seconds() // 3600),
        "max_notices": MAX_NOTICES,
    }
    return render(request, "visits/public/rules.html", context)
