"""Calendars to subscribe to, and the page that explains how. An unchanged calendar is answered with 304 in at most two queries."""

import datetime as dt
from collections.abc import Callable

from django.conf import settings
from django.core.cache import cache
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_http_methods, require_safe

from visits.calendars import events, feeds
from visits.domain import budgets, tokens
from visits.domain.feeds import by_token, link_of, renew
from visits.models import CalendarFeed, Programme, Visit
from visits.public.secret_pages import Outcome, perform_within, secret_page
from visits.queries.feeds import KEPT_FOR, entries_of, is_shown, public_entries

_PUBLIC = "max-age=300"
_PRIVATE = "private, no-cache"


def _answer(request: HttpRequest, said: object, write: Callable[[dt.datetime], bytes], *, cache_control: str) -> HttpResponse:
    """The calendar that ``write`` makes, or 304 if the reader has what is ``said``.

    Events bear the moment at which this content was first asked for, so the same content gives the same bytes.
    """
    mark = feeds.fingerprint(said)
    seen: dt.datetime = cache.get_or_set(f"feed-{mark}", lambda: timezone.now().replace(microsecond=0), int(KEPT_FOR.total_seconds()))
    etag, modified = f'"{mark}"', int(seen.timestamp())
    response = get_conditional_response(request, etag=etag, last_modified=modified)
    if response is None or response.status_code != 304:
        response = HttpResponse(write(seen), content_type="text/calendar; charset=utf-8")
    response["ETag"], response["Last-Modified"] = etag, http_date(modified)
    response["Cache-Control"], response["X-Content-Type-Options"] = cache_control, "nosniff"
    return response


@require_safe
def public_feed(request: HttpRequest, slug: str = "") -> HttpResponse:
    """All visits, or those of a programme: time, programme and kind of organisation."""
    programme = get_object_or_404(Programme, slug=slug) if slug else None
    entries, name = public_entries(timezone.now(), programme), feeds.public_name(programme)
    said = ("public", name, entries, settings.LANGUAGE_CODE)
    return _answer(request, said, lambda seen: feeds.public_feed(entries, name, seen), cache_control=_PUBLIC)


@require_safe
def busy_times(request: HttpRequest) -> HttpResponse:
    """When visits take place, as VFREEBUSY."""
    entries = public_entries(timezone.now())
    return _answer(request, ("busy", entries), lambda seen: feeds.busy_times(entries, seen), cache_control=_PUBLIC)


@require_safe
def private_feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar of a secret address."""
    feed = by_token(token)
    if feed is None:
        raise Http404
    response = _of_visit(request, feed) if feed.visit else _of_staff(request, feed)
    response["X-Robots-Tag"], response["Referrer-Policy"] = "noindex", "no-referrer"
    return response


def _of_staff(request: HttpRequest, feed: CalendarFeed) -> HttpResponse:
    entries, name = entries_of(feed, timezone.now()), feeds.private_name(feed)
    said = ("private", name, entries, settings.LANGUAGE_CODE)
    return _answer(request, said, lambda seen: feeds.private_feed(entries, name, seen), cache_control=_PRIVATE)


def _of_visit(request: HttpRequest, feed: CalendarFeed) -> HttpResponse:
    visit = feed.visit
    if visit is None or not is_shown(visit, timezone.now()):
        raise Http404
    event = events.event_of(visit, with_parties=False, now=dt.datetime.fromtimestamp(0, dt.UTC))
    return _answer(request, event, lambda seen: feeds.visit_feed(event, seen), cache_control=_PRIVATE)


@require_http_methods(["GET", "POST"])
@secret_page(tokens.STATUS)
def subscribe(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The guest's own calendar: its address, or a new one in place of it. It opens the calendar only, not the page of the visit."""
    can_change, outcome = is_shown(visit, timezone.now()), Outcome()
    if request.method == "POST" and can_change:
        form = Form(request.POST)
        outcome = perform_within(budgets.FEED, request, visit.pk, lambda: renew(visit), form)
        if outcome.is_done:
            return redirect("visits:subscribe", token=request.visit_token)
    feed = CalendarFeed.objects.filter(visit=visit).first()
    context = {
        "visit": visit,
        "token": request.visit_token,
        "address": link_of(feed) if feed else "",
        "refusal": outcome.refusal,
        "can_change": can_change,
    }
    return render(request, "visits/public/subscribe.html", context, status=outcome.status)


@require_safe
def how_to_subscribe(request: HttpRequest) -> HttpResponse:
    """The addresses of the public calendars, and how to subscribe in Google, Outlook, Apple and Thunderbird."""
    programmes = Programme.objects.filter(active=True)
    context = {
        "everything": f"{settings.SITE_URL}{reverse('public_feed')}",
        "busy": f"{settings.SITE_URL}{reverse('busy_times')}",
        "addresses": [(one, f"{settings.SITE_URL}{reverse('programme_feed', args=[one.slug])}") for one in programmes],
    }
    return render(request, "visits/public/how_to_subscribe.html", context)
