"""Invalid paths and parameters cause no server error in any public view."""

import itertools

from django.test import override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase

from knowledge_hub.catalogue.facets import ListingForm
from knowledge_hub.core.audience import public_pages
from knowledge_hub.models import AgreementVersion, KnowledgeIndexPage
from knowledge_hub.search.page.forms import SearchForm
from knowledge_hub.views.forms import KindForm, PicksForm, VersionsForm
from tests import initial_content
from tests.knowledge_hub.content import agreement
from visits.public.forms import CalendarQueryForm, StartQueryForm

# Not tested: these need a login before they read a parameter, or serve files.
PRIVATE = ("admin/", "_util/", "static/", "media/")
# Every parameter that a form of these views reads.
FORMS = (SearchForm, PicksForm, VersionsForm, KindForm, ListingForm, StartQueryForm, CalendarQueryForm)
FACETS = {facet.name for facet in (*ListingForm.facets, *SearchForm.facets)}
PARAMETERS = tuple(sorted({name for form in FORMS for name in form.base_fields} | FACETS | {"id"}))
EVIL = (
    '"',
    "'",
    "\0",
    "%00",
    "-1",
    "0",
    "1",
    "99999999999999999999",
    "g2g",
    "casestudypage",
    "../../etc",
    "<script>",
    "\u202e",
    "\ud7ff",
    "NaN",
    "",
)
PATH_PARTS = ("x", "0", "7", "99999999999999999999", "%00", "'%22", "..%2f", "a" * 300)
value = st.one_of(st.sampled_from(EVIL), st.text(max_size=20))


def public_routes(patterns=None, before="") -> list[tuple[str, list]]:
    """Route and converters of every public view that is declared with path()."""
    found = []
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        text = str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            if text not in PRIVATE:
                found += public_routes(pattern.url_patterns, before + text)
        elif isinstance(pattern, URLPattern) and hasattr(pattern.pattern, "_route"):
            found.append((before + text, list(pattern.pattern.converters.items())))
    return found


def _parts(converter) -> list[str]:
    return [part for part in PATH_PARTS if not isinstance(converter, IntConverter) or part.isdigit()]


def addresses() -> list[str]:
    """Every public address with invalid values for its arguments."""
    made = set()
    for language in ("id", "en"):
        with override(language):
            for route, converters in public_routes():
                fills = [
                    [part for part in PATH_PARTS if not isinstance(kind, IntConverter) or part.isdigit()] for _name, kind in converters
                ]
                for parts in itertools.islice(itertools.product(*fills), 12):
                    address = "/" + route
                    for (_name, _kind), part in zip(converters, parts, strict=True):
                        start, end = address.index("<"), address.index(">")
                        address = address[:start] + part + address[end + 1 :]
                    made.add(address)
    return sorted(made)


@override_settings(DEBUG=False)
class AnyAddressTest(HypothesisTestCase):
    @classmethod
    def setUpTestData(cls):
        initial_content.load()
        versions = [AgreementVersion(label=label, date="2026-01-01", text=label) for label in ("A", "B")]
        document = agreement(KnowledgeIndexPage.objects.get(locale__language_code="id"), versions=versions)
        # One page of each type and language, and the views for single pages.
        of_type = {(type(page), page.locale_id): page for page in public_pages().specific()}
        cls.readable = [page.url for page in of_type.values()]
        for language in ("id", "en"):
            with override(language):
                cls.readable += [reverse(name, args=[document.pk]) for name in ("wordings", "feedback", "feedback_thanks")]
                cls.readable += [reverse(name) for name in ("search", "search_suggest", "shortlist", "compare", "applications", "data")]
                cls.readable.append(reverse("region", args=["12.19"]))

    def ask(self, address, data=None):
        answer = self.client.get(address, data or {})
        status = answer.status_code
        if answer.streaming:
            b"".join(answer.streaming_content)
        return status

    def test_the_tested_addresses_cover_public_views(self):
        routes = {route for route, _converters in public_routes()}

        assert {"sitemap.xml", "data/", "pdf/<key:pk>/"} <= routes
        assert len(routes) > 30

    def test_invalid_paths_cause_no_server_error(self):
        broken = {address: status for address in addresses() if (status := self.ask(address)) >= 500 and status != 503}

        assert broken == {}

    @settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        st.sampled_from([route for route, converters in public_routes() if not converters]),
        st.lists(st.tuples(st.sampled_from(PARAMETERS), value), max_size=5),
    )
    def test_invalid_parameters_cause_no_server_error(self, route, pairs):
        data = {}
        for name, text in pairs:
            data.setdefault(name, []).append(text)

        assert self.ask("/" + route, data) < 500

    @settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.integers(min_value=0), st.lists(st.tuples(st.sampled_from(PARAMETERS), value), max_size=4))
    def test_pages_accept_any_parameter(self, number, pairs):
        assert self.ask(self.readable[number % len(self.readable)], dict(pairs)) == 200
