"""From a wish to a file: papers are asked for by staff and drawn by the worker, each on its own. Safe to run again at any point."""

import tempfile
import zipfile
from contextlib import ExitStack
from shutil import copyfileobj
from typing import BinaryIO

from django.core.files import File
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from knowledge_hub.papers import PaperRefused
from visits import signals
from visits.documents import paper_files
from visits.documents.all_papers import OF_A_VISIT
from visits.documents.office import pack
from visits.documents.office.base import digest_of
from visits.documents.office.kinds import KINDS
from visits.models import OfficePaper, Visit
from visits.queries.dossier import Dossier, dossier


@transaction.atomic
def ask(visit: Visit, key: str) -> OfficePaper:
    """Note that a paper is wanted as the visit now stands; the file that there is stays until the new one is drawn."""
    wanted = {"state": OfficePaper.State.WAITING, "problem": "", "asked_at": timezone.now()}
    paper, _created = OfficePaper.objects.update_or_create(visit=visit, kind=key, defaults=wanted)
    signals.paper_wanted.send(sender=OfficePaper, paper=paper)
    return paper


def make(paper_pk: int) -> bool:
    """Draw a paper that was asked for; returns whether there is a new file. What cannot be drawn is kept with its reason."""
    row = OfficePaper.objects.select_related("visit").filter(pk=paper_pk, state=OfficePaper.State.WAITING).first()
    if row is None:
        return False
    facts = dossier(row.visit)
    try:
        with ExitStack() as opened:
            if row.kind == pack.PACK.key:
                content, digest = File(opened.enter_context(_packed(facts))), pack.PACK.digest(facts)
            else:
                paper, digest = drawn(facts, row.kind)
                content = ContentFile(paper)
            _keep(row, content, digest)
    except (PaperRefused, paper_files.DiskRefused) as refusal:
        OfficePaper.objects.filter(pk=row.pk).update(state=OfficePaper.State.FAILED, problem=str(refusal))
        return False
    return True


def drawn(facts: Dossier, key: str) -> tuple[bytes, str]:
    """The PDF of one paper, and what tells it apart from other versions.

    Raises:
        PaperRefused: something is missing or cannot be drawn; the text is the reason.
    """
    # Imported when it draws: that needs half a second and 100 MiB to load, which the web process never spends.
    from knowledge_hub.papers import renderer

    kind = KINDS[key]
    paper, sheet = kind.paper(facts), kind.sheet(facts.office)
    return renderer().draw(paper, sheet), digest_of(paper, sheet)


def _packed(facts: Dossier) -> BinaryIO:
    """The pack as a temporary file that goes when it is closed: with slides and photos it may be larger than memory should hold.

    Raises:
        PaperRefused: as of :func:`visits.documents.office.pack.files`.
        DiskRefused: the disk has no room for it.
    """
    packed = tempfile.TemporaryFile()  # noqa: SIM115 -- the caller closes it
    try:
        with override("id"), zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in pack.files(facts, lambda key: drawn(facts, key)[0]):
                with archive.open(name, "w", force_zip64=True) as entry:
                    copyfileobj(content if isinstance(content, File) else ContentFile(content), entry)
    except OSError as error:
        packed.close()
        raise paper_files.DiskRefused.because(error) from error
    except PaperRefused:
        packed.close()
        raise
    packed.seek(0)
    return packed


def _keep(row: OfficePaper, content: File, digest: str) -> None:
    """Put the new file in place of the old one; a file of a worker that was killed between is overwritten.

    Raises:
        DiskRefused: it cannot be written; the old file stays.
    """
    name = paper_files.write(f"office-papers/{row.pk}-{digest[:20]}.{OF_A_VISIT[row.kind].ending}", content)
    OfficePaper.objects.filter(pk=row.pk).update(file=name, digest=digest, problem="", made_at=timezone.now())
    # If it was asked for again while it was drawn, it stays waiting, for the visit has changed.
    OfficePaper.objects.filter(pk=row.pk, asked_at=row.asked_at).update(state=OfficePaper.State.READY)
    if row.file and row.file.name != name:
        paper_files.drop(row.file.name)
