"""Comparison of two or three case studies."""

from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from knowledge_hub.core.audience import public
from knowledge_hub.models import CaseStudyPage

MOST = 3
WORDS = 60


@dataclass(frozen=True)
class Cell:
    """One case in one row: a text or lines; ``anchor`` links to the section of the page."""

    text: str = ""
    lines: tuple[str, ...] = ()
    anchor: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Row:
    """A row of the comparison."""

    label: str
    cells: tuple[Cell, ...]

    @property
    def is_empty(self) -> bool:
        """Whether all cells are empty."""
        return not any(cell.text or cell.lines for cell in self.cells)


def cases(pks: list[int]) -> list[CaseStudyPage]:
    """The public case studies among these primary keys, in their order, at most three; two queries."""
    found = {page.pk: page for page in public(CaseStudyPage.objects.filter(pk__in=pks)).prefetch_related("page_topics", "page_directions")}
    return [found[pk] for pk in pks if pk in found][:MOST]


def rows(pages: list[CaseStudyPage]) -> list[Row]:
    """The rows of the comparison in the order of the case template, without empty ones."""
    made = [
        _row(_("Evidence"), pages, _evidence),
        _row(_("Status"), pages, _status),
        _row(_("Since"), pages, lambda page: Cell(str(page.start_year or ""))),
        _row(_("Topics"), pages, lambda page: Cell(lines=tuple(topic.name for topic in page.topics))),
        _row(_("Service direction"), pages, lambda page: Cell(lines=tuple(page.directions))),
        _row(_("Context and problem"), pages, _text("context")),
        _row(_("Solution"), pages, _text("solution")),
        _row(_("What is new"), pages, _text("novelty")),
        _row(_("Partners and roles"), pages, _partners),
        _row(_("Costs and funds"), pages, _costs),
        _row(_("Results"), pages, _results),
        _row(_("Challenges and failures"), pages, _text("challenges")),
        _row(_("Lessons"), pages, _text("lessons")),
        _row(_("Effort to adopt"), pages, lambda page: Cell(str(page.get_effort_display()) if page.effort else "", anchor="adopt")),
        _row(_("What an adopter needs"), pages, _readiness),
        _row(_("What can be shared"), pages, _shareable),
        _row(_("Owner"), pages, lambda page: Cell(page.owner_unit)),
        _row(_("Last verified"), pages, _verified),
    ]
    return [row for row in made if not row.is_empty]


def _row(label: str, pages, read) -> Row:
    return Row(label, tuple(read(page) for page in pages))


def _text(name: str):
    def read(page: CaseStudyPage) -> Cell:
        text: Any = getattr(page, name)
        return Cell(Truncator(text).words(WORDS, html=True) if text else "", anchor=name, kind="rich")

    return read


def _evidence(page: CaseStudyPage) -> Cell:
    return Cell(_("Proven") if page.is_proven else _("Not yet measured"), kind="proven" if page.is_proven else "unmeasured")


def _status(page: CaseStudyPage) -> Cell:
    if page.status == CaseStudyPage.Status.UNKNOWN:
        return Cell()
    return Cell(lines=tuple(filter(None, (str(page.get_status_display()), page.stopped_reason))))


def _partners(page: CaseStudyPage) -> Cell:
    return Cell(lines=tuple(f"{row.value['partner']}: {row.value['role']}" for row in page.partners), anchor="roles")


def _costs(page: CaseStudyPage) -> Cell:
    band = () if page.cost_band == page.CostBand.UNKNOWN else (str(page.get_cost_band_display()),)
    return Cell(lines=(*band, *(f"{row.value['item']}: {row.value['amount']}" for row in page.costs)), anchor="costs")


def _results(page: CaseStudyPage) -> Cell:
    lines = []
    for row in page.results:
        value = row.value
        before = f"{value['baseline']} → " if value["baseline"] else ""
        lines.append(f"{value['indicator']}: {before}{value['result']} {value['unit'] or ''}".strip() + f" ({value['year']})")
    return Cell(lines=tuple(lines), anchor="results")


def _readiness(page: CaseStudyPage) -> Cell:
    return Cell(lines=tuple(f"{row.value.labels['area']}: {row.value['requirement']}" for row in page.readiness), anchor="adopt")


def _shareable(page: CaseStudyPage) -> Cell:
    return Cell(lines=tuple(f"{row.value.labels['kind']}: {row.value['what']}" for row in page.shareable), anchor="adopt")


def _verified(page: CaseStudyPage) -> Cell:
    return Cell(date_format(page.last_verified_at, "j F Y") if page.last_verified_at else _("Not yet verified by its owner."))
