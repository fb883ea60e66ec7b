"""The catalogue as open data: one row for each case study or application, with both languages, as CSV and as JSON.

FIELDS describes the columns; the page for readers and the JSON schema are made from it.
"""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from knowledge_hub.core import content_cache
from knowledge_hub.core.audience import language_of, public
from knowledge_hub.models import ApplicationPage, CaseStudyPage, CollaborationDocumentPage, PageDirection, PageTopic
from knowledge_hub.models.taxonomy import topics

LANGUAGES = ("id", "en")
# Spreadsheets interpret texts with these first characters as formulas.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Field:
    """A column: its name, its JSON type, what it means, and whether it is read from each language."""

    name: str
    type: str
    meaning: Any
    read: Callable[[Any], Any]
    bilingual: bool = False


def _date(value) -> str | None:
    return value.isoformat() if value else None


SHARED = [
    Field("id", "string", _("Identifier; stays the same for ever"), lambda page: str(page.translation_key)),
    Field("url", "string", _("Address of the page"), lambda page: page.full_url, bilingual=True),
    Field("title", "string", _("Title"), lambda page: page.title, bilingual=True),
    Field("summary", "string", _("Summary"), lambda page: page.summary, bilingual=True),
    Field("topics", "array", _("Sub-dimensions of Smart City, by the last part of their name in addresses"), lambda page: page.data_topics),
    Field("directions", "array", _("Service directions: g2g, g2c, g2b"), lambda page: page.data_directions),
    Field("owner", "string", _("Office that answers for the page"), lambda page: page.owner_unit),
    Field("last_verified", "date", _("When its owner last verified it; empty if never"), lambda page: _date(page.last_verified_at)),
    Field("published", "date-time", _("First published"), lambda page: _date(page.first_published_at)),
    Field("updated", "date-time", _("Last published"), lambda page: _date(page.last_published_at)),
]
OF_CASES = [
    Field("status", "string", _("idea, trial, running, developed, stopped or unknown"), lambda page: page.status),
    Field("stopped_reason", "string", _("Why it was stopped"), lambda page: page.stopped_reason, bilingual=True),
    Field("start_year", "integer", _("Since when"), lambda page: page.start_year),
    Field("proven", "boolean", _("Whether a result was measured"), lambda page: page.is_proven),
    Field("cost_band", "string", _("none, up_to_100, up_to_1000 (million rupiah), above or unknown"), lambda page: page.cost_band),
    Field("results", "array", _("Measured results: indicator, unit, baseline, result, year, source"), lambda page: _rows(page.results)),
    Field("costs", "array", _("Cost lines: item, amount, funding, source"), lambda page: _rows(page.costs)),
    Field("legal_basis", "array", _("Legal basis: title, number"), lambda page: _rows(page.legal_basis)),
    Field("readiness", "array", _("What an adopter needs: area, requirement, effort (s, m, l)"), lambda page: _rows(page.readiness)),
    Field("sources", "array", _("Sources: title, publisher, date, url"), lambda page: _rows(page.sources)),
]
OF_APPLICATIONS = [
    Field("status", "string", _("trial, running, stopped or unknown"), lambda page: page.status),
    Field("since_year", "integer", _("Since when"), lambda page: page.since_year),
    Field("database", "string", _("Database that it uses"), lambda page: page.database),
    Field("access", "string", _("Use of the shared database: none, reads, writes, both or unknown"), lambda page: page.access),
    Field("case_study", "string", _("Identifier of its case study"), lambda page: _key(page.case_study)),
    Field("agreement", "string", _("Identifier of its agreement, if everybody may read that"), lambda page: _key(page.agreement)),
    Field("sources", "array", _("Sources: title, publisher, date, url"), lambda page: _rows(page.sources)),
]


@dataclass(frozen=True)
class DataSet:
    """A set of rows that can be downloaded."""

    name: str
    model: type
    title: Any
    fields: list[Field]


DATA_SETS = {
    "cases": DataSet("cases", CaseStudyPage, _("Case studies"), [*SHARED, *OF_CASES]),
    "applications": DataSet("applications", ApplicationPage, _("Applications"), [*SHARED, *OF_APPLICATIONS]),
}


def rows(data_set: DataSet) -> tuple[dict[str, Any], ...]:
    """All rows, oldest first; texts in two languages are objects with the keys ``id`` and ``en``."""
    return content_cache.get_or_set(f"open-data:{data_set.name}", lambda: _load(data_set))


def _load(data_set: DataSet) -> tuple[dict[str, Any], ...]:
    with override(settings.LANGUAGE_CODE):
        related = [name for name in ("case_study", "agreement") if hasattr(data_set.model, name)]
        pages = list(public(data_set.model.objects.select_related(*related)).order_by("first_published_at", "pk"))
        pks = [page.pk for page in pages]
        readable = set(public(_agreements(pages)).values_list("pk", flat=True)) if related else set()
        slugs = {pk: topic.slug for pk, topic in topics().items()}
        chosen, directions = {}, {}
        for page_pk, topic_pk in PageTopic.objects.filter(page__in=pks).values_list("page_id", "topic_id"):
            chosen.setdefault(page_pk, []).append(slugs[topic_pk])
        for page_pk, direction in PageDirection.objects.filter(page__in=pks).values_list("page_id", "direction"):
            directions.setdefault(page_pk, []).append(direction)
        versions: dict[str, dict[str, Any]] = {}
        for page in pages:
            page.data_topics = sorted(chosen.get(page.pk, []))
            own = [page.direction] if data_set.model is ApplicationPage else []
            page.data_directions = sorted({*directions.get(page.pk, []), *own})
            if related and page.agreement_id not in readable:
                page.agreement = None
            versions.setdefault(str(page.translation_key), {})[language_of(page)] = page
        return tuple(_row(data_set, pages_by_language) for pages_by_language in versions.values())


def _agreements(pages):

    return CollaborationDocumentPage.objects.filter(pk__in=[page.agreement_id for page in pages if page.agreement_id])


def _row(data_set: DataSet, pages: dict[str, Any]) -> dict[str, Any]:
    first = pages.get("id") or next(iter(pages.values()))
    row = {}
    for field in data_set.fields:
        if field.bilingual:
            row[field.name] = {language: field.read(pages[language]) if language in pages else None for language in LANGUAGES}
        else:
            row[field.name] = field.read(first)
    return row


def _rows(stream) -> list[dict[str, Any]]:
    return [{name: _plain(value) for name, value in row.value.items()} for row in stream]


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _key(page) -> str | None:
    return str(page.translation_key) if page else None


def as_csv(data_set: DataSet) -> str:
    """The rows as CSV after RFC 4180 with a line of names; two languages are two columns, lists of texts are joined by ``|``,
    and longer lists are given as a number only, because the JSON file contains them completely.
    """
    names = [name for field in data_set.fields for name in _columns(field)]
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(names)
    for row in rows(data_set):
        cells: list[Any] = []
        for field in data_set.fields:
            value = row[field.name]
            cells += [value[language] for language in LANGUAGES] if field.bilingual else [_cell(value)]
        writer.writerow([formula_safe(cell) for cell in cells])
    return file.getvalue()


def _columns(field: Field) -> list[str]:
    if field.bilingual:
        return [f"{field.name}_{language}" for language in LANGUAGES]
    return [field.name]


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        return "|".join(value) if all(isinstance(item, str) for item in value) else len(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return value


def formula_safe(cell: Any) -> Any:
    """A text safe for a spreadsheet cell: a text that would be a formula gets a leading apostrophe."""
    if cell is None:
        return ""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def schema(data_set: DataSet) -> dict[str, Any]:
    """The JSON schema (draft 2020-12) of the JSON file, with the meanings in English."""
    with override("en"):
        properties = {field.name: _schema_of(field) for field in data_set.fields}
        title = str(data_set.title)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        "type": "object",
        "required": ["licence", "publisher", "rows"],
        "properties": {
            "licence": {"type": "object"},
            "publisher": {"type": "string"},
            "rows": {
                "type": "array",
                "items": {"type": "object", "required": list(properties), "properties": properties, "additionalProperties": False},
            },
        },
    }


def _schema_of(field: Field) -> dict[str, Any]:
    if field.bilingual:
        one: dict[str, Any] = {"type": ["string", "null"]}
        described = {"type": "object", "required": list(LANGUAGES), "properties": dict.fromkeys(LANGUAGES, one)}
    elif field.type in ("date", "date-time"):
        described = {"type": ["string", "null"], "format": field.type}
    else:
        described = {"type": field.type} if field.type in ("array", "boolean") else {"type": [field.type, "null"]}
    return {**described, "description": str(field.meaning)}
