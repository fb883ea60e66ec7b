"""The facets beside the results: what there is to narrow by, how much each choice would show, and what was chosen."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy

from knowledge_hub.models.taxonomy import topics
from knowledge_hub.search.page.finding import Finding, find
from knowledge_hub.search.page.parts import COLUMNS, DOCUMENT, page_types, sources

FACETS = {"type": gettext_lazy("Type"), "topic": gettext_lazy("Dimension"), "year": gettext_lazy("Year")}
FIRST_YEAR = 1945
LAST_YEAR = 2200


@dataclass(frozen=True)
class Choice:
    """One value of a facet: its value in the address, what it is called, how many results it would show, whether it is chosen."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Facet:
    """A facet: its name in the address, its heading, its choices."""

    name: str
    label: str
    choices: list[Choice]

    def narrows(self, count: int) -> bool:
        """Whether it says more than the number of results, which is given: the types always do."""
        return self.name == "type" or len(self.choices) > 1 or any(choice.count != count for choice in self.choices)


def known(name: str, value: str) -> bool:
    """Whether a facet has such a value at all; what it has not is left out, never an error."""
    if name == "type":
        return value == DOCUMENT or value in page_types()
    if name == "topic":
        return value in _dimensions()
    return value.isascii() and value.isdigit() and len(value) == 4 and FIRST_YEAR <= int(value) <= LAST_YEAR


def facets_of(finding: Finding, wanted: Mapping[str, str]) -> list[Facet]:
    """The facets of what was found, each counted among what the choices in the others leave; those that can't be counted are left out.

    Args:
        finding: what was found, with nothing chosen.
        wanted: facet to the value that was chosen.
    """
    found = []
    for name, label in FACETS.items():
        others = {facet: value for facet, value in wanted.items() if facet != name}
        counts: Counter = sum((part.narrowed(others).values(name) for part in finding.parts), Counter())
        chosen = wanted.get(name)
        if chosen and not counts[chosen]:
            # Without any result of its own it still narrows: a link to one kind must not show the others.
            counts[chosen] = 0
        choices = [Choice(value, label_of(name, value), counts[value], value == chosen) for value in _in_order(name, counts)]
        if choices and (name not in COLUMNS or any(part.has_columns for part in finding.parts)):
            found.append(Facet(name, str(label), choices))
    return found


def languages(text: str, wanted: Mapping[str, str], chosen: str, found: int) -> Facet:
    """The facet of languages: how many results the same question has in each.

    Args:
        text: what the reader typed.
        wanted: facet to the value that was chosen.
        chosen: the chosen language.
        found: how many results that has.
    """
    choices = []
    for language, name in settings.LANGUAGES:
        count = found
        if language != chosen:
            finding = find(text, sources(language))
            count = sum(part.narrowed(wanted).count for part in finding.parts) if finding else 0
        choices.append(Choice(language, gettext(name), count, language == chosen))
    return Facet("language", gettext("Language"), [choice for choice in choices if choice.count or choice.chosen])


def label_of(name: str, value: str) -> str:
    """What a value of a facet is called in the active language."""
    if name == "type":
        if value == DOCUMENT:
            return gettext("Documents")
        model = ContentType.objects.get_for_id(page_types()[value]).model_class()
        return capfirst(str(model._meta.verbose_name_plural)) if model else value
    return _dimensions().get(value, value) if name == "topic" else value


def _dimensions() -> dict[str, str]:
    return {topic.dimension: topic.dimension_name for topic in topics().values()}


def _in_order(name: str, counts: Counter) -> list[str]:
    if name == "year":
        return sorted(counts, reverse=True)
    if name == "topic":
        return [slug for slug in _dimensions() if slug in counts]
    return [value for value, _ in sorted(counts.items(), key=lambda item: (-item[1], label_of(name, item[0])))]
