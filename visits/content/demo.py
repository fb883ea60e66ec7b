"""Fictitious visits in every state, for trying things out. Every name says that it is made up; addresses lead nowhere."""

import datetime as dt
import uuid

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import registry
from wagtail.models import ModelLogEntry

from knowledge_hub.models import Region, SubDimension
from visits.domain import agenda, attendance, booking, decisions, gifts, outbox, replies
from visits.domain.calendar_days import VENUE_ZONE, local_date
from visits.domain.delegates import DelegateRow, replace_list
from visits.enums import Actor, AttendanceKind, OrganisationKind, ReasonCode, VisitSource, VisitStatus
from visits.models import (
    AttendanceEvent,
    Gift,
    HostOfficial,
    Minutes,
    OfficeSettings,
    Programme,
    Question,
    ReplyLetter,
    Visit,
    VisitMessage,
    VisitSlot,
)

LABEL = outbox.FICTITIOUS
_PLACE = {
    "place": f"Ruang Contoh, Gedung Contoh ({LABEL})",
    "address": f"Jalan Contoh Nomor 1, Kota Contoh ({LABEL})",
    "directions": f"Masuk lewat gerbang contoh, lantai 2 ({LABEL}).",
    "host_contact_name": f"Petugas ({LABEL})",
    "host_contact_phone": "000-0000",
}
"""Where the visits of the demonstration take place; no map, since the place does not exist."""

_NAMESPACE = uuid.UUID("5a1f6a0e-6f0b-4d0c-9e1f-2b8a4f2f7c11")
_REGIONS = ("12.19", "11.71", "32.73", "35.78", "64.71", "73.71", "91.71", "14.71", "13.71", "34.04", "51.71")
_PEOPLE = ("Andi", "Budi", "Citra", "Dewi", "Eka", "Fajar", "Gita", "Hendra")


def _draft(number: int, slot: VisitSlot, *, organisation: str, kind: OrganisationKind, persons: int) -> booking.BookingDraft:
    return booking.BookingDraft(
        programme=slot.programme,
        slot=slot,
        region=Region.objects.filter(pk=_REGIONS[number % len(_REGIONS)]).first() or Region.objects.first(),
        group_size=persons,
        details={
            "organisation": f"{organisation} ({LABEL})",
            "organisation_kind": kind,
            "contact_name": f"Narahubung {LABEL}",
            "contact_position": "Kepala Subbagian Contoh",
            "contact_email": f"narahubung{number}@contoh.invalid",
            "purpose": "Contoh: mempelajari kerja sama tiga pihak dan aplikasi layanan. Data ini fiktif.",
            "topics": SubDimension.objects.all()[number % 12 : number % 12 + 2],
        },
        letter=booking.LetterDraft(
            number=f"005/{100 + number}/CONTOH/{slot.starts_at.year}", date=timezone.now().date(), subject="Permohonan kunjungan (contoh)"
        ),
        submission_key=uuid.uuid5(_NAMESPACE, str(number)),
    )


def _name_delegates(visit: Visit, count: int) -> None:
    rows = [DelegateRow(n + 1, f"{_PEOPLE[n % len(_PEOPLE)]} Contoh {n + 1}, S.T.", "Staf Contoh") for n in range(count)]
    replace_list(visit, rows)


def _demo_slot(programme: Programme, starts_at: dt.datetime) -> VisitSlot:
    """A session of its own for the demonstration, closed for real guests."""
    slot, _created = VisitSlot.objects.get_or_create(
        programme=programme,
        starts_at=starts_at,
        defaults={
            "ends_at": starts_at + dt.timedelta(minutes=programme.duration_minutes),
            "capacity_persons": programme.capacity_persons,
            "is_open": True,
        },
    )
    return slot


@transaction.atomic
def load() -> int:
    """Add one visit for each state; returns how many are new. Mail of fictitious visits never leaves (visits/domain/outbox.py).

    Visits of the past are booked ahead of their day, as real ones are; then their rows get the times at which it would have happened.
    """
    programme = Programme.objects.filter(active=True, is_online=False).order_by("sort_order").first()
    if programme is None or Visit.objects.filter(submission_key=uuid.uuid5(_NAMESPACE, "0")).exists():
        return 0
    now = timezone.now()
    today = local_date(now)
    ahead = list(programme.slots.filter(starts_at__gt=now + dt.timedelta(days=21), is_open=True).select_related("programme")[:8])
    made = [_ahead(number, slot) for number, slot in enumerate(ahead)]
    past = dt.datetime.combine(today - dt.timedelta(days=6), dt.time(9), VENUE_ZONE)
    this_day = dt.datetime.combine(today, dt.time(0, 5), VENUE_ZONE)
    made += [
        _received(20, _demo_slot(programme, past), to=VisitStatus.COMPLETED),
        _received(21, _demo_slot(programme, past + dt.timedelta(days=1)), to=VisitStatus.NO_SHOW),
        _received(22, _demo_slot(programme, this_day), to=VisitStatus.APPROVED),
    ]
    return len(made)


_AHEAD = (
    ("Komisi C DPRD", OrganisationKind.LOCAL_COUNCIL, 18, "submitted"),
    ("Dinas Komunikasi dan Informatika", OrganisationKind.LOCAL_GOVERNMENT, 12, "late"),
    ("Bappeda", OrganisationKind.LOCAL_GOVERNMENT, 9, "needs_info"),
    ("Politeknik", OrganisationKind.UNIVERSITY, 30, "approved"),
    ("Asosiasi Pranata Komputer", OrganisationKind.ASSOCIATION, 15, "declined"),
    ("Sekretariat Daerah", OrganisationKind.LOCAL_GOVERNMENT, 8, "cancelled_by_host"),
    ("Badan Kepegawaian", OrganisationKind.LOCAL_GOVERNMENT, 7, "cancelled_by_guest"),
    ("Kementerian", OrganisationKind.CENTRAL_GOVERNMENT, 6, "unverified"),
)


def _ahead(number: int, slot: VisitSlot) -> Visit:
    organisation, kind, persons, state = _AHEAD[number]
    draft = _draft(number, slot, organisation=organisation, kind=kind, persons=persons)
    return _answer(_submit(draft, confirm=state != "unverified"), state)


def _answer(visit: Visit, state: str) -> Visit:
    if state == "late":
        now = timezone.now()
        Visit.objects.filter(pk=visit.pk).update(answer_due_at=now - dt.timedelta(days=4))
        _date_back(visit, asked=now - dt.timedelta(days=18))
    elif state == "needs_info":
        visit = decisions.ask_for_information(visit, by=None, question="Contoh: mohon unggah ulang surat permohonan yang terbaca.")
    elif state == "approved":
        visit = decisions.approve(
            visit, by=None, message="Contoh: kami menantikan Saudara.", override_reason="Contoh: surat menyusul.", details=_PLACE
        )
        _name_delegates(visit, 6)
        VisitMessage.objects.create(visit=visit, from_guest=True, text="Contoh: terima kasih, kami tiba pukul 08.45.")
    elif state == "declined":
        visit = decisions.decline(visit, by=None, reason="Contoh: topik di luar tugas kami.", reason_code=ReasonCode.TOPIC_NOT_OURS)
    elif state == "cancelled_by_host":
        visit = decisions.cancel(visit, by=Actor.STAFF, reason="Contoh: ada agenda kota yang mendadak.")
    elif state == "cancelled_by_guest":
        visit = decisions.cancel(visit, by=Actor.GUEST, reason="Contoh: anggaran perjalanan belum tersedia.")
    return visit


def _submit(draft: booking.BookingDraft, *, confirm: bool = True, now: dt.datetime | None = None) -> Visit:
    # A letter's number without a file: the rule that asks for the file is overridden at approval, and shown on the desk.
    draft.programme.letter_required = False
    visit = booking.submit(draft, now=now, source=VisitSource.DEMO)
    if confirm:
        visit = booking.confirm(visit, now=now)
    return visit


def _received(number: int, slot: VisitSlot, *, to: VisitStatus) -> Visit:
    """A visit whose day has come: requested a month before it, as ``now`` says to the domain."""
    asked = slot.starts_at - dt.timedelta(days=40)
    draft = _draft(number, slot, organisation="Inspektorat Daerah", kind=OrganisationKind.LOCAL_GOVERNMENT, persons=8)
    visit = _submit(draft, now=asked)
    visit = decisions.approve(visit, by=None, override_reason="Contoh: surat menyusul.", now=asked, details=_PLACE)
    _name_delegates_of_the_day(visit)
    agenda.fill_from_template(visit)
    answered = asked + dt.timedelta(days=3)
    if to == VisitStatus.NO_SHOW:
        visit = decisions.close_as_no_show(visit, by=None, reason="Contoh: rombongan tidak tiba dan tidak dapat dihubungi.")
        _date_back(visit, asked=asked, answered=answered)
        return visit
    delegates = list(visit.delegates.all())
    for delegate in delegates[: 5 if to == VisitStatus.COMPLETED else 2]:
        attendance.record(delegate, AttendanceKind.CHECKED_IN, by=None)
    if to == VisitStatus.COMPLETED:
        visit = decisions.complete(visit, by=Actor.STAFF, now=slot.ends_at)
        add_papers(visit, label=LABEL)
    _date_back(visit, asked=asked, answered=answered)
    VisitSlot.objects.filter(pk=slot.pk).update(is_open=False)
    return visit


def _date_back(visit: Visit, *, asked: dt.datetime, answered: dt.datetime | None = None) -> None:
    """Set the times of what happened to a visit: asked, answered, received at the start of its session, closed at its end."""
    Visit.objects.filter(pk=visit.pk).update(created_at=asked, submitted_at=asked, decided_at=answered)
    arrival = min(visit.slot.starts_at, timezone.now())
    AttendanceEvent.objects.filter(visit=visit).update(at=arrival)
    moment = asked
    for entry in registry.get_logs_for_instance(visit).order_by("timestamp", "pk"):
        match entry.data.get("to") or entry.action:
            case VisitStatus.APPROVED:
                moment = answered or moment
            case "visits.attendance":
                moment = max(moment, arrival)
            case VisitStatus.COMPLETED | VisitStatus.NO_SHOW:
                moment = visit.slot.ends_at
        ModelLogEntry.objects.filter(pk=entry.pk).update(timestamp=moment)
        # Entries of one moment keep their order.
        moment += dt.timedelta(seconds=1)


def _name_delegates_of_the_day(visit: Visit) -> None:
    for order, name in enumerate(_PEOPLE, start=1):
        visit.delegates.create(name=f"{name} Contoh, S.Kom.", position="Kepala Bidang Contoh", protocol_order=order)


def add_papers(visit: Visit, *, label: str) -> None:
    """Give a completed visit an official who signs, minutes, questions, souvenirs and the draft of its reply letter."""
    official, _created = HostOfficial.objects.get_or_create(
        name=f"Pejabat, S.STP., M.AP. ({label})",
        defaults={
            "position": "Sekretaris Daerah",
            "rank": "Pembina Utama Muda (IV/c)",
            "nip": "197001012000011001",
            "signs_letters": True,
            "signs_visum": True,
            "signs_records": True,
            # After those who are entered for real.
            "sort_order": 99,
        },
    )
    Minutes.objects.create(
        visit=visit,
        chair="Sekretaris Daerah",
        note_taker=f"Notulis ({label})",
        discussion="Paparan tentang kerja sama tiga pihak disampaikan dan ditanggapi.\nRombongan meninjau pusat kendali.",
        conclusions="Kedua daerah bertukar bahan paparan.",
        follow_up="Tindak lanjut dibahas secara daring.",
        signatory=official,
    )
    Question.objects.create(visit=visit, asked_by="Pimpinan rombongan", question="Bagaimana risiko dibagi?", answer="Ditanggung bertiga.")
    threshold = OfficeSettings.load().gift_review_threshold
    for by_host, item, value in ((True, "Kain songket", 350_000), (False, "Plakat", 750_000)):
        sides = ("Sekretaris Daerah", "Pimpinan rombongan")
        giver, receiver = sides if by_host else reversed(sides)
        gift = Gift(visit=visit, given_by_host=by_host, item=f"{item} ({label})", giver=giver, receiver=receiver, estimated_value=value)
        gift.needs_review = gifts.needs_review(gift, threshold)
        gift.save()
    replies.save_draft(ReplyLetter(visit=visit, signatory=official, **replies.default_texts(visit, ReplyLetter.Variant.ACCEPT)))
