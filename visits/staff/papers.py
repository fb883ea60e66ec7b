"""The papers of a visit: what there is, what is missing for the others, and the buttons to make, read and print them."""

from dataclasses import dataclass

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from knowledge_hub.papers import PaperRefused
from visits.documents.office import make, pack
from visits.documents.office.base import Kind, digest_of
from visits.documents.office.kinds import KINDS
from visits.documents.office.reply_docx import reply_docx
from visits.documents.preview import warm
from visits.domain.file_names import file_name
from visits.enums import VisitStatus
from visits.models import OfficePaper
from visits.permissions import ANY_OF_VISIT, DECIDE, DISPOSE, RECEIVE
from visits.queries.dossier import Dossier, dossier
from visits.staff.files import PrivateFileView, shown_pdf
from visits.staff.views import VisitObjectMixin

KEEPERS = {"disposition": (DISPOSE,), "attendance_sheet": (DECIDE, RECEIVE), "visum": (DECIDE, RECEIVE), pack.KEY: (DECIDE, RECEIVE)}
"""Any of these permissions opens a paper that is not for everyone who sees the visit: dispositions, and what holds a NIP."""
MAY_MAKE = (DECIDE, RECEIVE, DISPOSE)
ALL = "all"


@dataclass(frozen=True)
class Line:
    """One paper on the list. ``obstacle`` says why it cannot be made now; ``is_outdated`` that its file shows another state."""

    key: str
    title: str | Promise
    explanation: str | Promise
    paper: OfficePaper | None
    obstacle: str = ""
    is_outdated: bool = False


class _PapersPage(PermissionCheckedMixin, VisitObjectMixin):
    """A page about the papers of a visit."""

    any_permission_required = ANY_OF_VISIT

    @property
    def papers_url(self) -> str:
        """The list."""
        return reverse("visits_staff:papers", args=[self.object.pk])

    def may(self, *permissions: str) -> bool:
        """Whether the person has any of these."""
        return any(self.user_has_permission(permission) for permission in permissions)

    def may_open(self, key: str) -> bool:
        """Whether the person may read this kind of paper."""
        return self.may(*KEEPERS.get(key, ANY_OF_VISIT))

    def kinds(self) -> list[Kind]:
        """The papers that the person may see."""
        return [kind for kind in KINDS.values() if self.may_open(kind.key)]


class PapersView(_PapersPage, TemplateView):
    """The list."""

    template_name = "visits/staff/papers.html"
    page_title = gettext_lazy("Papers")

    def get_context_data(self, **kwargs):
        """Add a line for each paper, compared with what it would say now."""
        facts = dossier(self.object)
        made = {paper.kind: paper for paper in self.object.papers.all()}
        rows = [_line(kind, facts, made.get(kind.key)) for kind in self.kinds()]
        over = self.object.status == VisitStatus.COMPLETED
        packed = made.get(pack.KEY)
        return super().get_context_data(
            papers=rows,
            may_make=self.may(*MAY_MAKE),
            is_waiting=any(paper.state == OfficePaper.State.WAITING for paper in made.values()),
            pack=Line(
                pack.KEY,
                _("Pack for the guests (ZIP)"),
                _("Papers, materials, certificates and photos in one file, behind the secret link of the guests."),
                packed,
                "" if over else _("The visit is not completed yet."),
                is_outdated=bool(over and packed and packed.file and packed.digest != pack.digest(facts)),
            ),
            pack_until=pack.expires_at(packed, facts.office) if packed else None,
            may_pack=self.may_open(pack.KEY),
            has_reply=facts.reply is not None and self.may(DECIDE),
            **kwargs,
        )


def _line(kind: Kind, facts: Dossier, paper: OfficePaper | None) -> Line:
    try:
        digest = digest_of(kind.paper(facts), kind.sheet(facts.office))
    except PaperRefused as refusal:
        return Line(kind.key, kind.title, kind.explanation, paper, str(refusal))
    outdated = bool(paper and paper.file and paper.digest != digest)
    return Line(kind.key, kind.title, kind.explanation, paper, is_outdated=outdated)


class MakePaperView(_PapersPage, View):
    """Ask the worker for one paper, or for all that can be made."""

    any_permission_required = MAY_MAKE
    http_method_names = ["post", "options"]

    def post(self, request, *args, key, **kwargs):
        """Ask; pressing twice draws once more, nothing else."""
        allowed = [kind.key for kind in self.kinds()] + [pack.KEY] * self.may_open(pack.KEY)
        if key == ALL:
            facts = dossier(self.object)
            wanted = [kind.key for kind in self.kinds() if not kind.missing(facts)]
        else:
            wanted = [key]
        if not set(wanted) <= set(allowed):
            raise Http404
        for one in wanted:
            make.ask(self.object, one)
        if wanted:
            messages.success(request, _("Being drawn. Load this page again in a few seconds."))
        else:
            messages.warning(request, _("Nothing can be made yet: see what is missing."))
        return redirect(self.papers_url)


class PaperFileView(_PapersPage, PrivateFileView):
    """A paper as it was last drawn, shown by the browser, from where it is printed."""

    def get(self, request, *args, key, **kwargs):
        """Send the file, if the person may read this kind."""
        kind = KINDS.get(key)
        if (kind is None and key != pack.KEY) or not self.may_open(key):
            raise Http404
        paper = self.object.papers.filter(kind=key).exclude(file="").first()
        if paper is None:
            raise Http404
        if not paper.file.storage.exists(paper.file.name):
            return self.missing()
        extension = paper.file.name.rpartition(".")[2]
        title = kind.title if kind else _("Pack for the guests (ZIP)")
        response = FileResponse(
            paper.file.open("rb"),
            as_attachment=kind is None,
            content_type=f"application/{extension}",
            filename=file_name(f"{self.object.reference or ''} {title}", extension),
        )
        response["Cache-Control"] = "private, no-store"
        return response


class PreviewPaperView(_PapersPage, View):
    """A paper as it would be drawn now, without making it."""

    def get(self, request, *args, key, **kwargs):
        """Draw and show it, or say why not."""
        kind = KINDS.get(key)
        if kind is None or not self.may_open(key):
            raise Http404
        facts = dossier(self.object)
        try:
            drawn = warm.draw_paper(kind.paper(facts), kind.sheet(facts.office))
        except PaperRefused as refusal:
            messages.error(request, str(refusal))
            return redirect(self.papers_url)
        return shown_pdf(drawn, file_name(f"{self.object.reference or ''} {kind.title}", "pdf"))


class ReplyDocxView(_PapersPage, View):
    """The reply letter for a word processor."""

    any_permission_required = None
    permission_required = DECIDE

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
