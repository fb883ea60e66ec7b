"""Speakers without an account: invited to an item of the agenda, they answer by a secret link and upload their slides.

Every change takes the lock of the visit first; ask_again() and call_off() run under the caller's. An item has at most one invitation
that counts.
"""

import datetime as dt

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import log

from knowledge_hub.models import User
from knowledge_hub.models.contact import how_to_reach_us
from knowledge_hub.papers import PaperRefused
from knowledge_hub.papers.names import clean_name, without_controls
from visits.domain import agenda, outbox, tokens, uploads
from visits.domain.errors import Refused
from visits.domain.stored_files import delete_after_commit
from visits.enums import FREES_SEATS, MessageKind, VisitStatus
from visits.models import AgendaItem, OutboundMessage, Resource, SpeakerInvitation, Visit

State = SpeakerInvitation.State

PURPOSE = "speaker"
"""Purpose of the secret link, see tokens.link_token()."""

SLIDES = ("pdf", "pptx")
"""Kinds of files that speakers upload."""

PAUSE = dt.timedelta(hours=24)
"""A speaker is not reminded again within this time."""

MOST_SUBSTITUTES = 3
"""How often in a row a speaker of one item may name another one."""


def link_of(invitation: SpeakerInvitation) -> str:
    """The full address of the speaker's page."""
    return f"{settings.SITE_URL}{reverse('speaker', args=[tokens.link_token(invitation, PURPOSE)])}"


def by_token(token: str) -> SpeakerInvitation | None:
    """The invitation that a token opens, with item, speaker and visit."""
    rows = SpeakerInvitation.objects.select_related(
        "speaker", "item__case_study", "item__visit__programme", "item__visit__slot", "item__visit__region"
    )
    return tokens.row_by_token(rows, token)


def invitations_of(visit: Visit) -> QuerySet[SpeakerInvitation]:
    """All invitations to a visit, with item and speaker; one query."""
    return SpeakerInvitation.objects.filter(item__visit=visit).select_related("item", "speaker").order_by("item__sort_order", "item", "pk")


def invitation_about(message: OutboundMessage) -> SpeakerInvitation | None:
    """The invitation that a mail to a speaker is about; None if the item is gone."""
    return SpeakerInvitation.objects.select_related("item", "speaker").filter(pk=outbox.key_of(message)).first()


def _last_mail(visit: Visit, invitation: SpeakerInvitation) -> dt.datetime | None:
    """When the last mail with the link was written."""
    kinds = (MessageKind.SPEAKER_INVITATION, MessageKind.SPEAKER_REMINDER, MessageKind.SPEAKER_MOVED, MessageKind.SPEAKER_CHANGED)
    mails = (outbox.mails_about(visit, kind, invitation.pk).order_by("-created_at").first() for kind in kinds)
    return max((mail.created_at for mail in mails if mail), default=None)


def _queue(visit: Visit, invitation: SpeakerInvitation, kind: MessageKind, note: str = "") -> None:
    outbox.queue_about(visit, kind, invitation.pk, recipient=invitation.email, note=note)


def _lock(visit: Visit) -> Visit:
    return Visit.objects.select_for_update(of=("self",)).select_related("slot", "programme").get(pk=visit.pk)


def _log(visit: Visit, invitation: SpeakerInvitation, what: str, user: User | None = None) -> None:
    """Log what staff did, or the speaker by the link if there is no user."""
    person = {} if user else {"link": True, "person": invitation.speaker.name}
    log(instance=visit, action="visits.speaker", user=user, data={"what": what, "item": invitation.item.name, **person})


def _require_ahead(visit: Visit, now: dt.datetime) -> dt.datetime:
    """The start of a scheduled visit that has not begun. Raises Refused."""
    if visit.status != VisitStatus.APPROVED or visit.slot is None:
        raise Refused(_("Speakers are invited to scheduled visits only."))
    if visit.slot.starts_at <= now:
        raise Refused(_("The visit has begun."))
    return visit.slot.starts_at


def can_invite(visit: Visit) -> bool:
    """Whether speakers can be invited now: to a scheduled visit that has not begun."""
    return visit.status == VisitStatus.APPROVED and visit.slot is not None and visit.slot.starts_at > timezone.now()


@transaction.atomic
def invite(
    item: AgendaItem, speaker: Resource, *, email: str = "", message: str = "", by: User | None, now: dt.datetime | None = None
) -> SpeakerInvitation:
    """Ask a person to speak at an item; the item gets the person as its speaker, and the person a mail with the secret link.

    Args:
        email: the address of the person among the resources if empty.
        message: words of staff, added to the mail.

    Raises:
        Refused: the visit is not scheduled or has begun, somebody is invited already, no address is known, or the person would be at
            two places at once.
    """
    visit = _lock(item.visit)
    starts_at = _require_ahead(visit, now or timezone.now())
    current = visit.agenda_items.filter(pk=item.pk).first()
    if current is None:
        raise Refused(_("Somebody else removed this item meanwhile."))
    if current.invitations.filter(state__in=agenda.VALID).exists():
        raise Refused(_("A speaker is invited to this item already. Withdraw that invitation first."))
    email = email.strip() or speaker.email
    if not email:
        raise Refused(_("No e-mail address of this speaker is known. Enter one."))
    invitation = _invite(visit, current, speaker, email, starts_at, message=message, user=by)
    _log(visit, invitation, State.OPEN, by)
    return invitation


def _invite(
    visit: Visit, item: AgendaItem, speaker: Resource, email: str, starts_at: dt.datetime, *, message: str = "", user: User | None = None
) -> SpeakerInvitation:
    """Make the person the speaker of the item and mail the link. Raises Refused for a person who would be at two places at once."""
    agenda.give_speaker(visit, item, speaker, user=user)
    invitation = SpeakerInvitation(item=item, speaker=speaker, email=email, expires_at=starts_at)
    tokens.give_link(invitation, PURPOSE)
    invitation.save()
    _queue(visit, invitation, MessageKind.SPEAKER_INVITATION, message.strip())
    return invitation


@transaction.atomic
def remind(invitation: SpeakerInvitation, *, by: User | None, now: dt.datetime | None = None) -> None:
    """Mail the link again to a speaker who has not answered.

    Raises:
        Refused: the speaker has answered, the visit is not ahead, or the last mail left within a day.
    """
    now = now or timezone.now()
    visit, current = _lock(invitation.item.visit), _read(invitation)
    _require_ahead(visit, now)
    if current.state != State.OPEN:
        raise Refused(_("This speaker has answered: %(state)s.") % {"state": current.get_state_display()})
    last = _last_mail(visit, current)
    if last and last > now - PAUSE:
        raise Refused(_("The last mail to this speaker left less than a day ago. Wait a little."))
    _queue(visit, current, MessageKind.SPEAKER_REMINDER)
    _log(visit, current, "reminded", by)


@transaction.atomic
def withdraw(invitation: SpeakerInvitation, *, by: User | None) -> None:
    """Take an invitation back; the speaker gets a mail. A second press does nothing. Raises Refused if the speaker said no."""
    visit, current = _lock(invitation.item.visit), _read(invitation)
    if current.state == State.WITHDRAWN:
        return
    if current.state not in agenda.VALID:
        raise Refused(_("This speaker has answered: %(state)s.") % {"state": current.get_state_display()})
    _call_off(visit, current)
    _log(visit, current, State.WITHDRAWN, by)


@transaction.atomic
def allow_upload(invitation: SpeakerInvitation, *, by: User | None) -> None:
    """Let a speaker replace the slides once.

    Raises:
        Refused: the speaker has not accepted, or the delegates have the slides already.
    """
    visit, current = _lock(invitation.item.visit), _read(invitation)
    if current.state != State.ACCEPTED:
        raise Refused(_("Only a speaker who accepted uploads slides."))
    if current.item.released_at:
        raise Refused(_("The delegates have these slides already. Take them back first."))
    if not current.may_upload:
        current.may_upload = True
        current.save(update_fields=["may_upload"])
        _log(visit, current, "upload_allowed", by)


def _read(invitation: SpeakerInvitation) -> SpeakerInvitation:
    return SpeakerInvitation.objects.select_related("item", "speaker__kind").get(pk=invitation.pk)


def _set_state(invitation: SpeakerInvitation, state: State, **values: str | int) -> None:
    invitation.state = state
    invitation.answered_at = timezone.now()
    for name, value in values.items():
        setattr(invitation, name, value)
    invitation.save(update_fields=["state", "answered_at", *values])


def obstacle(invitation: SpeakerInvitation, now: dt.datetime) -> str:
    """Why the link of an invitation no longer takes an answer, in a sentence; empty if it does."""
    visit = invitation.item.visit
    if visit.status in FREES_SEATS:
        return _("The visit does not take place. Thank you for your readiness.")
    if invitation.state == State.WITHDRAWN:
        return _("This invitation was withdrawn. Thank you for your readiness.")
    if invitation.state == State.DECLINED:
        return _("You declined. If you can come after all, contact us: %(contact)s") % {"contact": how_to_reach_us()}
    if invitation.state == State.SUBSTITUTE:
        return _("You named %(name)s, who gets an invitation of their own. Thank you.") % {"name": invitation.substitute_name}
    if visit.status != VisitStatus.APPROVED:
        return _("The visit is over. Thank you.") if visit.status == VisitStatus.COMPLETED else _("The visit is not scheduled any more.")
    if invitation.expires_at <= now:
        return _("This link has expired. Contact us: %(contact)s") % {"contact": how_to_reach_us()}
    return ""


def _answering(invitation: SpeakerInvitation, now: dt.datetime) -> tuple[Visit, SpeakerInvitation]:
    """Visit and invitation under the lock. Raises Refused if the link takes no answer any more."""
    visit, current = _lock(invitation.item.visit), _read(invitation)
    current.item.visit = visit
    if sentence := obstacle(current, now):
        raise Refused(sentence)
    return visit, current


def _tell_staff(visit: Visit, invitation: SpeakerInvitation, what: str, news: Promise | str) -> None:
    _log(visit, invitation, what)
    outbox.notify_staff(visit, news, MessageKind.SPEAKER_ANSWERED, pause=outbox.PAUSE_BETWEEN_NEWS)


@transaction.atomic
def accept(invitation: SpeakerInvitation, *, biography: str = "", now: dt.datetime | None = None) -> None:
    """The speaker comes. Pressed again it only changes the biography. Raises Refused if the link takes no answer any more."""
    visit, current = _answering(invitation, now or timezone.now())
    biography = without_controls(biography).strip()
    if current.state == State.ACCEPTED:
        if current.biography != biography:
            current.biography = biography
            current.save(update_fields=["biography"])
        return
    _set_state(current, State.ACCEPTED, biography=biography)
    _tell_staff(visit, current, State.ACCEPTED, gettext_lazy("A speaker accepted."))


@transaction.atomic
def decline(invitation: SpeakerInvitation, *, reason: str, now: dt.datetime | None = None) -> None:
    """The speaker does not come; the item has no speaker any more. A double click does nothing.

    Raises:
        Refused: no reason was given, or the link takes no answer any more.
    """
    reason = without_controls(reason).strip()
    if _said_already(invitation, State.DECLINED, note=reason):
        return
    visit, current = _answering(invitation, now or timezone.now())
    if not reason:
        raise Refused(_("Tell us in a few words why you cannot come."))
    _set_state(current, State.DECLINED, note=reason)
    visit.agenda_items.filter(pk=current.item_id, speaker=current.speaker_id).update(speaker=None)
    _tell_staff(visit, current, State.DECLINED, gettext_lazy("A speaker declined. The agenda needs another one."))


def _said_already(invitation: SpeakerInvitation, state: State, **values: str) -> bool:
    """Whether the speaker gave exactly this answer before, as after a double click."""
    return SpeakerInvitation.objects.filter(pk=invitation.pk, state=state, **values).exists()


@transaction.atomic
def name_substitute(
    invitation: SpeakerInvitation, *, name: str, position: str = "", email: str, now: dt.datetime | None = None
) -> SpeakerInvitation | None:
    """Another person comes instead, and gets an invitation. A double click does nothing and returns None.

    A person who is not among the resources is added there as one that is not allocated.

    Raises:
        Refused: a name or address is missing, this person cannot take the item, or the link takes no answer any more.
    """
    now = now or timezone.now()
    name, position = (" ".join(without_controls(words).split()) for words in (name, position))
    try:
        name, position = (clean_name(words) if words else "" for words in (name, position))
    except PaperRefused as refusal:
        raise Refused(str(refusal)) from refusal
    email = email.strip()
    if _said_already(invitation, State.SUBSTITUTE, substitute_name=name, substitute_email=email):
        return None
    visit, current = _answering(invitation, now)
    if not name or not email:
        raise Refused(_("Enter the name and the e-mail address of the substitute."))
    if email.casefold() == current.email.casefold():
        raise Refused(_("This is your own address. Enter that of the substitute."))
    if current.item.invitations.filter(state=State.SUBSTITUTE).count() >= MOST_SUBSTITUTES:
        raise Refused(_("Several people were named for this item already. Contact us: %(contact)s") % {"contact": how_to_reach_us()})
    person = _person(name, position, email, current.speaker)
    _set_state(current, State.SUBSTITUTE, substitute_name=name, substitute_position=position, substitute_email=email)
    try:
        following = _invite(visit, current.item, person, email, current.expires_at)
    except Refused as refusal:
        # The sentence of the agenda names another visit, which is no matter of a speaker.
        raise Refused(_("This person is not free at that time. Name another one.")) from refusal
    _tell_staff(visit, current, State.SUBSTITUTE, gettext_lazy("A speaker named a substitute, who is invited now."))
    return following


def _person(name: str, position: str, email: str, instead_of: Resource) -> Resource:
    known = Resource.objects.select_related("kind").filter(name__iexact=name).first()
    if known is None:
        return Resource.objects.create(
            kind=instead_of.kind, name=name, partner=instead_of.partner, email=email, note=position, active=False
        )
    if not known.kind.is_person or known.pk == instead_of.pk:
        raise Refused(_("Enter the name of another person."))
    return known


def keep_slides(invitation: SpeakerInvitation, upload: UploadedFile, *, now: dt.datetime | None = None) -> None:
    """Keep the slides with the item, as the version of this visit; another upload needs the consent of staff.

    Raises:
        Refused: the file is no PDF or PPTX or not safe, slides are kept already, or the link takes no answer any more.
    """
    # Before the transaction, because looking into a file can take many seconds.
    try:
        file, name = uploads.check_material(upload, kinds=SLIDES)
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    _keep(invitation, file, name, now or timezone.now())


@transaction.atomic
def _keep(invitation: SpeakerInvitation, file: UploadedFile, name: str, now: dt.datetime) -> None:
    visit, current = _answering(invitation, now)
    item = current.item
    if current.state != State.ACCEPTED:
        raise Refused(_("Accept the invitation first."))
    if not current.may_upload or item.released_at:
        raise Refused(
            _("Your slides are kept already. Contact us if you have a newer version: %(contact)s") % {"contact": how_to_reach_us()}
        )
    delete_after_commit(item.material)
    item.material, item.material_name = file, name
    item.save(update_fields=["material", "material_name"])
    current.may_upload = False
    current.save(update_fields=["may_upload"])
    _tell_staff(visit, current, "slides", gettext_lazy("A speaker uploaded slides."))


def ask_again(visit: Visit) -> None:
    """Ask the speakers of a visit that was moved once more, in the caller's transaction."""
    for invitation in invitations_of(visit).filter(state__in=agenda.VALID):
        invitation.state, invitation.answered_at = State.OPEN, None
        invitation.expires_at = visit.slot.starts_at if visit.slot else invitation.expires_at
        invitation.calendar_sequence += 1
        invitation.save(update_fields=["state", "answered_at", "expires_at", "calendar_sequence"])
        _queue(visit, invitation, MessageKind.SPEAKER_MOVED)


def call_off(visit: Visit) -> None:
    """Tell the speakers of a visit that it was cancelled, in the caller's transaction."""
    for invitation in invitations_of(visit).filter(state__in=agenda.VALID):
        _call_off(visit, invitation)


def _call_off(visit: Visit, invitation: SpeakerInvitation) -> None:
    invitation.calendar_sequence += 1
    _set_state(invitation, State.WITHDRAWN, calendar_sequence=invitation.calendar_sequence)
    _queue(visit, invitation, MessageKind.SPEAKER_CANCELLED)
