"""What is missing until a visit: each kind of missing thing is found, and is gone when it is settled."""

import datetime as dt

import pytest
from django.utils import timezone

from tests.factories import (
    AgendaItemFactory,
    DispositionFactory,
    LetterFactory,
    NeedFactory,
    OfficialFactory,
    ResourceFactory,
    SlotFactory,
    TaskFactory,
    UserFactory,
    VisitFactory,
)
from visits.domain import decisions, headcount, letters, preparation, replies, scheduling
from visits.domain.resources import block
from visits.enums import Actor
from visits.models import AgendaItem, Allocation, Disposition, IncomingLetter, ReplyLetter, SpeakerInvitation, Visit
from visits.queries.desk import desk, read_visits
from visits.queries.missing import KINDS

pytestmark = pytest.mark.django_db


def fresh(visit):
    return Visit.objects.select_related("programme", "slot", "region").get(pk=visit.pk)


def found(visit):
    read = desk(read_visits().get(pk=visit.pk), may=lambda permission: True)
    return {each.key: each for each in read.missing}


def update(visit, **values):
    Visit.objects.filter(pk=visit.pk).update(**values)


def decision():
    visit = VisitFactory(submitted=True)
    return visit, lambda: decisions.decline(fresh(visit), by=None, reason="Penuh.")


def question():
    visit = VisitFactory(submitted=True)
    decisions.ask_for_information(visit, by=None, question="Surat?")
    return visit, lambda: decisions.answer_question(fresh(visit), text="Ini suratnya.")


def proposal():
    visit = VisitFactory(submitted=True)
    scheduling.propose(visit, SlotFactory(programme=visit.programme, days_ahead=40), by=Actor.GUEST)
    return visit, lambda: scheduling.end_proposal(fresh(visit), by=Actor.GUEST)


def seats():
    visit = VisitFactory(approved=True, group_size=10)
    headcount.change(visit, 12)
    return visit, lambda: headcount.refuse(fresh(visit), by=None, reason="Ruang penuh.")


def request_letter():
    visit = VisitFactory(submitted=True)
    letter = LetterFactory(visit=visit)
    return visit, lambda: IncomingLetter.objects.filter(pk=letter.pk).update(file="surat.pdf")


def registration():
    letter = LetterFactory(visit=VisitFactory(submitted=True))
    return letter.visit, lambda: letters.register_letter(letter, received_on=dt.date(2026, 9, 2))


def disposition():
    one = DispositionFactory(letter=LetterFactory(visit=VisitFactory(submitted=True)), addressee=UserFactory())
    return one.letter.visit, lambda: Disposition.objects.filter(pk=one.pk).update(done_at=timezone.now())


def place():
    visit = VisitFactory(approved=True)
    visit.programme.directions_id = visit.programme.directions_en = ""
    visit.programme.save()
    return visit, lambda: update(visit, directions="Pintu timur.")


def resources():
    visit = VisitFactory(approved=True)
    need = NeedFactory(programme=visit.programme)
    room = ResourceFactory(kind=need.kind)
    times = {"starts_at": visit.slot.starts_at, "ends_at": visit.slot.ends_at}
    return visit, lambda: Allocation.objects.create(resource=room, visit=visit, **times)


def reply():
    visit = VisitFactory(approved=True)
    texts = replies.default_texts(visit, ReplyLetter.Variant.ACCEPT)
    draft = replies.save_draft(ReplyLetter(visit=visit, signatory=OfficialFactory(), **texts))

    def issue_and_sign():
        replies.issue(draft)
        assert "salinan" in found(visit)["reply"].text.casefold()
        ReplyLetter.objects.update(signed_file="balasan.pdf")

    return visit, issue_and_sign


def delegates():
    visit = VisitFactory(approved=True, group_size=2, delegates=1)
    return visit, lambda: visit.delegates.create(name="Budi Contoh")


def agenda():
    visit = VisitFactory(approved=True)
    return visit, lambda: AgendaItemFactory(visit=visit)


def agenda_clash():
    visit = VisitFactory(approved=True)
    room = ResourceFactory()
    block(room, visit.slot.starts_at, visit.slot.ends_at, "Rapat")
    item = AgendaItemFactory(visit=visit, room=room)
    return visit, lambda: AgendaItem.objects.filter(pk=item.pk).update(room=None)


def speakers():
    item = AgendaItemFactory(visit=VisitFactory(approved=True))
    invitation = SpeakerInvitation.objects.create(
        item=item, speaker=ResourceFactory(), email="dosen@contoh.invalid", expires_at=timezone.now() + dt.timedelta(days=9)
    )

    def answer():
        SpeakerInvitation.objects.filter(pk=invitation.pk).update(state="declined")
        assert "tidak hadir" in found(item.visit)["speakers"].text
        SpeakerInvitation.objects.create(
            item=item, speaker=ResourceFactory(), email="lain@contoh.invalid", expires_at=timezone.now(), state="accepted"
        )

    return item.visit, answer


def task():
    one = TaskFactory()
    return one.visit, lambda: preparation.finish(one)


SCENARIOS = {
    scenario.__name__: scenario
    for scenario in (
        decision,
        question,
        proposal,
        seats,
        request_letter,
        registration,
        disposition,
        place,
        resources,
        reply,
        delegates,
        agenda,
        agenda_clash,
        speakers,
        task,
    )
}


def test_every_kind_has_a_scenario():
    assert SCENARIOS.keys() == KINDS.keys()


@pytest.mark.parametrize("key", KINDS)
def test_a_missing_thing_is_found_until_it_is_settled(key):
    visit, settle = SCENARIOS[key]()
    each = found(visit)[key]
    assert each.text
    assert each.owner

    settle()

    assert key not in found(visit)


def test_missing_things_are_sorted_by_day():
    visit = VisitFactory(approved=True, days_ahead=20)
    for days in (1, 9, 3):
        TaskFactory(visit=visit, title=f"H-{days}", days_before=days)

    read = desk(read_visits().get(pk=visit.pk), may=lambda permission: True)

    days = [each.due for each in read.missing if each.due]
    assert days == sorted(days)
    assert [each.text for each in read.missing if each.key == "task"] == ["H-9", "H-3", "H-1"]
