"""What people ask about their own data, and the three days in which they get an answer."""

import datetime as dt
import json
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from django.contrib.auth import get_user_model
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from knowledge_hub.core.personal_fields import Reader
from knowledge_hub.models import User
from visits.domain import erasure, outbox, people, tokens
from visits.domain.erasure import Carrying
from visits.domain.errors import Refused
from visits.domain.people import Person
from visits.enums import DataRequestKind, DataRequestState, MessageKind
from visits.models import DataRequest, Erasure, OfficePaper, Visit
from visits.models.privacy import CLOCK

PURPOSE = "data"
CONFIRM_WITHIN = dt.timedelta(days=2)
"""After this time a request whose address nobody confirmed is deleted."""
DOWNLOAD_FOR = dt.timedelta(days=14)
KEPT_FOR = dt.timedelta(days=730)
"""How long answered requests are kept as proof."""
NAMED_FOR = dt.timedelta(days=30)
"""How long an answered deletion still says who asked."""


@transaction.atomic
def submit(
    kind: DataRequestKind, *, name: str, email: str, detail: str = "", language: str = "id", visit: Visit | None = None
) -> DataRequest:
    """Note a request. By the secret link of a visit its address is known; otherwise a mail asks the address to confirm it.

    The same request again, as long as it waits, is returned and mailed again.
    """
    waiting = DataRequest.objects.filter(kind=kind, email__iexact=email, state__in=(DataRequestState.UNCONFIRMED, DataRequestState.OPEN))
    request = waiting.select_for_update().filter(name__iexact=name.strip(), visit=visit).first()
    if request is None:
        request = DataRequest(kind=kind, name=name.strip(), email=email, detail=detail.strip(), visit=visit, language=language)
        tokens.give_link(request, PURPOSE)
        request.save()
    if visit is not None and email.casefold() == visit.contact_email.casefold():
        return confirm(request)
    if request.state == DataRequestState.UNCONFIRMED:
        outbox.queue_for_data_request(request, MessageKind.DATA_CONFIRM, request.email)
    return request


def by_token(token: str) -> DataRequest | None:
    """The request that a link opens, or None."""
    return tokens.row_by_token(DataRequest.objects.all(), token)


@transaction.atomic
def confirm(request: DataRequest) -> DataRequest:
    """Start the clock of a request and tell staff; confirming twice starts it once."""
    current = DataRequest.objects.select_for_update().get(pk=request.pk)
    if current.state != DataRequestState.UNCONFIRMED:
        return current
    current.state, current.due_at = DataRequestState.OPEN, timezone.now() + CLOCK
    current.save(update_fields=["state", "due_at"])
    officers = get_user_model().objects.with_perm(
        "visits.change_datarequest", include_superusers=False, backend="django.contrib.auth.backends.ModelBackend"
    )
    for address in sorted({user.email for user in officers.exclude(email="")}):
        outbox.queue_for_data_request(current, MessageKind.DATA_REQUEST, address)
    return current


@transaction.atomic
def answer(request: DataRequest, *, by: User | None, text: str, person: Person | None = None, refused: bool = False) -> DataRequest:
    """Close a request with an answer, which is mailed. With a ``person``, the export of the data can be downloaded.

    Raises:
        Refused: no answer was written, or it is answered already.
    """
    if not text.strip():
        raise Refused(_("Write an answer to the person first."))
    current = DataRequest.objects.select_for_update().get(pk=request.pk)
    if current.state != DataRequestState.OPEN:
        raise Refused(_("Somebody else answered this request meanwhile."))
    current.state = DataRequestState.REFUSED if refused else DataRequestState.DONE
    current.answer, current.closed_at, current.closed_by = text.strip(), timezone.now(), by
    if person:
        current.delegates, current.contact_of = sorted(person.delegates), sorted(person.contact_of)
    current.save()
    outbox.queue_for_data_request(current, MessageKind.DATA_ANSWER, current.email)
    return current


@transaction.atomic
def erase(request: DataRequest, person: Person, *, by: User | None, text: str, carrying: Carrying) -> Erasure:
    """Erase the person and answer the request.

    Raises:
        Refused: see answer().
        erasure.Incomplete: something is left; nothing was changed.
    """
    answer(request, by=by, text=text)
    return erasure.erase(person, by=by, carrying=carrying, request=request)


def person_of(request: DataRequest, delegates: list[int], contact_of: list[int]) -> Person:
    """The person of a request, by the rows that staff found to be about nobody else."""
    return people.find(delegates, contact_of, words=[request.email, request.name] if delegates or contact_of else [request.email])


def export(person: Person, *, carrying: Carrying) -> bytes:
    """Everything about a person as a ZIP file: data.json with purpose, basis, readers and time of each value, and the files."""
    file, entries = BytesIO(), []
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for number, holding in enumerate(people.holdings(person, carrying=carrying), 1):
            declared, value = holding.declared, holding.value
            if isinstance(holding.row, OfficePaper):
                # It names all the others too.
                continue
            if isinstance(value, File):
                name = f"files/{number}-{(value.name or '').rsplit('/', 1)[-1]}"
                with value.open("rb") as stored:
                    archive.writestr(name, stored.read())
                value = name
            entries.append(
                {
                    "field": str(declared),
                    "what": _(declared.what),
                    "value": value if isinstance(value, str | int | float | list | dict) else str(value),
                    "purpose": _(declared.purpose),
                    "basis": f"UU 27/2022, 20 (2) {declared.basis}",
                    "seen_by": [str(reader) for reader in declared.seen_by if reader in set(Reader)] or [_("staff who need it")],
                    "kept_days": declared.kept.length.days if declared.kept.length is not None else None,
                    "about_nobody_else": holding.is_own,
                }
            )
        archive.writestr("data.json", json.dumps(entries, indent=1, ensure_ascii=False))
    return file.getvalue()


def may_download(request: DataRequest, now: dt.datetime) -> bool:
    """Whether the person can get the export now: it was released, and not too long ago."""
    is_released = request.kind == DataRequestKind.ACCESS and request.state == DataRequestState.DONE
    return is_released and request.closed_at is not None and now < request.closed_at + DOWNLOAD_FOR


def delete_old(now: dt.datetime) -> int:
    """Delete requests that nobody confirmed, and those answered long ago; returns how many."""
    unconfirmed = DataRequest.objects.filter(state=DataRequestState.UNCONFIRMED, created_at__lt=now - CONFIRM_WITHIN)
    answered = DataRequest.objects.filter(closed_at__lt=now - KEPT_FOR)
    forgotten = DataRequest.objects.filter(kind=DataRequestKind.DELETION, closed_at__lt=now - NAMED_FOR).exclude(name=people.REMOVED)
    for request in forgotten:
        request.messages.all().delete()
        DataRequest.objects.filter(pk=request.pk).update(name=people.REMOVED, email="dihapus@contoh.invalid", detail="", answer="")
    return unconfirmed.delete()[1].get(DataRequest._meta.label, 0) + answered.delete()[1].get(DataRequest._meta.label, 0)
