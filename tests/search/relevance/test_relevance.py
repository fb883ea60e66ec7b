"""Search quality: 60 queries on the initial content and more than 200 fictitious pages, graded before any tuning."""

import tempfile

from django.conf import settings
from django.test import override_settings
from django.utils.html import strip_tags
from django.utils.translation import override
from modelsearch.backends import get_search_backend
from wagtail.models import Page

from knowledge_hub.search.page.paginated_results import PaginatedResults
from knowledge_hub.search.page.sources import sources
from knowledge_hub.search.page.strategy import find
from knowledge_hub.search.repair import rebuild
from tests.knowledge_hub.content import ContentTestCase
from tests.search.relevance import sample
from tests.search.relevance.measure import DEPTH, Fts5, measure

AT_LEAST = 0.9
LEFT_OUT = {"title", "summary", "search_description"}


class RelevanceTest(ContentTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        sample.publish()
        path = cls.enterClassContext(tempfile.TemporaryDirectory())
        backend = {**settings.WAGTAILSEARCH_BACKENDS["default"], "PATH": path}
        cls.enterClassContext(override_settings(WAGTAILSEARCH_BACKENDS={"default": backend}))
        rebuild(get_search_backend().get_index_for_model(Page))
        cls.questions = sample.questions()

    def answer(self, question) -> list[str]:
        """The slugs of the first results of the search page."""
        with override(question.language):
            found = find(question.text, sources(question.language))
            return [result.slug for result in PaginatedResults(found.parts)[:DEPTH]]

    def fts5(self) -> Fts5:
        rows = []
        for page in Page.objects.filter(depth__gt=1).select_related("locale").specific():
            names = [field.field_name for field in page.get_searchable_search_fields() if field.field_name not in LEFT_OUT]
            body = " ".join(strip_tags(str(getattr(page, name, ""))) for name in names)
            rows.append((page.locale.language_code, page.slug, page.title, getattr(page, "summary", ""), body))
        return Fts5(rows)

    def test_the_sample_is_large_and_contains_all_answers(self):
        known = set(Page.objects.values_list("slug", flat=True))

        assert len(sample.pages()) >= 200
        assert len(self.questions) == 60
        assert {slug for question in self.questions for slug in question.grades} <= known

    def test_results_are_better_than_with_fts5(self):
        ours, rows = measure(self.questions, self.answer)
        theirs, _ = measure(self.questions, self.fts5().answer)
        # ResultCard by pytest -s, and when the test fails.
        worst = "\n".join(f"  {value:.2f} {text}: {', '.join(found[:5])}" for value, text, found in rows if value < 0.9)
        report = f"nDCG@10 {ours:.3f}, FTS5 {theirs:.3f}; below 0.9:\n{worst}"
        print(report)  # noqa: T201 -- the measured value is the purpose of this test

        assert ours >= AT_LEAST, report
        assert ours > theirs, report
