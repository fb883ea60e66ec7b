"""The contact person of a visit, changed by the guest."""

from dataclasses import asdict, dataclass

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import log

from knowledge_hub.models.contact import how_to_reach_us
from visits.domain import lifecycle, outbox
from visits.domain.changes import differences
from visits.domain.changes import person as who
from visits.domain.errors import Refused
from visits.enums import AWAITS_DECISION, Actor, MessageKind, VisitStatus
from visits.models import Visit

_CHANGEABLE = AWAITS_DECISION | {VisitStatus.APPROVED, VisitStatus.COMPLETED}


@dataclass(frozen=True)
class ContactPerson:
    """Who is told everything about the visit; the fields of the visit with the same names."""

    contact_name: str
    contact_position: str
    contact_email: str
    contact_phone: str


def can_change(visit: Visit) -> bool:
    """Whether the guest may change the contact person: while there is something to be told."""
    return visit.status in _CHANGEABLE


@transaction.atomic
def change(visit: Visit, person: ContactPerson) -> Visit:
    """Change the contact person. A new address gets the link, the old one is told; the log shows address and number masked.

    A second click changes nothing.

    Raises:
        Refused: the visit is over, or somebody else changed it meanwhile.
    """
    current = lifecycle.lock(visit)
    if not can_change(current):
        raise Refused(
            _("The contact person of this visit cannot be changed any more. Please contact us: %(contact)s")
            % {"contact": how_to_reach_us()}
        )
    changes = {name: value.strip() for name, value in asdict(person).items() if getattr(current, name) != value.strip()}
    if not changes:
        return current
    former, before = current, {name: getattr(current, name) for name in changes}
    Visit.objects.filter(pk=current.pk).update(revision=F("revision") + 1, **changes)
    current = Visit.objects.select_related("programme", "slot", "region").get(pk=current.pk)
    told = differences(before, changes, mask=["contact_email", "contact_phone"])
    log(instance=current, action="visits.contact", data={"changes": told, "by": Actor.GUEST, **who(former, Actor.GUEST)})
    if current.contact_email.casefold() != former.contact_email.casefold():
        outbox.queue(current, MessageKind.NEW_CONTACT)
        outbox.readdress(current, former.contact_email)
        if former.contact_email:
            outbox.queue(current, MessageKind.FORMER_CONTACT, recipient=former.contact_email)
    outbox.notify_staff(current, gettext_lazy("The guest changed the contact person."), pause=outbox.PAUSE_BETWEEN_NEWS)
    return current
