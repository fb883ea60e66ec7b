"""The inbox: queues with counts, kept filters, assignment, export of ticked visits, no script; at most 12 queries at any length."""

import cProfile
import csv
import datetime as dt
import io
import pstats

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from lxml import html

from knowledge_hub.models import ContactSettings
from tests.factories import NeedFactory, ResourceFactory, SlotFactory, UserFactory, VisitFactory
from visits.domain import assignment, scheduling
from visits.domain.errors import Refused
from visits.domain.saved_filters import MOST_FILTERS
from visits.enums import Actor
from visits.models import Allocation, Programme, SavedFilter, Visit, WaitlistEntry
from visits.queries import inbox

pytestmark = pytest.mark.django_db

LIST = reverse("visits_staff:index")


def found(browser, query):
    return list(browser.get(f"{LIST}?{query}").context["object_list"])


def tabs(browser):
    return {tab.url.partition("queue=")[2]: tab.count for tab in browser.get(LIST).context["tabs"]}


def bulk(action, *visits):
    ticked = "&".join(f"id={visit.pk}" for visit in visits)
    return f"{reverse('wagtail_bulk_action', args=['visits', 'visit', action])}?next={LIST}&{ticked}"


@pytest.mark.parametrize("rows", [1, 80])
def test_queries_and_calls_have_a_limit_at_any_length(officer, rows):
    slot = SlotFactory(capacity_persons=2000)
    for _ in range(rows):
        VisitFactory(submitted=True, assigned_to=officer.user, slot=slot)
    SavedFilter.objects.create(user=officer.user, name="Contoh", query="queue=new")
    officer.get(LIST)

    with CaptureQueriesContext(connection) as queries:
        assert officer.get(LIST).status_code == 200
    profile = cProfile.Profile()
    profile.enable()
    officer.get(LIST)
    profile.disable()

    calls = sum(counts[1] for (file, _line, _name), counts in pstats.Stats(profile).stats.items() if file != "~")
    # Session, user, permissions (4: user, groups, pages, collections), profile, locales, surroundings, count, rows.
    assert len(queries) <= 12
    assert calls <= 60_000


@pytest.mark.scale_out
class TestQueues:
    @pytest.fixture
    def visits(self, officer, time_machine):
        """One visit of each queue, on a Wednesday morning."""
        time_machine.move_to(dt.datetime(2026, 12, 2, 2, tzinfo=dt.UTC), tick=False)
        officer.force_login(officer.user)
        other = UserFactory()
        now = timezone.now()
        calm = {"submitted": True, "answer_due_at": now + dt.timedelta(days=3)}
        waiting = VisitFactory(submitted=True, slot=None, programme=SlotFactory().programme, answer_due_at=None, seats_held=0)
        WaitlistEntry.objects.create(visit=waiting, from_date=dt.date(2027, 1, 1), until_date=dt.date(2027, 1, 9))
        asks = VisitFactory(approved=True, assigned_to=other)
        scheduling.propose(asks, SlotFactory(programme=asks.programme, days_ahead=40), by=Actor.GUEST)
        no_room = VisitFactory(approved=True, assigned_to=other)
        NeedFactory(programme=no_room.programme)
        return {
            "new": VisitFactory(**calm),
            "mine": VisitFactory(**calm, assigned_to=officer.user),
            "overdue": VisitFactory(submitted=True, answer_due_at=now - dt.timedelta(days=1), assigned_to=other),
            "room": no_room,
            "guest": VisitFactory(status="needs_info", assigned_to=other),
            "waiting": waiting,
            "today": VisitFactory(approved=True, assigned_to=other, slot=SlotFactory(days_ahead=0)),
            "week": VisitFactory(approved=True, assigned_to=other, slot=SlotFactory(days_ahead=2)),
            "answer": asks,
        }

    def test_every_queue_has_its_visits_and_their_number(self, officer, visits):
        expected = {queue: {visit} for queue, visit in visits.items()}
        expected["answer"] |= {visits["new"], visits["mine"], visits["overdue"]}
        expected["week"] |= {visits["today"]}

        assert expected.keys() == inbox.QUEUES.keys()
        assert {queue: set(found(officer, f"queue={queue}")) for queue in inbox.QUEUES} == expected
        counts = tabs(officer)
        assert {queue: counts[queue] for queue in inbox.QUEUES} == {queue: len(rows) for queue, rows in expected.items()}

    def test_a_visit_without_room_or_host_is_found(self, officer):
        visit = VisitFactory(approved=True)
        need = NeedFactory(programme=visit.programme)
        assert found(officer, "queue=room") == [visit]

        times = {"starts_at": visit.slot.starts_at, "ends_at": visit.slot.ends_at}
        Allocation.objects.create(resource=ResourceFactory(kind=need.kind), visit=visit, **times)
        assert found(officer, "queue=room") == []
        Programme.objects.update(host_contact_phone="")
        assert found(officer, "queue=room") == [visit]
        office = ContactSettings.load()
        office.phone = "000-0000"
        office.save()
        assert found(officer, "queue=room") == []

    def test_an_online_visit_without_link_is_found(self, officer):
        visit = VisitFactory(approved=True)
        Programme.objects.update(is_online=True)
        assert found(officer, "queue=room") == [visit]

        Visit.objects.update(meeting_url="https://rapat.contoh.invalid/1")

        assert found(officer, "queue=room") == []

    def test_those_who_do_not_decide_have_no_own_queue(self, auditor):
        assert "mine" not in tabs(auditor)


class TestFilters:
    def test_a_filter_is_kept_replaced_and_removed(self, officer):
        keep = reverse("visits_staff:save_filter")
        answer = officer.post(keep, {"name": "Penting", "query": "queue=overdue&status=submitted&x=1&q="}, follow=True)
        assert answer.redirect_chain[-1][0] == f"{LIST}?queue=overdue&status=submitted"
        officer.post(keep, {"name": "Penting", "query": "queue=new"})

        [saved] = SavedFilter.objects.all()
        assert (saved.user, saved.query) == (officer.user, "queue=new")
        assert officer.get(LIST).context["saved"] == [(saved.pk, "Penting", f"{LIST}?queue=new")]

        officer.post(reverse("visits_staff:remove_filter", args=[saved.pk]))
        assert not SavedFilter.objects.exists()

    def test_filters_of_others_are_left_alone(self, officer, second_officer):
        saved = SavedFilter.objects.create(user=officer.user, name="Penting", query="queue=new")

        second_officer.post(reverse("visits_staff:remove_filter", args=[saved.pk]))

        assert SavedFilter.objects.exists()
        assert second_officer.get(LIST).context["saved"] == []

    @pytest.mark.parametrize(
        "form", [{"name": "", "query": "queue=new"}, {"name": "x" * 61, "query": "queue=new"}, {"name": "Kosong", "query": "x=1"}, {}]
    )
    def test_bad_filters_are_refused(self, officer, form):
        answer = officer.post(reverse("visits_staff:save_filter"), form, follow=True)

        assert [message.level_tag for message in answer.context["messages"]] == ["error"]
        assert not SavedFilter.objects.exists()

    def test_a_user_has_a_limited_number(self, officer):
        for number in range(MOST_FILTERS):
            SavedFilter.objects.create(user=officer.user, name=str(number), query="queue=new")

        answer = officer.post(reverse("visits_staff:save_filter"), {"name": "lagi", "query": "queue=new"}, follow=True)

        assert [message.level_tag for message in answer.context["messages"]] == ["error"]
        assert SavedFilter.objects.count() == MOST_FILTERS


class TestAssignment:
    def test_several_visits_are_given_to_an_officer(self, officer, second_officer):
        visits = [VisitFactory(submitted=True) for _ in range(2)]
        done = VisitFactory(completed=True)
        page = officer.get(bulk("assign", *visits, done))
        assert page.context["items_with_no_access"] == [done]

        answer = officer.post(bulk("assign", *visits, done), {"officer": second_officer.user.pk})

        assert len(answer.context["done"]) == 2
        assert [visit.assigned_to for visit in Visit.objects.order_by("pk")] == [second_officer.user, second_officer.user, None]
        assert [visit.revision for visit in Visit.objects.order_by("pk")] == [0, 0, 0], "open pages stay valid"
        assert set(found(second_officer, "queue=mine")) == set(visits)
        officer.post(bulk("assign", *visits), {"officer": ""})
        assert not Visit.objects.exclude(assigned_to=None).exists()

    def test_only_those_who_decide_are_officers(self, officer, auditor):
        visit = VisitFactory(submitted=True)

        answer = officer.post(bulk("assign", visit), {"officer": auditor.user.pk})

        assert answer.context["form"].errors["officer"]
        with pytest.raises(Refused):
            assignment.assign(visit, auditor.user, by=officer.user)
        assert Visit.objects.get().assigned_to is None


class TestPage:
    def test_everything_works_without_a_script(self, officer):
        visit = VisitFactory(submitted=True)
        page = html.fromstring(officer.get(f"{LIST}?status=submitted").content)
        [form] = page.xpath('//form[@id="list"]')

        assert form.xpath(f'.//input[@type="checkbox"][@name="id"][@value="{visit.pk}"]')
        actions = form.xpath('.//button[@type="submit"]/@formaction')
        assert [address.rstrip("/").rpartition("/")[2] for address in actions] == ["assign", "ask", "decline"]
        assert form.xpath('.//button[@name="export"]/@value') == ["xlsx", "csv"]
        assert form.xpath('.//input[@type="hidden"][@name="status"]/@value') == ["submitted"]
        assert not page.xpath('//*[@id="list"]//*[@tabindex and @tabindex!="0"]')
        assert not page.xpath('//*[@class="visit-page inbox"]//*[@onclick]')

    def test_only_ticked_visits_are_exported(self, officer):
        first, _second, third = (VisitFactory(submitted=True) for _ in range(3))

        answer = officer.get(f"{LIST}?export=csv&id={first.pk}&id={third.pk}")

        rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode())))
        assert {row[0] for row in rows[1:]} == {first.reference, third.reference}

    def test_the_search_keeps_the_queue(self, officer):
        visit = VisitFactory(submitted=True, organisation="Dinas Perpustakaan")
        VisitFactory(submitted=True)

        page = officer.get(f"{LIST}?queue=new&q=perpustakaan")

        assert list(page.context["object_list"]) == [visit]
        assert html.fromstring(page.content).xpath('//form[@role="search"]//input[@name="queue"]/@value') == ["new"]
        assert "q=perpustakaan" in {tab.url.partition("&")[2] or tab.url.partition("?")[2] for tab in page.context["tabs"]}.pop()

    def test_pages_keep_the_filters(self, officer):
        for _ in range(60):
            VisitFactory(submitted=True)

        page = officer.get(f"{LIST}?queue=new&p=2")

        assert (page.context["page"], page.context["pages"]) == (2, 3)
        assert page.context["previous_url"] == f"{LIST}?queue=new&p=1"
        assert page.context["next_url"] == f"{LIST}?queue=new&p=3"
        assert len(officer.get(page.context["next_url"]).context["lines"]) == 10

    @pytest.mark.parametrize("ordering", ["organisation", "-slot__starts_at", "assigned_to__first_name"])
    def test_headings_sort(self, officer, ordering):
        for name in ("B", "A"):
            VisitFactory(submitted=True, organisation=name)

        page = officer.get(f"{LIST}?ordering={ordering}")

        assert page.status_code == 200
        assert [heading.direction for heading in page.context["headings"] if heading.direction]
        if ordering == "organisation":
            assert [line.organisation for line in page.context["lines"]] == ["A", "B"]

    def test_visits_without_session_are_listed(self, officer):
        waiting = VisitFactory(submitted=True, slot=None, programme=None, region=None, seats_held=0)
        WaitlistEntry.objects.create(visit=waiting, from_date=dt.date(2027, 1, 5), until_date=dt.date(2027, 1, 9))

        [line] = officer.get(LIST).context["lines"]

        assert "5 Jan 2027" in line.time
