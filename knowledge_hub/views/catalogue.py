"""Public views of the knowledge base that are not Wagtail pages."""

from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse
from wagtail.models import Locale, Page

from knowledge_hub.agreements import wording
from knowledge_hub.catalogue import applications, comparison, regions
from knowledge_hub.catalogue.entries import entries_by_pk, published_entries
from knowledge_hub.core.audience import language_of, public
from knowledge_hub.core.page_cache import cacheable
from knowledge_hub.models import CollaborationDocumentPage, KnowledgeIndexPage, Region
from knowledge_hub.views.forms import PicksForm, VersionsForm


@cacheable
def untranslated(request, pk):
    """Show an untranslated page with a notice; redirect to the translation once it exists."""
    page = public(Page.objects.filter(pk=pk, depth__gt=1)).specific().first()
    if page is None:
        raise Http404
    translation = public(page.get_translations(inclusive=True).filter(locale=Locale.get_active())).first()
    if translation is not None:
        return redirect(translation.get_url(request))
    context = {**page.get_context(request), "original_language": language_of(page)}
    return TemplateResponse(request, page.get_template(request), context)


def _index_url(request) -> str:
    index = public(KnowledgeIndexPage.objects.filter(locale=Locale.get_active())).order_by("path").first()
    return index.get_url(request) if index else reverse("search")


def _address(view: str, name: str, pks) -> str:
    return f"{reverse(view)}?{urlencode([(name, pk) for pk in pks])}" if pks else reverse(view)


def shortlist(request):
    """The reader's shortlist. It is kept in the address, so it needs no account or cookie and can be shared."""
    known = entries_by_pk()
    entries = list(dict.fromkeys(known[pk] for pk in PicksForm(request.GET).chosen() if pk in known))
    pks = [entry.pk for entry in entries]
    items = [(entry, _address("shortlist", "id", [pk for pk in pks if pk != entry.pk])) for entry in entries]
    index = _index_url(request)
    context = {
        "items": items,
        "cases": [entry for entry in entries if entry.kind == "casestudypage"],
        "share_url": request.build_absolute_uri(_address("shortlist", "id", pks)),
        "more_url": f"{index}?{urlencode([('pick', pk) for pk in pks])}" if pks else index,
    }
    return render(request, "knowledge_hub/shortlist.html", context)


def compare(request):
    """Compare two or three case studies."""
    known = entries_by_pk()
    pks = [known[pk].pk for pk in PicksForm(request.GET).chosen() if pk in known]
    pages = comparison.cases(list(dict.fromkeys(pks)))
    offered = [entry for entry in published_entries() if entry.kind == "casestudypage"]
    context = {
        "pages": pages,
        "entries": [known[page.pk] for page in pages],
        "rows": comparison.rows(pages) if len(pages) > 1 else [],
        "offered": offered,
        "chosen": {page.pk for page in pages},
        "share_url": request.build_absolute_uri(_address("compare", "id", [page.pk for page in pages])),
        "shortlist_url": _address("shortlist", "id", [page.pk for page in pages]),
    }
    return render(request, "knowledge_hub/compare.html", context)


@cacheable
def application_catalogue(request):
    """All applications by service direction, with the diagram of the shared database."""
    shown = applications.groups()
    count = sum(len(group.applications) for group in shown)
    cases = [entry for entry in published_entries() if entry.kind == "casestudypage" and entry.directions]
    context = {"groups": shown, "count": count, "tree": applications.tree(shown), "cases": cases}
    return render(request, "knowledge_hub/applications.html", context)


def region(request, code):
    """A region: location, distance and its study visits."""
    found = get_object_or_404(Region.objects.select_related("parent"), pk=code)
    return render(request, "knowledge_hub/region.html", {"facts": regions.facts(found)})


def wordings(request, pk):
    """Compare two versions of a document word by word; 404 for readers who may not read it."""
    page = get_object_or_404(CollaborationDocumentPage.objects.live(), pk=pk)
    if any(not restriction.accept_request(request) for restriction in page.get_view_restrictions()):
        # A 403 would reveal that the document exists.
        raise Http404
    versions = list(page.versions.all())
    by_pk = {version.pk: version for version in versions}
    old, new = (by_pk.get(key) for key in VersionsForm(request.GET).pair())
    if len(versions) > 1:
        new = new or versions[-1]
        old = old or next((version for version in reversed(versions) if version.pk != new.pk), None)
    context = {"page": page, "wordings": versions, "old": old, "new": new}
    if old and new:
        context["paragraphs"] = wording.compare(old.text, new.text)
    return render(request, "knowledge_hub/wordings.html", context)
