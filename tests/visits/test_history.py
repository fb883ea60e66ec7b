"""The history of a visit: every logged action tells what was changed, before and after, and who did it."""

import datetime as dt

import pytest
from django.urls import reverse
from wagtail.log_actions import registry

from tests.factories import (
    AgendaItemFactory,
    GiftFactory,
    InvitationFactory,
    LetterFactory,
    OfficialFactory,
    ResourceFactory,
    SlotFactory,
    TaskFactory,
    VisitFactory,
)
from visits.domain import (
    agenda,
    assignment,
    availability,
    contact_person,
    decisions,
    delegate_corrections,
    delegates,
    headcount,
    letters,
    paper_values,
    preparation,
    questions,
    replies,
    scheduling,
    speakers,
    visum,
)
from visits.domain.contact_person import ContactPerson
from visits.domain.delegate_corrections import CorrectedRow, fingerprint
from visits.domain.delegates import DelegateRow
from visits.domain.letters import LetterDraft
from visits.enums import Actor
from visits.models import Question, ReplyLetter, Visit
from visits.queries.history import actor_of

pytestmark = pytest.mark.django_db


def fresh(visit):
    return Visit.objects.select_related("programme", "slot", "region").get(pk=visit.pk)


def moved(officer):
    visit = VisitFactory(approved=True, days_ahead=35)
    later = SlotFactory(programme=visit.programme, days_ahead=36)
    scheduling.move(visit, later, user=officer)
    return visit, [f"{visit.slot.starts_at.day} ", f"{later.starts_at.day} "]


def other_place(officer):
    visit = VisitFactory(approved=True, place="Ruang Lama", directions="Pintu barat.")
    scheduling.change_place(visit, user=officer, details={"place": "Ruang Baru"}, chosen=[])
    return visit, ["“Ruang Lama”", "“Ruang Baru”"]


def other_room(officer):
    visit = VisitFactory(approved=True)
    scheduling.change_place(visit, user=officer, details={}, chosen=[ResourceFactory(name="Aula Contoh")])
    return visit, ["“–”", "“Aula Contoh”"]


def other_contact(officer):
    visit = VisitFactory(approved=True, contact_name="Andi Contoh", contact_email="andi@contoh.invalid")
    contact_person.change(visit, ContactPerson("Budi Contoh", "", "budi@contoh.invalid", ""))
    return visit, ["“Andi Contoh”", "“Budi Contoh”", "“a•••@contoh.invalid”", "“b•••@contoh.invalid”"]


def fewer_people(officer):
    visit = VisitFactory(approved=True, group_size=10)
    headcount.change(visit, 8)
    return visit, ["10", "8"]


def more_people_wished(officer):
    visit = VisitFactory(approved=True, group_size=10)
    headcount.change(visit, 12)
    return visit, ["10", "12"]


def list_of_guests(officer):
    visit = VisitFactory(approved=True)
    delegates.replace_list(visit, [DelegateRow(1, "Andi Contoh", "Staf", unit="Bagian Umum"), DelegateRow(2, "Citra Contoh")])
    delegates.replace_list(fresh(visit), [DelegateRow(1, "Andi Contoh", "Staf", unit="Bagian Hukum")])
    return visit, ["“Bagian Umum”", "“Bagian Hukum”", "Citra Contoh"]


def corrected_list(officer):
    visit = VisitFactory(approved=True, delegates=1)
    one = visit.delegates.get()
    row = CorrectedRow(DelegateRow(1, "Nama Benar", one.position), pk=one.pk, seen=fingerprint(one))
    delegate_corrections.correct(visit, [row], by=officer, reason="Salah ketik.")
    return visit, [f"“{one.name}”", "“Nama Benar”", "Salah ketik."]


def other_letter(officer):
    visit = VisitFactory(submitted=True)
    LetterFactory(visit=visit, number="005/1")
    letters.replace_letter(visit, LetterDraft("005/2", dt.date(2026, 11, 2)))
    return visit, ["“005/1”", "“005/2”"]


def registered_letter(officer):
    letter = LetterFactory(subject="Studi")
    letter.subject = "Studi tiru"
    letters.register_letter(letter, received_on=dt.date(2026, 11, 2), agenda_number="12/2026", by=officer)
    return letter.visit, ["“Studi”", "“Studi tiru”", "“12/2026”"]


def changed_draft(officer):
    visit = VisitFactory(approved=True)
    texts = replies.default_texts(visit, ReplyLetter.Variant.ACCEPT)
    reply = replies.save_draft(ReplyLetter(visit=visit, signatory=OfficialFactory(), **texts), by=officer)
    reply = ReplyLetter.objects.get(pk=reply.pk)
    reply.subject = "Hal yang baru"
    replies.save_draft(reply, by=officer)
    return visit, [f"“{texts['subject']}”", "“Hal yang baru”"]


def other_visum(officer):
    visit = VisitFactory(approved=True)
    day = visit.slot.starts_at.date()
    for official in (OfficialFactory(position="Sekretaris Daerah"), OfficialFactory(position="Asisten")):
        visum.save(visit, signatory=official, arrived_on=day, departed_on=day, by=officer)
    return visit, ["“Sekretaris Daerah", "“Asisten"]


def entered_values(officer):
    visit = VisitFactory(approved=True)
    paper_values.enter(visit, "agenda", {"dress": "Batik"}, by=officer)
    paper_values.enter(visit, "agenda", {"dress": "Dinas harian"}, by=officer)
    return visit, ["“Batik”", "“Dinas harian”"]


def moderated_question(officer):
    question = Question.objects.create(visit=VisitFactory(approved=True), question="Apa?", by_delegate=True, state="waiting")
    questions.moderate(question, state=Question.State.ACCEPTED, answer="Nol rupiah.", seen="", by=officer)
    return question.visit, ["“Perlu dibaca”", "“Diterima”", "“Nol rupiah.”"]


def proposed_date(officer):
    visit = VisitFactory(submitted=True, days_ahead=35)
    scheduling.propose(visit, SlotFactory(programme=visit.programme, days_ahead=36), by=Actor.GUEST)
    return visit, [f"{visit.slot.starts_at.day} ", "→"]


def ended_proposal(officer):
    visit, _told = proposed_date(officer)
    scheduling.end_proposal(fresh(visit), by=Actor.GUEST)
    return visit, ["Ditarik"]


def changed_task(officer):
    task = TaskFactory(title="Siapkan ruang")
    details = preparation.TaskDetails("Siapkan aula", task.responsible, "baru@contoh.invalid", task.days_before)
    preparation.change(task, details, seen=preparation.fingerprint(task), by=officer)
    return task.visit, ["“Siapkan ruang”", "“Siapkan aula”", "“b•••@contoh.invalid”"]


def changed_agenda(officer):
    item = AgendaItemFactory(visit=VisitFactory(approved=True), duration_minutes=45)
    seen = agenda.stamp_of(item)
    item.duration_minutes, item.room = 50, ResourceFactory(name="Aula Contoh")
    agenda.save_item(item, seen=seen, user=officer)
    return item.visit, ["“45” → “50”", "“–” → “Aula Contoh”"]


def answered_invitation(officer):
    invitation = InvitationFactory(item__visit=VisitFactory(approved=True), item__title="Paparan contoh")
    speakers.decline(invitation, reason="Ada ujian.")
    return invitation.item.visit, ["Paparan contoh", "Berhalangan"]


def other_officer(officer):
    visit = VisitFactory(submitted=True)
    officer.first_name, officer.last_name = "Rina", "Contoh"
    officer.save()
    assignment.assign(visit, officer, by=officer)
    return visit, ["“–”", "“Rina Contoh”"]


CHANGES = {
    "visits.assigned": other_officer,
    "visits.move": moved,
    "visits.place": other_place,
    "visits.resources": other_room,
    "visits.contact": other_contact,
    "visits.headcount": fewer_people,
    "visits.seats_asked": more_people_wished,
    "visits.delegates": list_of_guests,
    "visits.delegates_corrected": corrected_list,
    "visits.letter": other_letter,
    "visits.letter_registered": registered_letter,
    "visits.reply_drafted": changed_draft,
    "visits.visum": other_visum,
    "visits.paper_values": entered_values,
    "visits.question": moderated_question,
    "visits.proposed": proposed_date,
    "visits.proposal_ended": ended_proposal,
    "visits.task": changed_task,
    "visits.agenda": changed_agenda,
    "visits.speaker": answered_invitation,
}
"""Actions that change fields, with a change and what the history must say of it."""

ON_A_PAGE = {
    "visits.record": "test_rows_of_the_record_are_told",
    "visits.session_switched": "test_a_switched_session_is_told",
    "visits.capacity_repaired": "tests/visits/test_capacity.py",
}
"""Actions that change fields outside the domain of one visit, and the test of each."""

EVENTS = {
    "visits.submit": "the request itself holds what was sent",
    "visits.override": "a reason",
    "visits.hold_lapsed": "seats are given back",
    "visits.waiting": "a period begins",
    "visits.waiting_ended": "it ends",
    "visits.seats_withdrawn": "a wish ends",
    "visits.seats_refused": "a wish is refused, the number stays",
    "visits.erased": "numbers only; what went must not be told",
    "visits.purged": "what was deleted must not be told",
    "visits.disposition": "only those who write dispositions may read what it says",
    "visits.attendance": "events of attendance are only added",
    "visits.slides_released": "released or taken back",
    "visits.certificates_planned": "papers are added",
    "visits.certificate_revoked": "the number of the paper",
    "visits.certificate_replaced": "both numbers",
    "visits.reply_issued": "the number that was taken",
    "visits.reply_void": "number and reason",
    "visits.reply_signed": "a file is added",
    "visits.closed_incomplete": "what was missing when the visit was closed",
    "visits.number_taken": "the number and its use",
    "visits.gift_handed_over": "planned before, given after",
    "visits.mail_filed": "a mail that arrived is filed with the visit",
    "visits.mail_settled": "a member of staff looked at it",
    "visits.mail": "a waiting mail is held back, or one that did not leave is sent again",
}
"""Actions without fields that had a value before, and what they tell instead."""


def test_every_action_is_told_completely():
    registry.scan_for_actions()
    known = {action for action, _label in registry.get_choices() if action.startswith("visits.")}

    assert known == {*CHANGES, *ON_A_PAGE, *EVENTS}


@pytest.mark.parametrize("action", CHANGES)
def test_a_change_is_told_before_and_after(action, officer):
    visit, told = CHANGES[action](officer)

    entries = [entry for entry in registry.get_logs_for_instance(visit) if entry.action == action]
    message = max(entries, key=lambda entry: entry.pk).message
    assert [words for words in told if words not in message] == [], message


def test_rows_of_the_record_are_told(client, officer):
    client.force_login(officer)
    gift = GiftFactory(visit=VisitFactory(approved=True), item="Kain")
    row = {"id": gift.pk, "given_by_host": "True", "item": "Plakat", "giver": gift.giver, "receiver": gift.receiver, "to_institution": "on"}
    form = {"gifts-TOTAL_FORMS": 1, "gifts-INITIAL_FORMS": 1, **{f"gifts-0-{name}": value for name, value in row.items()}}

    client.post(reverse("visits_staff:gifts", args=[gift.visit_id]), form)

    [entry] = registry.get_logs_for_instance(gift.visit)
    assert "“Kain” → “Plakat”" in entry.message
    assert actor_of(entry) == str(entry.user_display_name)


def test_a_switched_session_is_told(officer):
    slot = SlotFactory()

    availability.set_open(slot, is_open=False, user=officer)

    [entry] = registry.get_logs_for_instance(slot)
    assert "“dibuka” → “ditutup”" in entry.message


class TestActors:
    def test_guests_have_the_name_of_that_moment(self):
        visit, _told = other_contact(None)
        [entry] = registry.get_logs_for_instance(visit)

        assert actor_of(entry) == "Andi Contoh (tamu)"

    def test_a_guest_who_moves_a_visit_is_named(self):
        visit = VisitFactory(approved=True, contact_name="Andi Contoh")
        decisions.cancel(visit, by=Actor.GUEST, reason="Berhalangan.")

        assert actor_of(registry.get_logs_for_instance(visit).get()) == "Andi Contoh (tamu)"

    def test_the_clock_is_named(self):
        VisitFactory(hold_until=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
        decisions.expire_holds(dt.datetime.now(dt.UTC))

        assert actor_of(registry.get_logs_for_instance(Visit.objects.get()).get()) == str(Actor.CLOCK.label)

    def test_the_owner_of_a_task_is_named(self):
        task = TaskFactory(responsible="Bagian Umum")
        preparation.finish(task, note="Beres.")

        assert actor_of(registry.get_logs_for_instance(task.visit).get()) == "Bagian Umum (lewat tautan)"
