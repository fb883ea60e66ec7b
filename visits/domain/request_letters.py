"""The request letter as guests give it: saved with the request, replaced later; earlier ones are kept."""

import datetime as dt
import hashlib
import uuid
from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import log

from visits.domain import lifecycle, notices
from visits.domain.errors import MoveRefused
from visits.enums import AWAITS_DECISION, Actor, VisitStatus
from visits.models import IncomingLetter, Visit


@dataclass(frozen=True)
class LetterDraft:
    """The request letter as the guest gave it."""

    number: str
    date: dt.date
    subject: str = ""
    signatory: str = ""
    file: UploadedFile | None = None


def save_letter(visit: Visit, letter: LetterDraft) -> IncomingLetter:
    """Add a request letter to a visit; earlier ones are kept. The stored name is random: uploads never choose a path."""
    row = IncomingLetter(
        visit=visit, number=letter.number.strip(), date=letter.date, subject=letter.subject.strip(), signatory=letter.signatory.strip()
    )
    if letter.file:
        digest = hashlib.sha256()
        for chunk in letter.file.chunks():
            digest.update(chunk)
        row.sha256 = digest.hexdigest()
        row.file_name = letter.file.name[-255:]
        row.file.save(f"{uuid.uuid4().hex}.pdf", letter.file, save=False)
    row.save()
    return row


@transaction.atomic
def replace_letter(visit: Visit, letter: LetterDraft, *, by: Actor = Actor.GUEST, user=None) -> IncomingLetter:
    """Add a corrected letter, or the one that was promised; earlier ones are kept, the staff hear of it.

    Raises:
        MoveRefused: the visit is over, or somebody else changed it meanwhile.
    """
    current = lifecycle.lock(visit)
    if current.status not in AWAITS_DECISION | {VisitStatus.UNVERIFIED, VisitStatus.APPROVED}:
        raise MoveRefused(_("The letter of this visit cannot be replaced any more. Please call us."))
    row = save_letter(current, letter)
    Visit.objects.filter(pk=current.pk).update(letter_due_on=None, revision=F("revision") + 1)
    log(instance=current, action="visits.letter", user=user, data={"by": by, "sha256": row.sha256})
    if by == Actor.GUEST and current.reference:
        notices.tell_staff(current, gettext_lazy("The guest sent a letter."))
    return row
