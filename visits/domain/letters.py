"""The request letter: saved with the request, replaced by the guest, registered by the office, with dispositions of superiors."""

import datetime as dt
import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import log

from knowledge_hub.core import rate_limits
from knowledge_hub.models import User
from knowledge_hub.models.contact import how_to_reach_us
from visits.domain import budgets, lifecycle, outbox
from visits.domain.changes import differences, person
from visits.domain.errors import Refused
from visits.domain.stored_files import delete_after_commit
from visits.enums import AWAITS_DECISION, Actor, VisitStatus
from visits.models import Disposition, IncomingLetter, NumberSequence, Visit


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
        row.file_name = (letter.file.name or "")[-255:]
        row.file.save(f"{uuid.uuid4().hex}.pdf", letter.file, save=False)
    row.save()
    return row


def delete_letters(visit: Visit) -> None:
    """Delete the letters of a request that nobody confirmed, in the caller's transaction; their files once it is committed."""
    for letter in visit.letters.all():
        delete_after_commit(letter.file)
        letter.delete()


@transaction.atomic
def replace_letter(
    visit: Visit, letter: LetterDraft, *, by: Actor = Actor.GUEST, user: User | None = None, client: str = ""
) -> IncomingLetter:
    """Add a corrected letter or one that follows the request; earlier ones are kept. Staff are notified.

    A request whose address nobody confirmed keeps its last letter only; of others, letters fill VISIT_LETTERS_MAX_BYTES at most.

    Raises:
        Refused: the visit is over, somebody else changed it meanwhile, or the guest sent too many letters within an hour or in all.
    """
    current = lifecycle.lock(visit)
    if current.status not in AWAITS_DECISION | {VisitStatus.UNVERIFIED, VisitStatus.APPROVED}:
        raise Refused(
            _("The letter of this visit cannot be replaced any more. Please contact us: %(contact)s") % {"contact": how_to_reach_us()}
        )
    if by == Actor.GUEST and not rate_limits.spend(budgets.LETTER, client=client, subject=current.pk):
        raise Refused(_("You have sent many letters within an hour. Please wait a little; the last one counts."))
    if by == Actor.GUEST and current.status != VisitStatus.UNVERIFIED and letter.file and not _has_room(current, letter.file.size or 0):
        raise Refused(
            _("The letters of this visit fill their space. Please send further ones to: %(contact)s") % {"contact": how_to_reach_us()}
        )
    former = current.letters.first()
    if current.status == VisitStatus.UNVERIFIED:
        delete_letters(current)
    row = save_letter(current, letter)
    Visit.objects.filter(pk=current.pk).update(letter_due_on=None, revision=F("revision") + 1)
    numbers = [former.number if former else "", row.number]
    log(
        instance=current, action="visits.letter", user=user, data={"by": by, "sha256": row.sha256, "number": numbers, **person(current, by)}
    )
    if by == Actor.GUEST and current.reference:
        outbox.notify_staff(current, gettext_lazy("The guest sent a letter."), pause=outbox.PAUSE_BETWEEN_NEWS)
    return row


def _has_room(visit: Visit, size: int) -> bool:
    """Whether one more file fits into the space of a visit's letters."""
    return size + sum(row.file.size for row in visit.letters.all() if row.file) <= settings.VISIT_LETTERS_MAX_BYTES


REGISTERED = ("agenda_number", "received_on", "nature", "number", "date", "subject", "signatory")
"""Fields of a letter that the register shows and staff may correct."""


@transaction.atomic
def register_letter(letter: IncomingLetter, *, received_on: dt.date, agenda_number: str = "", by: User | None = None) -> IncomingLetter:
    """Register a letter in the agenda of incoming letters, with the corrections of staff.

    Without ``agenda_number`` it keeps its number, or takes the next one of the year in which it was received.
    """
    held = IncomingLetter.objects.select_for_update().get(pk=letter.pk)
    letter.received_on = received_on
    letter.agenda_number = (
        agenda_number.strip()
        or held.agenda_number
        or NumberSequence.objects.next_number("incoming", year=received_on.year, month=received_on.month)
    )
    letter.save()
    changes = differences(*({name: getattr(each, name) for name in REGISTERED} for each in (held, letter)))
    log(instance=letter.visit, action="visits.letter_registered", user=by, data={"number": letter.agenda_number, "changes": changes})
    return letter


def addressees() -> QuerySet[User]:
    """Users who may read dispositions, in whose queues letters can be put; by position."""
    users = get_user_model().objects.with_perm("visits.dispose_visit", backend="django.contrib.auth.backends.ModelBackend")
    return users.filter(is_active=True).distinct().order_by("position", "first_name", "username")


@transaction.atomic
def add_disposition(
    letter: IncomingLetter,
    *,
    from_position: str,
    to_positions: str,
    addressee: User | None = None,
    instructions: Iterable[str] = (),
    note: str = "",
    deadline: dt.date | None = None,
    by: User | None = None,
) -> Disposition:
    """Add a disposition to a letter; earlier ones are not changed. Who passes a letter on has done what stood in the own queue.

    The same disposition again (a double click) is returned, not added.

    Args:
        addressee: in whose queue the letter stands then.

    Raises:
        Refused: nobody is named, nothing is instructed, or the addressee may not read dispositions.
    """
    visit = Visit.objects.select_for_update(of=("self",)).get(pk=letter.visit_id)
    values = {
        "from_position": from_position.strip(),
        "to_positions": to_positions.strip(),
        "addressee": addressee,
        "instructions": list(instructions),
        "note": note.strip(),
        "deadline": deadline,
        "by": by,
    }
    if not values["to_positions"]:
        raise Refused(_("Choose who is to act, or write the position."))
    if not values["instructions"] and not values["note"]:
        raise Refused(_("Tick an instruction or write a note."))
    if addressee and not addressees().filter(pk=addressee.pk).exists():
        raise Refused(_("This person may not read dispositions. Choose another one, or write only the position."))
    last = letter.dispositions.last()
    if last and all(getattr(last, name) == value for name, value in values.items()):
        return last
    if by:
        letter.dispositions.filter(addressee=by, done_at=None).update(done_at=timezone.now())
    disposition = Disposition.objects.create(letter=letter, **values)
    log(instance=visit, action="visits.disposition", user=by, data={"event": "written"})
    return disposition


@transaction.atomic
def finish_disposition(disposition: Disposition, *, by: User) -> Disposition:
    """Take a letter out of the queue of the person to whom it was addressed. A second press changes nothing.

    Raises:
        Refused: it is addressed to somebody else.
    """
    Visit.objects.select_for_update(of=("self",)).get(letters__dispositions=disposition.pk)
    current = Disposition.objects.select_related("letter__visit").get(pk=disposition.pk)
    if current.addressee_id != by.pk:
        raise Refused(_("This disposition stands in the queue of somebody else."))
    if not current.done_at:
        current.done_at = timezone.now()
        current.save(update_fields=["done_at"])
        log(instance=current.letter.visit, action="visits.disposition", user=by, data={"event": "done"})
    return current
