"""Staff write the agenda: items, their order, clashes with other visits, and the order of protocol."""

import cProfile
import pstats

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import (
    AgendaItemFactory,
    AgendaTemplateItemFactory,
    DelegateFactory,
    NeedFactory,
    OfficialFactory,
    PersonFactory,
    ResourceFactory,
    SlotFactory,
    VisitFactory,
)
from visits.content import programmes
from visits.domain import agenda, resources
from visits.domain.errors import Refused
from visits.models import AgendaItem
from visits.queries.resources import choices

pytestmark = pytest.mark.django_db


def url(name, visit, *more):
    return reverse(f"visits_staff:{name}", args=[visit.pk, *more])


def stamp(browser, visit):
    return browser.get(url("agenda", visit)).context["agenda"].stamp


def names(visit):
    return [item.name for item in visit.agenda_items.all()]


def times(visit):
    return [f"{row.starts_at:%H.%M} {row.item.name}" for row in agenda.agenda_of(visit)]


def add(browser, visit, **typed):
    return browser.post(
        url("new_agenda_item", visit),
        {"kind": "presentation", "duration_minutes": 45, "seen": stamp(browser, visit), **typed},
        follow=True,
    )


def save(browser, item, **typed):
    address = url("agenda_item", item.visit, item.pk)
    seen = browser.get(address).context["stamp"]
    return browser.post(
        address, {"kind": item.kind, "duration_minutes": item.duration_minutes, "title": item.title, "seen": seen, **typed}, follow=True
    )


def move(browser, item, to, **typed):
    data = {"to": f"{item.pk}:{to}", "seen": stamp(browser, item.visit), **typed}
    return browser.post(url("move_item", item.visit), data, follow=True)


def says(response):
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize("entry", programmes.PROGRAMMES, ids=lambda entry: entry["slug"])
def test_initial_agendas_fill_their_sessions(entry):
    minutes = [minutes for _kind, minutes in programmes.AGENDAS[entry["slug"]]]

    assert sum(minutes) == entry["values"]["duration_minutes"]


@pytest.fixture
def visit():
    return VisitFactory(approved=True)


@pytest.fixture
def three(visit):
    """Opening, presentation and tour, each of half an hour."""
    return [
        AgendaItemFactory(visit=visit, kind=kind, title=title, duration_minutes=30)
        for kind, title in (("opening", "Pembukaan"), ("presentation", "Paparan"), ("tour", "Peninjauan"))
    ]


class TestItems:
    def test_the_template_is_applied_once(self, visit, officer):
        AgendaTemplateItemFactory(programme=visit.programme, sort_order=1)
        AgendaTemplateItemFactory(programme=visit.programme, kind="tour", duration_minutes=60, sort_order=2)

        for _press in range(2):
            officer.post(url("fill_agenda", visit))

        assert [item.kind for item in visit.agenda_items.all()] == ["opening", "tour"]

    def test_a_double_click_adds_an_item_once(self, visit, officer, three):
        seen = stamp(officer, visit)
        for _click in range(2):
            assert add(officer, visit, title="Diskusi", seen=seen).status_code == 200

        assert names(visit) == ["Pembukaan", "Paparan", "Peninjauan", "Diskusi"]

    def test_a_bad_item_is_refused_and_stays_typed(self, visit, officer):
        page = add(officer, visit, title="Tinjauan", duration_minutes=0)

        assert page.context["form"].errors["duration_minutes"]
        assert page.context["form"]["title"].value() == "Tinjauan"
        assert not AgendaItem.objects.exists()

    def test_an_item_has_speaker_room_case_study_and_length(self, visit, officer, three):
        speaker, room = PersonFactory(), ResourceFactory()
        save(officer, three[1], speaker=speaker.pk, room=room.pk, duration_minutes=50, in_charge="Diskominfo")

        item = visit.agenda_items.get(pk=three[1].pk)
        assert (item.speaker, item.room, item.duration_minutes, item.in_charge) == (speaker, room, 50, "Diskominfo")
        assert times(visit) == ["09.00 Pembukaan", "09.30 Paparan", "10.20 Peninjauan"]

    def test_the_form_offers_the_allocated_room_and_speaker(self, visit, officer, three):
        other = ResourceFactory(name="Aaa")
        room, speaker = ResourceFactory(name="Aula"), PersonFactory(name="Dosen Contoh")
        resources.allocate(visit, visit.slot, [room, speaker])

        form = officer.get(url("agenda_item", visit, three[1].pk)).context["form"]

        assert [pk for pk, _words in form.fields["room"].choices] == ["", room.pk, other.pk]
        assert "Aula" in form.fields["room"].choices[0][1]
        assert "Dosen Contoh" in form.fields["speaker"].choices[0][1]

    def test_two_officers_do_not_overwrite_each_other(self, visit, officer, second_officer, three):
        seen = officer.get(url("agenda_item", visit, three[1].pk)).context["stamp"]
        save(second_officer, three[1], title="Paparan kedua")

        page = save(officer, three[1], title="Paparan pertama", seen=seen)

        assert "Orang lain mengubah susunan acara" in says(page)
        assert page.context["form"]["title"].value() == "Paparan pertama"
        assert "Paparan kedua" in names(visit)
        save(officer, three[1], title="Paparan pertama", seen=page.context["stamp"])
        assert "Paparan pertama" in names(visit)

    def test_an_item_is_removed_once(self, visit, officer, three):
        seen = officer.get(url("agenda_item", visit, three[0].pk)).context["stamp"]
        for _click in range(2):
            officer.post(url("remove_item", visit, three[0].pk), {"seen": seen})

        assert names(visit) == ["Paparan", "Peninjauan"]

    @pytest.mark.parametrize("typed", [{"kind": "x"}, {"room": "0"}, {"speaker": "x"}, {"duration_minutes": "1" * 400}, {"title": "\x00"}])
    def test_bad_input_is_refused(self, visit, officer, three, typed):
        page = save(officer, three[0], **typed)

        assert page.status_code == 200
        assert page.context["form"].errors

    def test_a_room_is_no_speaker(self, visit, officer, three):
        assert save(officer, three[0], speaker=ResourceFactory().pk).context["form"].errors["speaker"]

    def test_items_of_other_visits_are_not_found(self, visit, officer, three):
        other = VisitFactory(approved=True)
        for name in ("agenda_item", "remove_item"):
            assert officer.post(url(name, other, three[0].pk)).status_code == 404
        officer.post(url("move_item", other), {"to": f"{three[0].pk}:2", "seen": stamp(officer, other)})
        assert names(visit)[0] == "Pembukaan"

    def test_auditors_read_and_receptionists_write(self, visit, auditor, receptionist, three):
        page = auditor.get(url("agenda_item", visit, three[0].pk))
        assert page.context["is_read_only"]
        before = names(visit)
        for name, more in (("new_agenda_item", ()), ("fill_agenda", ()), ("sort_speeches", ()), ("move_item", ())):
            assert auditor.post(url(name, visit, *more), {"to": f"{three[0].pk}:2"}).status_code == 302
        assert names(visit) == before
        add(receptionist, visit, title="Tambahan")
        assert "Tambahan" in names(visit)


class TestOrder:
    def test_times_follow_when_an_item_moves(self, visit, officer, three):
        page = move(officer, three[2], 0)

        assert times(visit) == ["09.00 Peninjauan", "09.30 Pembukaan", "10.00 Paparan"]
        assert "09.00–09.30" in says(page)

    @pytest.mark.parametrize(("to", "place"), [(1, 1), (2, 2), (999, 2)])
    def test_an_item_moves_to_any_place(self, visit, officer, three, to, place):
        move(officer, three[0], to)

        assert names(visit).index("Pembukaan") == place

    @pytest.mark.parametrize("to", ["", "-1", "x", "9" * 30])
    def test_a_bad_place_is_refused(self, visit, officer, three, to):
        assert move(officer, three[0], to).status_code == 200
        assert names(visit)[0] == "Pembukaan"

    def test_a_stale_page_moves_nothing(self, visit, officer, second_officer, three):
        seen = stamp(officer, visit)
        move(second_officer, three[2], 0)

        page = move(officer, three[0], 2, seen=seen)

        assert "Orang lain mengubah susunan acara" in says(page)
        assert names(visit) == ["Peninjauan", "Pembukaan", "Paparan"]

    def test_the_buttons_need_no_script(self, visit, officer, three):
        page = officer.get(url("agenda", visit)).content.decode()

        assert page.count('name="to"') == 4
        assert all(f'name="to" value="{three[1].pk}:{place}"' in page for place in (0, 2))
        assert url("agenda_item", visit, three[1].pk) == f"{url('agenda', visit)}item/{three[1].pk}/"

    def test_an_agenda_longer_than_the_session_is_reported(self, visit, officer):
        AgendaItemFactory(visit=visit, duration_minutes=160)

        assert officer.get(url("agenda", visit)).context["agenda"].minutes_over == 10


@pytest.mark.scale_out
class TestProtocol:
    def test_speeches_are_sorted_by_protocol(self, visit, officer):
        OfficialFactory(name="Wakil Contoh", position="Wakil Wali Kota", sort_order=2)
        OfficialFactory(name="Wali Contoh", position="Wali Kota", sort_order=1)
        DelegateFactory(visit=visit, name="Ketua Contoh", position="Ketua DPRD", protocol_order=1)
        for kind, title, filler in (
            ("guest_speech", "Sambutan tamu", "ketua dprd"),
            ("host_speech", "Sambutan wakil", "Wakil Contoh"),
            ("presentation", "Paparan", ""),
            ("host_speech", "Sambutan wali", "Wali Kota"),
        ):
            AgendaItemFactory(visit=visit, kind=kind, title=title, filler=filler)
        page = officer.get(url("agenda", visit)).context["agenda"]
        assert page.by_protocol == ["Sambutan wali", "Sambutan wakil", "Sambutan tamu"]

        officer.post(url("sort_speeches", visit), {"seen": page.stamp})

        assert names(visit) == ["Sambutan wali", "Sambutan wakil", "Paparan", "Sambutan tamu"]
        assert not officer.get(url("agenda", visit)).context["agenda"].by_protocol

    def test_speakers_who_are_not_known_keep_their_place(self, visit, officer):
        for title in ("Satu", "Dua"):
            AgendaItemFactory(visit=visit, kind="host_speech", title=title, filler=f"Pejabat {title}")

        assert not officer.get(url("agenda", visit)).context["agenda"].by_protocol


@pytest.fixture
def other(visit):
    """Another scheduled visit at the same time."""
    return VisitFactory(approved=True, slot=SlotFactory(starts_at=visit.slot.starts_at, ends_at=visit.slot.ends_at))


@pytest.mark.scale_out
class TestClashes:
    def test_a_room_of_another_visit_is_shown_and_refused(self, visit, other, officer, three):
        room = ResourceFactory(name="Aula")
        resources.allocate(other, other.slot, [room])

        form = officer.get(url("agenda_item", visit, three[0].pk)).context["form"]
        assert other.reference in dict(form.fields["room"].choices)[room.pk]
        page = save(officer, three[0], room=room.pk, title="Diketik")

        assert other.reference in says(page)
        assert page.context["form"]["title"].value() == "Diketik"
        assert visit.agenda_items.get(pk=three[0].pk).room is None

    def test_a_speaker_of_another_agenda_is_refused(self, visit, other, officer, three):
        speaker = PersonFactory(name="Dosen Rahasia")
        AgendaItemFactory(visit=other, speaker=speaker, duration_minutes=20)
        AgendaItemFactory(visit=other, duration_minutes=60)

        page = save(officer, three[0], speaker=speaker.pk)

        [sentence] = page.context["form"].non_field_errors()
        assert other.reference in sentence
        assert "Dosen" not in sentence
        save(officer, three[1], speaker=speaker.pk)
        assert visit.agenda_items.get(pk=three[1].pk).speaker == speaker, "the person is free at 09.30"

    def test_a_room_of_another_agenda_is_not_allocated(self, visit, other, officer, three):
        room = ResourceFactory(name="Aula")
        NeedFactory(programme=visit.programme, kind=room.kind)
        AgendaItemFactory(visit=other, room=room, duration_minutes=20)

        assert resources.choose(visit, visit.slot) == []
        [kind] = choices(visit, visit.slot)
        assert other.reference in kind.options[0].note
        with pytest.raises(Refused, match="Aula"):
            resources.allocate(visit, visit.slot, [room])
        assert resources.allocate(other, other.slot, [room]), "its own agenda hinders no visit"

    def test_a_move_into_a_clash_is_refused(self, visit, other, officer, three):
        speaker = PersonFactory()
        AgendaItemFactory(visit=other, speaker=speaker, duration_minutes=30)
        save(officer, three[1], speaker=speaker.pk)

        page = move(officer, three[1], 0)

        assert other.reference in says(page)
        assert names(visit)[0] == "Pembukaan"

    def test_a_blocked_room_is_refused_without_the_reason(self, visit, officer, three):
        room = ResourceFactory(name="Aula")
        resources.block(room, visit.slot.starts_at, visit.slot.ends_at, "Alasan pribadi")

        page = save(officer, three[0], room=room.pk)

        [sentence] = page.context["form"].non_field_errors()
        assert "Aula" in sentence
        assert "Alasan pribadi" not in sentence

    def test_parallel_sessions_need_rooms_of_their_own(self, visit, officer, three):
        room = ResourceFactory(name="Aula")
        resources.allocate(visit, visit.slot, [room])

        page = save(officer, three[1], is_parallel="on")

        assert "Aula" in page.context["form"].non_field_errors()[0]
        save(officer, three[1], is_parallel="on", place="Ruang kelas")
        assert visit.agenda_items.get(pk=three[1].pk).is_parallel

    def test_an_older_clash_is_shown_and_hinders_nothing(self, visit, other, officer, three):
        room = ResourceFactory(name="Aula")
        resources.allocate(other, other.slot, [room])
        AgendaItem.objects.filter(pk=three[0].pk).update(room=room)

        assert other.reference in says(officer.get(url("agenda", visit)))
        save(officer, three[1], title="Paparan baru")
        assert "Paparan baru" in names(visit)

    @pytest.mark.parametrize("status", ["submitted", "cancelled_by_host"])
    def test_visits_that_are_not_scheduled_take_nothing(self, visit, other, officer, three, status):
        speaker = PersonFactory()
        AgendaItemFactory(visit=other, speaker=speaker)
        type(other).objects.filter(pk=other.pk).update(status=status, seats_held=0)

        save(officer, three[0], speaker=speaker.pk)

        assert visit.agenda_items.get(pk=three[0].pk).speaker == speaker


@pytest.mark.parametrize("count", [1, 40])
def test_the_page_needs_ten_queries_at_any_length(visit, other, officer, count):
    """Session, user, two for permissions, visit, items, invitations, allocations of the visit and of others, agendas of others,
    order of protocol."""
    OfficialFactory()
    resources.allocate(visit, visit.slot, [ResourceFactory(), PersonFactory()])
    for number in range(count):
        AgendaItemFactory(
            visit=visit, speaker=PersonFactory(), room=ResourceFactory(), kind="host_speech" if number % 3 == 0 else "presentation"
        )
        AgendaItemFactory(visit=other, speaker=PersonFactory(), room=ResourceFactory())
    address = url("agenda", visit)
    officer.get(address)
    profile = cProfile.Profile()
    with CaptureQueriesContext(connection) as queries:
        officer.get(address)
    profile.runcall(officer.get, address)

    calls = sum(count for (file, _line, _name), (_primitive, count, *_rest) in pstats.Stats(profile).stats.items() if file != "~")
    assert len(queries) <= 10, [query["sql"][:120] for query in queries]
    assert calls <= 60_000
