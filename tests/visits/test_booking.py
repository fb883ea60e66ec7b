"""A guest's request from submission to certificates: held seats, duplicate forms, deadlines, delegates, attendance."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from tests.factories import DelegateFactory, ProgrammeFactory, RegionFactory, SlotFactory, UserFactory, VisitFactory
from visits.domain import attendance, booking, certificates, decisions, delegates, tokens
from visits.domain.calendar_days import VENUE_ZONE
from visits.domain.errors import Refused
from visits.enums import Actor, AttendanceKind, MessageKind, OrganisationKind, VisitStatus
from visits.models import Certificate, NumberSequence, OutboundMessage, Visit, VisitSlot

pytestmark = pytest.mark.django_db


def letter(number="005/123/DPRD"):
    return booking.LetterDraft(
        number=number,
        date=dt.date(2026, 11, 20),
        subject="Permohonan kunjungan",
        signatory="Ketua",
        file=SimpleUploadedFile("surat.pdf", b"%PDF-1.4 contoh"),
    )


def draft(**changes):
    slot = changes.pop("slot", None) or SlotFactory()
    values = {
        "programme": slot.programme,
        "slot": slot,
        "region": changes.pop("region", None) or RegionFactory(),
        "group_size": 12,
        "details": {
            "organisation": "Komisi Contoh DPRD",
            "organisation_kind": OrganisationKind.LOCAL_COUNCIL,
            "contact_name": "Narahubung Contoh",
            "contact_email": "narahubung@contoh.invalid",
        },
        "letter": letter(),
    }
    return booking.BookingDraft(**{**values, **changes})


def test_a_request_holds_seats_until_confirmed():
    visit = booking.submit(draft(group_size=12))

    assert visit.status == VisitStatus.UNVERIFIED
    assert visit.reference is None
    assert VisitSlot.objects.get().used_persons == 12
    assert OutboundMessage.objects.get().kind == MessageKind.CONFIRM
    with visit.letters.get().file.open() as stored:
        assert stored.read().startswith(b"%PDF")


def test_a_double_click_makes_one_request():
    request = draft()

    assert booking.submit(request) == booking.submit(request)
    assert Visit.objects.count() == 1
    assert VisitSlot.objects.get().used_persons == 12


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"group_size": 4}, "group_too_small"),
        ({"group_size": 41}, "group_too_large"),
        ({"letter": None}, "letter_missing"),
        ({"spoken_language": "ja"}, "language_not_offered"),
    ],
)
def test_a_request_violating_a_rule_saves_nothing(changes, code):
    with pytest.raises(Refused) as refusal:
        booking.submit(draft(**changes))

    assert code in refusal.value.codes
    assert str(refusal.value)
    assert Visit.objects.count() == 0
    assert VisitSlot.objects.get().used_persons == 0


def test_too_short_notice_is_refused():
    with pytest.raises(Refused) as refusal:
        booking.submit(draft(slot=SlotFactory(days_ahead=2)))

    assert refusal.value.codes == ("notice_too_short",)


def test_a_duplicate_letter_is_refused():
    region = RegionFactory()
    booking.submit(draft(region=region, letter=letter("005/9/DPRD")))

    with pytest.raises(Refused) as refusal:
        booking.submit(draft(region=region, letter=letter("005/9/dprd ")))

    assert refusal.value.codes == ("duplicate_letter",)


def test_confirming_sets_reference_and_answer_date():
    officer = UserFactory()
    visit = booking.submit(draft())

    confirmed = booking.confirm(visit)

    assert confirmed.status == VisitStatus.SUBMITTED
    assert confirmed.reference == f"KJ-{timezone.now().astimezone(VENUE_ZONE).year}-0001"
    assert confirmed.answer_due_at > timezone.now() + dt.timedelta(days=4)
    assert confirmed.messages.filter(kind=MessageKind.RECEIPT).count() == 1
    assert officer.email not in confirmed.messages.values_list("recipient", flat=True), (
        "only users with the permission to decide are informed"
    )


def test_confirming_twice_changes_nothing():
    visit = booking.confirm(booking.submit(draft()))

    assert booking.confirm(visit).reference == visit.reference
    assert visit.messages.filter(kind=MessageKind.RECEIPT).count() == 1
    assert NumberSequence.objects.get(key="visit").last_number == 1


def test_an_unconfirmed_request_expires():
    visit = booking.submit(draft())

    assert decisions.expire_holds(timezone.now() + booking.CONFIRM_WITHIN + dt.timedelta(minutes=1)) == 1

    visit.refresh_from_db()
    assert visit.status == VisitStatus.EXPIRED
    assert VisitSlot.objects.get().used_persons == 0
    with pytest.raises(Refused):
        booking.confirm(visit)


def test_an_unanswered_request_loses_its_seats_only():
    visit = booking.confirm(booking.submit(draft()))

    decisions.expire_holds(visit.hold_until + dt.timedelta(minutes=1))

    visit.refresh_from_db()
    assert visit.status == VisitStatus.SUBMITTED
    assert VisitSlot.objects.get().used_persons == 0


def test_approving_after_the_hold_takes_seats_again():
    visit = booking.confirm(booking.submit(draft()))
    decisions.expire_holds(visit.hold_until + dt.timedelta(minutes=1))
    visit.refresh_from_db()

    approved = decisions.approve(visit, by=UserFactory())

    assert approved.seats_held == 12
    assert VisitSlot.objects.get().used_persons == 12


def test_approving_without_free_seats_is_refused():
    slot = SlotFactory()
    visit = booking.confirm(booking.submit(draft(slot=slot)))
    decisions.expire_holds(visit.hold_until + dt.timedelta(minutes=1))
    VisitFactory(slot=VisitSlot.objects.get(), group_size=55, submitted=True)
    visit.refresh_from_db()

    with pytest.raises(Refused) as refusal:
        decisions.approve(visit, by=UserFactory(), override_reason="Pimpinan memutuskan")

    assert "slot_full" in refusal.value.codes
    visit.refresh_from_db()
    assert visit.status == VisitStatus.SUBMITTED


def test_approval_invites_the_guest_once():
    visit = booking.confirm(booking.submit(draft()))
    seen = Visit.objects.get(pk=visit.pk)

    decisions.approve(visit, by=UserFactory())
    with pytest.raises(Refused):
        decisions.approve(seen, by=UserFactory())

    assert OutboundMessage.objects.filter(kind=MessageKind.INVITATION).count() == 1


def test_cancelling_updates_calendar_and_frees_seats():
    visit = decisions.approve(booking.confirm(booking.submit(draft())), by=UserFactory())

    cancelled = decisions.cancel(visit, by=Actor.GUEST, reason="Agenda pimpinan berubah")

    assert cancelled.calendar_sequence == visit.calendar_sequence + 1
    assert VisitSlot.objects.get().used_persons == 0
    assert cancelled.messages.get(kind=MessageKind.CANCELLED).sequence == 2


def test_a_question_suspends_the_answer_deadline():
    visit = booking.confirm(booking.submit(draft()))

    asked = decisions.ask_for_information(visit, by=UserFactory(), question="Mohon surat yang ditandatangani")
    assert asked.answer_due_at is None
    answered = decisions.answer_question(asked, text="Surat sudah diganti")

    assert answered.status == VisitStatus.SUBMITTED
    assert answered.answer_due_at
    assert [message.from_guest for message in answered.thread.all()] == [False, True]


def test_delegates_are_saved_completely_or_not_at_all():
    visit = VisitFactory(approved=True, group_size=3)
    rows = [
        delegates.DelegateRow(2, "Anggota Satu, S.H."),
        delegates.DelegateRow(3, ""),
        delegates.DelegateRow(4, "anggota  satu, s.h."),
        delegates.DelegateRow(5, "Anggota Empat"),
    ]

    with pytest.raises(delegates.DelegatesRefused) as refusal:
        delegates.replace_list(visit, rows)

    assert {(error.row, error.field) for error in refusal.value.errors} == {(3, "name"), (4, "name"), (5, "")}
    assert visit.delegates.count() == 0


def test_a_new_list_keeps_existing_delegates():
    visit = VisitFactory(approved=True, group_size=3)
    [first, _second] = delegates.replace_list(visit, [delegates.DelegateRow(2, "Anggota Satu"), delegates.DelegateRow(3, "Anggota Dua")])

    kept = delegates.replace_list(
        visit, [delegates.DelegateRow(2, "Anggota Tiga"), delegates.DelegateRow(3, "Anggota Satu", unit="Bagian Umum")]
    )

    assert [delegate.name for delegate in visit.delegates.all()] == ["Anggota Tiga", "Anggota Satu"]
    assert kept[1].pk == first.pk


def test_guests_change_the_list_until_the_day_before():
    visit = VisitFactory(approved=True)

    with time_machine.travel(visit.slot.starts_at - dt.timedelta(days=1), tick=False):
        assert delegates.can_edit(visit)
    with time_machine.travel(visit.slot.starts_at - dt.timedelta(hours=3), tick=False):
        assert not delegates.can_edit(visit)
        with pytest.raises(Refused):
            delegates.replace_list(visit, [delegates.DelegateRow(2, "Terlambat")])


def test_guests_are_checked_in_on_the_day_only():
    delegate = DelegateFactory(visit=VisitFactory(approved=True))

    with pytest.raises(Refused):
        attendance.record(delegate, AttendanceKind.CHECKED_IN, by=UserFactory())


def test_repeated_check_ins_are_recorded_once():
    visit = VisitFactory(approved=True, delegates=2)
    officer, nonce = UserFactory(), uuid.uuid4()
    first, second = visit.delegates.all()
    with time_machine.travel(visit.slot.starts_at, tick=False) as clock:
        attendance.record(first, AttendanceKind.CHECKED_IN, by=officer, nonce=nonce)
        attendance.record(first, AttendanceKind.CHECKED_IN, by=officer, nonce=nonce)
        attendance.record(second, AttendanceKind.CHECKED_IN, by=officer)
        clock.shift(60)
        attendance.record(second, AttendanceKind.ANNULLED, by=officer)

    assert visit.attendance_events.count() == 3
    assert list(attendance.attended(visit)) == [first]


def test_only_attended_delegates_get_certificates():
    visit = VisitFactory(approved=True, delegates=3)
    officer = UserFactory()
    came, stayed, _also_stayed = visit.delegates.all()
    with time_machine.travel(visit.slot.starts_at + dt.timedelta(hours=1), tick=False):
        attendance.record(came, AttendanceKind.CHECKED_IN, by=officer)
        walk_in = attendance.add_walk_in(visit, name="Tamu Tambahan", by=officer)
        completed = decisions.complete(visit, by=Actor.STAFF, user=officer)
        certificates.plan(completed)

    assert {certificate.delegate_id for certificate in Certificate.objects.all()} == {came.pk, walk_in.pk}
    assert stayed.certificates.count() == 0
    year = visit.slot.starts_at.astimezone(VENUE_ZONE).year
    assert [certificate.number for certificate in Certificate.objects.all()] == [f"SK-{year}-00001", f"SK-{year}-00002"]


def test_completing_needs_a_started_and_attended_visit():
    visit = VisitFactory(approved=True, delegates=1)

    with pytest.raises(Refused):
        decisions.complete(visit, by=Actor.STAFF)
    with time_machine.travel(visit.slot.starts_at + dt.timedelta(hours=1)), pytest.raises(Refused):
        decisions.complete(visit, by=Actor.STAFF)


def test_secret_links_are_hashed_and_replaceable():
    visit = booking.submit(draft())
    token = tokens.token_for(visit, tokens.STATUS)

    assert token not in str(Visit.objects.values().get())
    assert tokens.visit_by_token(token, tokens.STATUS) == visit
    assert tokens.visit_by_token(token, tokens.CONFIRM) is None
    assert tokens.visit_by_token("\x00\ud800", tokens.STATUS) is None

    tokens.assign_tokens(visit)
    assert tokens.visit_by_token(token, tokens.STATUS) is None


def test_numbers_have_no_gaps_when_a_request_fails():
    first = booking.confirm(booking.submit(draft()))
    with pytest.raises(Refused):
        booking.submit(draft(group_size=1))
    second = booking.confirm(booking.submit(draft(letter=letter("005/124/DPRD"))))

    assert int(second.reference[-4:]) == int(first.reference[-4:]) + 1


def test_some_programmes_need_no_letter():
    programme = ProgrammeFactory(letter_required=False)

    visit = booking.submit(draft(slot=SlotFactory(programme=programme), letter=None))

    assert visit.letters.count() == 0


def test_a_full_session_is_refused_without_locking(django_assert_num_queries):
    slot = SlotFactory(used_persons=55)
    late = draft(slot=slot, letter=letter())

    with django_assert_num_queries(1), pytest.raises(Refused) as refusal:  # the session, and whether this is a second click
        booking.submit(late)

    assert refusal.value.codes == ("slot_full",)


def test_a_double_click_on_last_seats_is_one_request():
    last = draft(slot=SlotFactory(used_persons=45), letter=letter(), group_size=15)

    assert booking.submit(last) == booking.submit(last)


def test_a_mail_task_is_committed_with_its_request(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    mail_tasks = DBTaskResult.objects.filter(task_path="visits.tasks.send_message")

    with transaction.atomic():
        booking.submit(draft(letter=letter()))
        assert mail_tasks.count() == 1
        transaction.set_rollback(True)

    assert not mail_tasks.exists()
    visit = booking.submit(draft(letter=letter()))
    assert mail_tasks.get().args_kwargs["args"] == [visit.messages.get().pk]
