"""Content that needs work: the querysets behind the reports and the staff's home page, one query each."""

import datetime as dt

from django.db.models import Count, Exists, F, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from wagtail.contrib.search_promotions.models import Query, QueryDailyHits
from wagtail.models import Page

from knowledge_hub.agreements import access
from knowledge_hub.content_health import agreement_reminders
from knowledge_hub.editing.completeness import VERIFIED_FOR
from knowledge_hub.models import BrokenLink, CaseStudyPage, CollaborationDocumentPage, FailedSearch, PageFeedback

RECENTLY = dt.timedelta(days=30)


def unverified_cases(today: dt.date | None = None) -> QuerySet[CaseStudyPage]:
    """Published cases that were not verified for twelve months or never; oldest first."""
    since = (today or timezone.localdate()) - VERIFIED_FOR
    cases = CaseStudyPage.objects.live().filter(Q(last_verified_at__isnull=True) | Q(last_verified_at__lt=since))
    return cases.select_related("locale").order_by(F("last_verified_at").asc(nulls_first=True), "title")


def ending_agreements(user) -> QuerySet[CollaborationDocumentPage]:
    """Published agreements within their reminder period, soonest end first; internal ones only for the city's staff."""
    pages = agreement_reminders.about_to_end(timezone.localdate())
    secret = {page.pk for page in pages if page.audience == access.Audience.STAFF}
    if secret and _is_of_the_city(user):
        secret = set()
    shown = [page.pk for page in pages if page.pk not in secret]
    return CollaborationDocumentPage.objects.filter(pk__in=shown).select_related("locale").order_by("valid_until", "title")


def _is_of_the_city(user) -> bool:
    return user.is_superuser or user.groups.filter(name=access.STAFF_GROUP).exists()


def failed_searches() -> QuerySet[FailedSearch]:
    """Searches without results, most frequent first."""
    return FailedSearch.objects.order_by("-hits", "-last_searched_at")


def recent_searches(today: dt.date | None = None) -> QuerySet[Query]:
    """Searches of the last thirty days, most frequent first, with ``times``, ``last_day`` and ``in_vain`` (whether the last
    search found nothing)."""
    since = (today or timezone.localdate()) - RECENTLY
    days = QueryDailyHits.objects.filter(query=OuterRef("pk"), date__gt=since).order_by().values("query")
    times, last_day = days.annotate(sum=Sum("hits")).values("sum"), days.annotate(last=Max("date")).values("last")
    missed = FailedSearch.objects.filter(query_string=OuterRef("query_string"), last_searched_at__date__gte=OuterRef("last_day"))
    searches = Query.objects.annotate(times=Subquery(times), last_day=Subquery(last_day)).filter(times__gt=0)
    return searches.annotate(in_vain=Exists(missed)).order_by("-times", "-last_day", "query_string")


def broken_links() -> QuerySet[BrokenLink]:
    """Links that were broken at the last check, oldest first."""
    return BrokenLink.objects.select_related("page__locale").order_by("found_at", "pk")


def untranslated_pages(user) -> QuerySet[Page]:
    """Published pages without a published translation, with ``has_draft``: whether a translation was begun."""
    twins = Page.objects.filter(translation_key=OuterRef("translation_key")).exclude(locale=OuterRef("locale"))
    pages = Page.objects.live().filter(depth__gt=1).filter(~Exists(twins.filter(live=True))).annotate(has_draft=Exists(twins))
    pages = pages.select_related("locale", "content_type").order_by("-last_published_at", "pk")
    if _is_of_the_city(user):
        return pages
    return pages.exclude(pk__in=CollaborationDocumentPage.objects.filter(audience=access.Audience.STAFF).values("pk"))


def rated_pages() -> QuerySet[Page]:
    """Pages with ratings, with ``helpful``, ``not_helpful`` and ``share`` (percent helpful); least helpful first."""

    def count(kind: str):
        rows = PageFeedback.objects.filter(page=OuterRef("pk"), kind=kind).order_by().values("page").annotate(n=Count("pk")).values("n")
        return Coalesce(Subquery(rows, output_field=IntegerField()), 0)

    pages = Page.objects.annotate(helpful=count(PageFeedback.Kind.HELPFUL), not_helpful=count(PageFeedback.Kind.NOT_HELPFUL))
    pages = pages.filter(Q(helpful__gt=0) | Q(not_helpful__gt=0)).annotate(share=100 * F("helpful") / (F("helpful") + F("not_helpful")))
    return pages.select_related("locale").order_by("share", "-not_helpful", "pk")


def open_feedback() -> QuerySet[PageFeedback]:
    """Unanswered questions and reported errors, oldest first."""
    kinds = (PageFeedback.Kind.QUESTION, PageFeedback.Kind.ERROR)
    return PageFeedback.objects.filter(kind__in=kinds, closed_at__isnull=True).order_by("created_at")
