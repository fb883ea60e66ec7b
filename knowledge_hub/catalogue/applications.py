"""The catalogue of applications: grouped by service direction, and drawn as a diagram with the shared database."""

from dataclasses import dataclass

from knowledge_hub.catalogue.entries import Entry, entries_by_pk
from knowledge_hub.core import content_cache
from knowledge_hub.core.audience import public
from knowledge_hub.core.language import active_language
from knowledge_hub.models import ApplicationPage, CaseStudyPage, CollaborationDocumentPage, ServiceDirection

Access = ApplicationPage.Access


@dataclass(frozen=True)
class Application:
    """An application with its public case study and agreement."""

    entry: Entry
    database: str
    access: str
    access_label: str
    case: Entry | None
    agreement: Entry | None

    @property
    def uses_shared_database(self) -> bool:
        """Whether it reads or writes the shared database."""
        return self.access in (Access.READS, Access.WRITES, Access.BOTH)


@dataclass(frozen=True)
class Group:
    """The applications of one service direction."""

    code: str
    label: str
    applications: tuple[Application, ...]


def groups() -> tuple[Group, ...]:
    """The three groups in the active language, each in alphabetical order; no query until the content changes."""
    return content_cache.get_or_set(f"applications:{active_language()}", _load)


def _load() -> tuple[Group, ...]:
    known = entries_by_pk()
    readable = set(public(CollaborationDocumentPage.objects.all()).values_list("pk", flat=True))
    readable |= set(public(CaseStudyPage.objects.all()).values_list("pk", flat=True))

    def public_entry(pk: int | None) -> Entry | None:
        return known.get(pk) if pk in readable else None

    made: dict[str, dict[str, Application]] = {code: {} for code in ServiceDirection.values}
    for page in public(ApplicationPage.objects.order_by("title")).defer_streamfields():
        entry = known[page.pk]
        # Of two translations, only the one in the reader's language is listed.
        if entry.pk == page.pk:
            recorded = page.access != Access.UNKNOWN
            made[page.direction][entry.key] = Application(
                entry,
                page.database,
                page.access,
                str(page.get_access_display()) if recorded else "",
                public_entry(page.case_study_id),
                public_entry(page.agreement_id),
            )
    return tuple(Group(direction.value, str(direction.label), tuple(made[direction.value].values())) for direction in ServiceDirection)


def application_links(page: ApplicationPage) -> dict[str, Entry | None]:
    """Entries of an application's ``case`` study and ``agreement``; None unless public."""
    known = entries_by_pk()
    return {"case": known.get(page.case_study_id), "agreement": known.get(page.agreement_id)}


# Measures of the diagram in SVG units: three columns of applications above the shared database.
COLUMN, ROW, TOP, LEAF = 300, 58, 74, 44


@dataclass(frozen=True)
class Leaf:
    """An application in the diagram."""

    application: Application
    x: int
    y: int
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Branch:
    """A service direction in the diagram: heading, applications, and the line down to the database."""

    group: Group
    x: int
    leaves: tuple[Leaf, ...]
    path: str


@dataclass(frozen=True)
class Tree:
    """The diagram; the table below it says the same in words."""

    width: int
    height: int
    ground: int
    branches: tuple[Branch, ...]


def tree(shown: tuple[Group, ...]) -> Tree:
    """The diagram of some groups of applications."""
    most = max((len(group.applications) for group in shown), default=0)
    ground = TOP + max(most, 1) * ROW + 8
    width = COLUMN * len(shown) + 24
    branches = []
    for number, group in enumerate(shown):
        x = COLUMN * number + 24
        leaves = tuple(
            Leaf(application, x + 24, TOP + row * ROW, _lines(application.entry.title))
            for row, application in enumerate(group.applications)
        )
        branches.append(Branch(group, x, leaves, f"M{x + 8} {TOP - 14} V{ground + 24}"))
    return Tree(width, ground + 96, ground, tuple(branches))


def _lines(title: str, *, length: int = 27) -> tuple[str, ...]:
    """A title in at most two lines of ``length`` letters, ending in an ellipsis if it is longer."""
    lines = [""]
    for word in title.split():
        if len(lines[-1]) + len(word) + 1 <= length or not lines[-1]:
            lines[-1] = f"{lines[-1]} {word}".strip()
        else:
            lines.append(word)
    shown = [line if len(line) <= length else line[: length - 1] + "…" for line in lines[:2]]
    if len(lines) > 2:
        shown[1] = shown[1][: length - 1].rstrip() + "…"
    return tuple(shown)
