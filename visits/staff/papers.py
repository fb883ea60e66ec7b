"""The papers of a visit: what there is, what is missing for the others, and the buttons to make, read and print them."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from knowledge_hub.papers import PaperRefused
from visits.documents.all_papers import OF_A_VISIT
from visits.documents.office import make
from visits.documents.office.base import Kind, VisitPaper
from visits.documents.office.reply_docx import reply_docx
from visits.documents.office.reply_letter import DOCX
from visits.documents.preview import warm
from visits.domain import paper_values
from visits.domain.file_names import file_name
from visits.models import OfficePaper
from visits.permissions import ANY_OF_VISIT
from visits.queries.dossier import Dossier, dossier
from visits.staff.files import PrivateFileView, shown_pdf
from visits.staff.paper_forms import PaperValuesForm
from visits.staff.views import VisitFormView, VisitObjectMixin

ALL = "all"


@dataclass(frozen=True)
class Line:
    """One paper on the list.

    Attributes:
        paper: what was made of it; None if nothing was.
        obstacle: why it cannot be made now.
        is_outdated: its file shows another state.
        entered: the values that staff entered for it, as label and words.
        links: pages about it, as address and words: where its data are entered, and its other forms.
    """

    declared: VisitPaper
    paper: OfficePaper | None
    obstacle: str
    is_outdated: bool
    expires_at: dt.datetime | None
    may_make: bool
    entered: list[tuple[str | Promise, str]]
    links: list[tuple[str, str | Promise]]


class _PapersMixin:
    """What the person may do with the papers of a visit."""

    any_permission_required = ANY_OF_VISIT

    @property
    def papers_url(self) -> str:
        """URL of the papers list of the visit."""
        return reverse("visits_staff:papers", args=[self.object.pk])

    def may(self, *permissions: str) -> bool:
        """Whether the person has any of these."""
        return any(self.user_has_permission(permission) for permission in permissions)

    def papers(self) -> dict[str, VisitPaper]:
        """The papers that the person may see, by key."""
        return {key: paper for key, paper in OF_A_VISIT.items() if self.may(*paper.opened_by)}

    def declared(self, key: str) -> VisitPaper:
        """A paper that the person may see. Raises Http404 for any other."""
        try:
            return self.papers()[key]
        except KeyError as error:
            raise Http404 from error


class _PapersPage(_PapersMixin, PermissionCheckedMixin, VisitObjectMixin):
    """A page about the papers of a visit."""


class PapersView(_PapersPage, TemplateView):
    """The papers list of a visit: which can be made, which are made, which lack data."""

    template_name = "visits/staff/papers.html"
    page_title = gettext_lazy("Papers")

    def get_context_data(self, **kwargs):
        """Add a line for each paper, compared with what it would say now."""
        facts = dossier(self.object)
        made = {paper.kind: paper for paper in self.object.papers.all()}
        lines = [self.line(declared, facts, made.get(key)) for key, declared in self.papers().items()]
        return super().get_context_data(
            papers=lines,
            may_make=any(line.may_make for line in lines),
            is_waiting=any(paper.state == OfficePaper.State.WAITING for paper in made.values()),
            **kwargs,
        )

    def line(self, declared: VisitPaper, facts: Dossier, paper: OfficePaper | None) -> Line:
        """What the list says about one paper."""
        digest = obstacle = ""
        try:
            if paper and paper.file:
                digest = declared.digest(facts)
            else:
                declared.check(facts)
        except PaperRefused as refusal:
            obstacle = str(refusal)
        values = declared.values(facts.visit)
        return Line(
            declared,
            paper,
            obstacle,
            is_outdated=bool(digest and paper.digest != digest),
            expires_at=declared.expires_at(paper, facts.office) if paper else None,
            may_make=self.may(*declared.made_by),
            entered=[(value.label, value.shown(values[value.name])) for value in declared.entered if values[value.name]],
            links=list(self.links(declared, facts)),
        )

    def links(self, declared: VisitPaper, facts: Dossier) -> Iterator[tuple[str, str | Promise]]:
        """Address and words of the pages about a paper that the person may open."""
        if declared.entry and self.may(*declared.entry.permissions):
            yield reverse(declared.entry.name, args=[self.object.pk]), declared.entry.label
        if declared.entered and self.may(*declared.entered_by):
            yield reverse("visits_staff:paper_values", args=[self.object.pk, declared.key]), values_label(declared)
        for form in declared.other_forms:
            if self.may(*form.opened_by) and not declared.missing(facts):
                yield reverse(form.opened_at, args=[self.object.pk]), form.title


def values_label(declared: VisitPaper) -> str | Promise:
    """What the entered values of a paper are called together."""
    return declared.entered[0].label if len(declared.entered) == 1 else gettext_lazy("Details")


class EnterValuesView(_PapersMixin, VisitFormView):
    """The values that staff enter for one paper, as it declares them."""

    form_class = PaperValuesForm
    success_message = gettext_lazy("Saved. If the paper was made already, make it again.")
    back_label = gettext_lazy("Back to the papers")

    @cached_property
    def paper(self) -> VisitPaper:
        """The paper, for those who may enter its values."""
        declared = self.declared(self.kwargs["key"])
        if not (declared.entered and self.may(*declared.entered_by)):
            raise Http404
        return declared

    @property
    def back_url(self) -> str:
        """URL of the papers list."""
        return self.papers_url

    def get_page_title(self):
        """The paper and what is entered."""
        return f"{self.paper.title}: {values_label(self.paper)}"

    def get_form_kwargs(self):
        """Form options: with the values that the paper declares."""
        return {**super().get_form_kwargs(), "declared": self.paper.entered}

    def get_initial(self):
        """The values entered before."""
        return self.paper.values(self.object)

    def perform(self, form):
        """Save the values, with an entry in the history."""
        paper_values.enter(self.object, self.paper.key, form.stored(), by=self.request.user)


class MakePaperView(_PapersPage, View):
    """Ask the worker for one paper, or for all that can be made."""

    any_permission_required = sorted({permission for paper in OF_A_VISIT.values() for permission in paper.made_by})
    http_method_names = ["post", "options"]

    def post(self, request, *args, key, **kwargs):
        """Ask; pressing twice draws once more, nothing else."""
        allowed = {key: paper for key, paper in self.papers().items() if self.may(*paper.made_by)}
        if key == ALL:
            facts = dossier(self.object)
            wanted = [key for key, paper in allowed.items() if paper.is_made_with_all and not paper.obstacles(facts)]
        elif key in allowed:
            wanted = [key]
        else:
            raise Http404
        for one in wanted:
            make.ask(self.object, one)
        if wanted:
            messages.success(request, _("Being drawn. Load this page again in a few seconds."))
        else:
            messages.warning(request, _("Nothing can be made yet: see what is missing."))
        return redirect(self.papers_url)


class PaperFileView(_PapersMixin, PrivateFileView):
    """A paper as it was last drawn, shown by the browser, from where it is printed."""

    def get(self, request, *args, key, **kwargs):
        """Send the file, if the person may read this kind."""
        declared = self.declared(key)
        paper = self.object.papers.filter(kind=key).exclude(file="").first()
        if paper is None:
            raise Http404
        if not paper.file.storage.exists(paper.file.name):
            return self.missing()
        response = FileResponse(
            paper.file.open("rb"),
            as_attachment=not declared.is_shown,
            content_type=f"application/{declared.ending}",
            filename=file_name(f"{self.object.reference or ''} {declared.title}", declared.ending),
        )
        response["Cache-Control"] = "private, no-store"
        return response


class PreviewPaperView(_PapersPage, View):
    """A paper as it would be drawn now, without making it."""

    def get(self, request, *args, key, **kwargs):
        """Draw and show it, or say why not."""
        declared = self.declared(key)
        if not isinstance(declared, Kind):
            raise Http404
        facts = dossier(self.object)
        try:
            drawn = warm.draw_paper(declared.paper(facts), declared.sheet(facts.office))
        except PaperRefused as refusal:
            messages.error(request, str(refusal))
            return redirect(self.papers_url)
        return shown_pdf(drawn, file_name(f"{self.object.reference or ''} {declared.title}", "pdf"))


class ReplyDocxView(_PapersPage, View):
    """The reply letter for a word processor."""

    any_permission_required = DOCX.opened_by

    def get(self, request, *args, **kwargs):
        """Write and send it."""
        facts = dossier(self.object)
        if facts.reply is None:
            messages.warning(request, _("The reply letter is not written yet."))
            return redirect(self.papers_url)
        kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        title = _("Reply letter")
        name = file_name(f"{title} {facts.reply.number or self.object.reference or ''}", "docx")
        response = HttpResponse(reply_docx(facts), content_type=kind)
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        response["Cache-Control"] = "private, no-store"
        return response
