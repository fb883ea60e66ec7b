"""Bulk decisions: each visit is decided separately, and the result lists all of them."""

import pytest
from django.urls import reverse

from tests.factories import UserFactory, VisitFactory
from visits.enums import MessageKind, VisitStatus
from visits.models import Visit

pytestmark = pytest.mark.django_db


def address(action, *visits):
    ticked = "&".join(f"id={visit.pk}" for visit in visits)
    return f"{reverse('wagtail_bulk_action', args=['visits', 'visit', action])}?next={reverse('visits_staff:index')}&{ticked}"


def revisions(*visits):
    return ",".join(f"{visit.pk}:{visit.revision}" for visit in visits)


def statuses():
    return list(Visit.objects.order_by("pk").values_list("status", flat=True))


def test_several_requests_are_declined_at_once(officer):
    visits = [VisitFactory(submitted=True) for _ in range(3)]
    page = officer.get(address("decline", *visits))
    assert page.context["revisions"] == revisions(*visits)

    answer = officer.post(
        address("decline", *visits), {"revisions": page.context["revisions"], "reason_code": "other", "reason": "Gedung diperbaiki."}
    )

    assert len(answer.context["done"]) == 3
    assert statuses() == [VisitStatus.DECLINED] * 3
    assert all(visit.messages.get(kind=MessageKind.DECLINED).note == "Gedung diperbaiki." for visit in visits)


def test_visits_decided_meanwhile_are_skipped(officer):
    first, second, scheduled = VisitFactory(submitted=True), VisitFactory(submitted=True), VisitFactory(approved=True)
    page = officer.get(address("ask", first, second, scheduled))
    assert page.context["items_with_no_access"] == [scheduled]
    Visit.objects.filter(pk=second.pk).update(revision=5)

    answer = officer.post(
        address("ask", first, second, scheduled),
        {"revisions": page.context["revisions"], "reason_code": "letter_incomplete", "question": "Mohon surat terbaru."},
    )

    assert [outcome.visit for outcome in answer.context["done"]] == [first]
    assert [outcome.visit for outcome in answer.context["refused"]] == [second, scheduled]
    assert statuses() == [VisitStatus.NEEDS_INFO, VisitStatus.SUBMITTED, VisitStatus.APPROVED]
    again = officer.post(
        address("ask", first),
        {"revisions": page.context["revisions"], "reason_code": "letter_incomplete", "question": "Mohon surat terbaru."},
    )
    assert not again.context["done"]
    assert first.messages.count() == 1


def test_bulk_declining_needs_a_reason(officer):
    visit = VisitFactory(submitted=True)

    answer = officer.post(address("decline", visit), {"revisions": revisions(visit), "reason_code": "other", "reason": ""})

    assert answer.context["form"].errors["reason"]
    assert statuses() == [VisitStatus.SUBMITTED]


def test_invalid_selections_select_nothing(officer):
    VisitFactory(submitted=True)

    for query in ("id=all", "id=x", "id=1;drop", "id=99999999999999999999", ""):
        page = officer.get(f"{reverse('wagtail_bulk_action', args=['visits', 'visit', 'decline'])}?{query}")
        assert page.context["visits"] == []
        officer.post(page.request["PATH_INFO"] + "?" + query, {"reason_code": "other", "reason": "x", "revisions": "a:b,1:1:1,:"})
    assert statuses() == [VisitStatus.SUBMITTED]


def test_bulk_actions_need_the_decide_permission(officer, auditor, receptionist, client):
    visit = VisitFactory(submitted=True)
    listing = reverse("visits_staff:index")
    assert b'name="id"' in officer.get(listing).content

    client.force_login(UserFactory())
    for browser in (auditor, receptionist, client):
        assert b'name="id"' not in browser.get(listing).content
        for action in ("assign", "ask", "decline"):
            assert browser.get(address(action, visit)).status_code == 302
            browser.post(address(action, visit), {"revisions": revisions(visit), "reason_code": "other", "reason": "x", "question": "x"})
    assert statuses() == [VisitStatus.SUBMITTED]
