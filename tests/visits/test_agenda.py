"""The agenda of a visit: times, speakers, rooms, clashes with other visits, and the order of protocol."""

import pytest
from django.urls import reverse

from tests.factories import AgendaItemFactory, PersonFactory, ResourceFactory, VisitFactory
from visits.documents.office.kinds import KINDS
from visits.domain import agenda, badges, replies, resources, tokens
from visits.queries.dossier import dossier

pytestmark = pytest.mark.django_db


def allocate(visit, *held):
    resources.allocate(visit, visit.slot, held)


def shown(visit):
    """Time, title, speaker and room of each item."""
    rows = agenda.agenda_of(visit)
    return [(f"{row.starts_at:%H.%M}", f"{row.ends_at:%H.%M}", row.item.name, row.speaker_name, row.room_name) for row in rows]


class TestTimes:
    def test_an_item_starts_when_the_one_before_it_ends(self):
        visit = VisitFactory(approved=True)
        for minutes in (15, 30):
            AgendaItemFactory(visit=visit, duration_minutes=minutes, title=f"{minutes} menit")

        assert [row[:3] for row in shown(visit)] == [("09.00", "09.15", "15 menit"), ("09.15", "09.45", "30 menit")]

    def test_parallel_sessions_start_together(self):
        visit = VisitFactory(approved=True)
        AgendaItemFactory(visit=visit, duration_minutes=10, title="Pembukaan")
        AgendaItemFactory(visit=visit, duration_minutes=45, title="Kelas A")
        AgendaItemFactory(visit=visit, duration_minutes=20, title="Kelas B", is_parallel=True)
        AgendaItemFactory(visit=visit, duration_minutes=60, title="Kelas C", is_parallel=True)
        AgendaItemFactory(visit=visit, duration_minutes=90, title="Penutupan")

        assert [row[:3] for row in shown(visit)] == [
            ("09.00", "09.10", "Pembukaan"),
            ("09.10", "09.55", "Kelas A"),
            ("09.10", "09.30", "Kelas B"),
            ("09.10", "10.10", "Kelas C"),
            ("10.10", "11.40", "Penutupan"),
        ]
        assert agenda.minutes_too_long(visit.agenda_items.all(), visit) == 10

    def test_a_first_item_cannot_be_parallel_to_nothing(self):
        visit = VisitFactory(approved=True)
        AgendaItemFactory(visit=visit, is_parallel=True)

        assert shown(visit)[0][:2] == ("09.00", "09.45")


class TestSpeakersAndRooms:
    def test_items_take_the_allocated_room_and_speaker(self):
        visit = VisitFactory(approved=True)
        room, speaker, guide = ResourceFactory(name="Aula"), PersonFactory(name="Dosen Contoh"), PersonFactory(name="Pemandu", guide=True)
        allocate(visit, room, speaker, guide)
        for kind in ("opening", "presentation", "tour"):
            AgendaItemFactory(visit=visit, kind=kind, title=kind)

        assert [row[2:] for row in shown(visit)] == [
            ("opening", "", "Aula"),
            ("presentation", "Dosen Contoh", "Aula"),
            ("tour", "Pemandu", ""),
        ]

    def test_presentations_take_the_speakers_in_turn(self):
        visit = VisitFactory(approved=True)
        allocate(visit, *(PersonFactory(name=name) for name in ("Andi", "Budi")))
        for _number in range(3):
            AgendaItemFactory(visit=visit)

        assert [row[3] for row in shown(visit)] == ["Andi", "Budi", "Budi"]

    def test_parallel_sessions_take_a_room_each(self):
        visit = VisitFactory(approved=True)
        allocate(visit, ResourceFactory(name="Ruang A"), ResourceFactory(name="Ruang B"))
        AgendaItemFactory(visit=visit)
        AgendaItemFactory(visit=visit, is_parallel=True)

        assert [row[4] for row in shown(visit)] == ["Ruang A", "Ruang B"]

    def test_what_staff_chose_or_typed_comes_first(self):
        visit = VisitFactory(approved=True)
        allocate(visit, ResourceFactory(name="Aula"), PersonFactory(name="Dosen Contoh"))
        AgendaItemFactory(visit=visit, filler="Kepala Dinas", place="Teras")
        AgendaItemFactory(visit=visit, speaker=PersonFactory(name="Dosen Lain"), room=ResourceFactory(name="Lab"))

        assert [row[3:] for row in shown(visit)] == [("Kepala Dinas", "Teras"), ("Dosen Lain", "Lab")]

    def test_every_reader_sees_the_same_agenda(self, client):
        visit = VisitFactory(approved=True, delegates=1)
        badges.give_missing(visit)
        allocate(visit, ResourceFactory(name="Aula"), ResourceFactory(name="Balkon"), PersonFactory(name="Dosen Contoh, M.T."))
        AgendaItemFactory(visit=visit, title="Paparan")
        AgendaItemFactory(visit=visit, title="Kelas", is_parallel=True, filler="Tim Contoh")
        pages = [
            KINDS["agenda"].paper(dossier(visit)).body,
            client.get(reverse("visits:status", args=[tokens.token_for(visit, tokens.STATUS)])).content.decode(),
            client.get(reverse("delegate", args=[badges.token_of(visit.delegates.get())])).content.decode(),
        ]

        for page in pages:
            for words in ("Paparan", "Dosen Contoh, M.T.", "Aula", "Kelas", "Tim Contoh", "Balkon"):
                assert words in page

    def test_the_paper_has_no_column_for_places_that_nobody_entered(self):
        visit = VisitFactory(approved=True, place="Balai Contoh")
        item = AgendaItemFactory(visit=visit, title="Paparan", place="")
        assert not KINDS["agenda"].body(dossier(visit))["has_place"]

        item.place = "Ruang lain"
        item.save()
        assert KINDS["agenda"].body(dossier(visit))["has_place"]

    def test_letter_and_attendance_sheet_name_rooms_and_speakers(self):
        visit = VisitFactory(approved=True, delegates=1)
        allocate(visit, ResourceFactory(name="Aula"), ResourceFactory(name="Balkon"), PersonFactory(name="Dosen Contoh, M.T."))

        said = dict(replies.appointment(visit))
        assert said["Tempat"].startswith("Aula")
        assert (said["Ruang"], said["Narasumber"]) == ("Balkon", "Dosen Contoh, M.T.")
        sheet = KINDS["attendance_sheet"].paper(dossier(visit)).body
        assert all(words in sheet for words in ("Aula", "Balkon", "Dosen Contoh, M.T."))

    def test_queries_do_not_grow_with_the_agenda(self, django_assert_num_queries):
        visit = VisitFactory(approved=True)
        allocate(visit, ResourceFactory(), PersonFactory())
        for _number in range(20):
            AgendaItemFactory(visit=visit, speaker=PersonFactory(), room=ResourceFactory())

        # Items, invitations, allocations.
        with django_assert_num_queries(3):
            shown(visit)
