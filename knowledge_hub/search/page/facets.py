"""Facets of the search page, and their counts from the search engine."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from django.conf import settings
from django.utils.translation import gettext, gettext_lazy

from knowledge_hub.catalogue.facets import DIMENSION, TYPE, YEAR, Facet, page_type_labels
from knowledge_hub.core.language import active_language
from knowledge_hub.search.page.sources import DOCUMENT, is_type, sources
from knowledge_hub.search.page.strategy import Outcome, find

LANGUAGE = Facet(
    "language",
    gettext_lazy("Language"),
    lambda: {code: gettext(str(name)) for code, name in settings.LANGUAGES},
    lambda entry: [entry.language],
    several=False,
    default=active_language,
)
# Each takes one value and has a column of the index.
NARROWING = (
    replace(TYPE, labels=lambda: page_type_labels() | {DOCUMENT: gettext("Documents")}, several=False, by_count=True),
    replace(DIMENSION, several=False),
    replace(YEAR, several=False),
)


def count_facets(outcome: Outcome, text: str, wanted: Mapping[Facet, str], language: str) -> dict[str, Counter]:
    """How many results have each value of each facet, among those that match the other facets.

    Facets that the search backend cannot count are left out.

    Args:
        outcome: the results without any facet chosen.
        text: the reader's query.
        wanted: the chosen value of each facet of NARROWING.
        language: language of the results.
    """
    counts = {}
    for facet in NARROWING:
        if is_type(facet) or any(part.can_count for part in outcome.parts):
            others = {other: value for other, value in wanted.items() if other is not facet}
            counts[facet.name] = sum((part.narrowed(others).values(facet) for part in outcome.parts), Counter())
    outcomes = {code: outcome if code == language else find(text, sources(code)) for code in LANGUAGE.labels()}
    in_language = {code: sum(part.narrowed(wanted).count for part in found.parts) for code, found in outcomes.items() if found}
    # The sign drops languages without results.
    counts["language"] = +Counter(in_language)
    return counts
