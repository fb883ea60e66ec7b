"""Resources in the admin: kinds, rooms and people with hours, and blocked times."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import NeedFactory, ProgrammeFactory, ResourceFactory, ResourceKindFactory, VisitFactory
from visits.domain import decisions, resources
from visits.domain.calendar_days import VENUE_ZONE, local_date
from visits.models import Allocation, Resource, ResourceKind

pytestmark = pytest.mark.django_db


def inline(prefix, *rows):
    form = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": 0, f"{prefix}-MIN_NUM_FORMS": 0, f"{prefix}-MAX_NUM_FORMS": 1000}
    return form | {f"{prefix}-{number}-{name}": value for number, row in enumerate(rows) for name, value in {"id": "", **row}.items()}


@pytest.mark.parametrize("name", ["visits_resources", "visits_kinds", "visits_blocks"])
def test_resource_lists_open_for_officers_and_auditors(name, officer, auditor, receptionist):
    assert officer.get(reverse(f"{name}:index")).status_code == 200
    assert auditor.get(reverse(f"{name}:index")).status_code == 200
    assert receptionist.get(reverse(f"{name}:index")).status_code == 302


def test_kinds_and_rooms_can_be_created(officer, auditor):
    kind = {"name_id": "Ruang", "name_en": "Room", "slug": "ruang"}
    auditor.post(reverse("visits_kinds:add"), kind)
    assert not ResourceKind.objects.exists()
    officer.post(reverse("visits_kinds:add"), kind)

    answer = officer.post(
        reverse("visits_resources:add"),
        {
            "name": "Aula Contoh",
            "kind": ResourceKind.objects.get().pk,
            "partner": "Pemko",
            "capacity_persons": 40,
            "buffer_minutes": 30,
            "active": "on",
            "note": "",
            **inline("hours", {"weekday": 2, "start": "08:00", "end": "12:00"}),
        },
    )

    assert answer.status_code == 302, answer.context["form"].errors
    assert Resource.objects.get().hours.get().weekday == 2


def test_used_rooms_and_kinds_cannot_be_deleted(officer):
    programme = ProgrammeFactory(letter_required=False)
    room = ResourceFactory()
    NeedFactory(programme=programme, kind=room.kind)
    decisions.approve(VisitFactory(slot__programme=programme, submitted=True), by=officer.user)

    for name, thing in (("visits_resources", room), ("visits_kinds", room.kind)):
        answer = officer.post(reverse(f"{name}:delete", args=[thing.pk]), follow=True)
        assert list(answer.context["messages"])
        assert type(thing).objects.filter(pk=thing.pk).exists()
    unused = ResourceFactory()
    officer.post(reverse("visits_resources:delete", args=[unused.pk]))
    assert not Resource.objects.filter(pk=unused.pk).exists()


class TestBlocking:
    @pytest.fixture
    def form(self):
        day = local_date(dt.datetime.now(dt.UTC)) + dt.timedelta(days=35)
        return {
            "resource": ResourceFactory(kind=ResourceKindFactory()).pk,
            "from_date": day.isoformat(),
            "from_time": "08:00",
            "until_date": day.isoformat(),
            "until_time": "16:00",
            "note": "Cat ulang",
        }

    def test_times_are_blocked_and_released(self, officer, auditor, form):
        auditor.post(reverse("visits_blocks:block"), form)
        assert not Allocation.objects.exists()
        officer.post(reverse("visits_blocks:block"), form)

        block = Allocation.objects.get()
        assert block.starts_at.astimezone(VENUE_ZONE).strftime("%H:%M") == "08:00"
        assert "Cat ulang" in officer.get(reverse("visits_blocks:index")).content.decode()
        url = reverse("visits_blocks:unblock", args=[block.pk])
        auditor.post(url)
        officer.get(url)
        assert Allocation.objects.exists()
        officer.post(url)
        assert not Allocation.objects.exists()

    def test_blocking_a_visits_time_is_refused(self, officer, form):
        programme = ProgrammeFactory(letter_required=False)
        room = Resource.objects.get(pk=form["resource"])
        NeedFactory(programme=programme, kind=room.kind)
        decisions.approve(VisitFactory(slot__programme=programme, submitted=True), by=officer.user)

        answer = officer.post(reverse("visits_blocks:block"), form)

        assert room.name in str(answer.context["form"].non_field_errors())
        assert answer.context["form"]["note"].value() == "Cat ulang"
        taken = Allocation.objects.get()
        assert officer.post(reverse("visits_blocks:unblock", args=[taken.pk])).status_code == 404

    def test_an_end_before_the_start_is_explained(self, officer, form):
        assert officer.post(reverse("visits_blocks:block"), {**form, "until_time": "07:00"}).context["form"].errors["until_date"]


def test_many_rows_cost_no_more_queries_than_one(officer):
    def count(name):
        address = reverse(f"{name}:index")
        officer.get(address)
        with CaptureQueriesContext(connection) as queries:
            officer.get(address)
        return len(queries)

    def block(days):
        start = dt.datetime.now(dt.UTC) + dt.timedelta(days=days)
        resources.block(ResourceFactory(), start, start + dt.timedelta(hours=1), "Contoh")

    block(1)
    before = {name: count(name) for name in ("visits_resources", "visits_kinds", "visits_blocks")}
    for days in range(2, 17):
        block(days)
        ResourceKindFactory(slug=f"jenis-{days}")

    assert {name: count(name) for name in before} == before
    assert max(before.values()) <= 12, before
