"""Downloads: citations, PDF, calendar entry, sharing image, open data."""

import datetime as dt
import json

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from wagtail.models import Page

from knowledge_hub.core import rate_limits
from knowledge_hub.core.audience import public
from knowledge_hub.core.page_cache import cacheable
from knowledge_hub.exports import forum_calendar, open_data, page_pdf, share_picture, structured_data
from knowledge_hub.exports.citation import Citation
from knowledge_hub.models import ForumPage, PagePdf
from knowledge_hub.tasks import request_page_pdf

CITATIONS = {"bib": ("application/x-bibtex; charset=utf-8", Citation.bibtex), "ris": ("application/x-research-info-systems", Citation.ris)}
PDF = rate_limits.declare("drawing of a page as PDF", per_address=30, per_network=90)


def _page(pk: int, model: type[Page] = Page) -> Page:
    page = public(model.objects.filter(pk=pk, depth__gt=1)).specific().first()
    if page is None:
        raise Http404
    return page


def _download(response: HttpResponse, name: str) -> HttpResponse:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@cacheable
def robots(request):
    """robots.txt (RFC 9309): everything but the staff's area. Pages that must not be indexed have a meta tag."""
    lines = ["User-agent: *", f"Disallow: {reverse('wagtailadmin_home')}", "", f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


SECURITY_NOTICE_VALID_FOR = dt.timedelta(days=180)


def security(request):
    """security.txt (RFC 9116): where weaknesses are reported. RFC 9116 wants an end of validity, so it is made for each reader."""
    until = (timezone.now() + SECURITY_NOTICE_VALID_FOR).replace(microsecond=0)
    lines = [
        f"Contact: {settings.SECURITY_CONTACT or settings.SITE_URL + reverse('contact')}",
        f"Expires: {until.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {', '.join(code for code, _name in settings.LANGUAGES)}",
        f"Canonical: {settings.SITE_URL}{request.path}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@cacheable
def citation(request, pk: int, kind: str):
    """The citation of a page as a file for reference managers."""
    if kind not in CITATIONS:
        raise Http404
    page = _page(pk)
    content_type, write = CITATIONS[kind]
    return _download(HttpResponse(write(Citation.of(page)), content_type=content_type), f"{slugify(page.title)[:60] or page.pk}.{kind}")


@cacheable
def picture(request, pk: int):
    """The sharing image (Open Graph) of a page."""
    page = _page(pk)
    kind = "" if page.depth == 2 else str(page._meta.verbose_name).capitalize()
    return HttpResponse(share_picture.draw(page.title, kind), content_type="image/png")


@cacheable
def calendar(request, pk: int):
    """A forum as an .ics file."""
    page = _page(pk, ForumPage)
    return _download(HttpResponse(forum_calendar.calendar(page), content_type="text/calendar; charset=utf-8"), f"forum-{page.date}.ics")


def pdf(request, pk: int):
    """The page as PDF, or a waiting page until the worker has drawn it."""
    page = _page(pk)
    if not page_pdf.is_offered(page):
        raise Http404
    paper = page_pdf.find(page)
    if page_pdf.is_due(paper):
        if not rate_limits.spend(PDF, client=rate_limits.client_address(request)):
            return render(request, "knowledge_hub/pdf_wait.html", {"subject": page, "too_many": True}, status=429)
        paper = request_page_pdf(page)
        paper.refresh_from_db()
    if file := page_pdf.file_of(paper):
        response = FileResponse(file, content_type="application/pdf")
        response["Content-Disposition"] = f'inline; filename="{slugify(page.title)[:60] or page.pk}.pdf"'
        response["Cache-Control"] = "public, no-cache"
        return response
    failed = paper.state == PagePdf.State.FAILED
    return render(request, "knowledge_hub/pdf_wait.html", {"subject": page, "failed": failed}, status=503 if failed else 202)


@cacheable
def data(request):
    """The open data sets with columns and licence."""
    files = [
        (kind, request.build_absolute_uri(reverse("data_file", args=[name, extension])))
        for name in open_data.DATA_SETS
        for extension, kind in (("csv", "text/csv"), ("json", "application/json"))
    ]
    ld = structured_data.dataset(
        name="Binjai Smart City",
        description=_("Case studies and applications of the smart city of Binjai."),
        url=request.build_absolute_uri(reverse("data")),
        files=files,
        changed=None,
    )
    sets = [(data_set, len(open_data.rows(data_set))) for data_set in open_data.DATA_SETS.values()]
    context = {"sets": sets, "licence": settings.CONTENT_LICENCE, "json_ld": structured_data.script(ld)}
    return render(request, "knowledge_hub/data.html", context)


@cacheable
def data_file(request, name: str, extension: str):
    """A data set as CSV or JSON."""
    data_set = open_data.DATA_SETS.get(name)
    if data_set is None:
        raise Http404
    if extension == "csv":
        return _download(HttpResponse(open_data.as_csv(data_set), content_type="text/csv; charset=utf-8"), f"{name}.csv")
    content = {"licence": settings.CONTENT_LICENCE, "publisher": "Pemerintah Kota Binjai", "rows": open_data.rows(data_set)}
    return HttpResponse(json.dumps(content, ensure_ascii=False), content_type="application/json")


@cacheable
def data_schema(request, name: str):
    """The JSON schema of a data set."""
    data_set = open_data.DATA_SETS.get(name)
    if data_set is None:
        raise Http404
    return HttpResponse(json.dumps(open_data.schema(data_set), ensure_ascii=False), content_type="application/schema+json")
