"""Calendars to subscribe to: what they say and keep secret, how they are asked again, and how a secret address is replaced."""

import datetime as dt
import email.utils
import io
from wsgiref.util import setup_testing_defaults

import pytest
import vobject
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from radicale import config
from radicale.app import Application

from tests.factories import AgendaItemFactory, PersonFactory, ResourceFactory, SlotFactory, UserFactory, VisitFactory
from visits.domain import decisions, feeds, scheduling, tokens
from visits.enums import Actor
from visits.models import Allocation, CalendarFeed, Visit

pytestmark = pytest.mark.django_db

SECRETS = (
    "Narahubung Rahasia",
    "rahasia@contoh.invalid",
    "0812-555-0199",
    "Pejabat Rahasia",
    "0812-555-0100",
    "Pembicara Rahasia",
    "Pegawai",
)


@pytest.fixture
def officer():
    return UserFactory(first_name="Pegawai", last_name="Rahasia")


@pytest.fixture
def room():
    return ResourceFactory(name="Ruang Melati")


@pytest.fixture
def speaker():
    return PersonFactory(name="Pembicara Rahasia", email="rahasia@contoh.invalid")


def make_visit(officer, room, speaker, **fields):
    visit = VisitFactory(
        approved=True,
        calendar_sequence=1,
        organisation="Dinas Contoh Barat",
        contact_name="Narahubung Rahasia",
        contact_email="rahasia@contoh.invalid",
        contact_phone="0812-555-0199",
        host_contact_name="Pejabat Rahasia",
        host_contact_phone="0812-555-0100",
        assigned_to=officer,
        **fields,
    )
    AgendaItemFactory(visit=visit, title="Sambutan", duration_minutes=20)
    AgendaItemFactory(visit=visit, title="Paparan", duration_minutes=40, speaker=speaker)
    Allocation.objects.create(resource=room, visit=visit, starts_at=visit.slot.starts_at, ends_at=visit.slot.ends_at)
    return visit


@pytest.fixture
def visit(officer, room, speaker):
    return make_visit(officer, room, speaker)


@pytest.fixture
def addresses(visit, officer, room, speaker):
    """The address of every feed, by its name."""
    owners = {"officer": officer, "room": room, "speaker": speaker, "visit": visit}
    private = {name: feeds.link_of(feeds.renew(owner)) for name, owner in owners.items()}
    return {
        "public": reverse("public_feed"),
        "programme": reverse("programme_feed", args=[visit.programme.slug]),
        "busy": reverse("busy_times"),
    } | private


def events_of(client, address):
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/calendar")
    return list(vobject.readOne(response.content.decode()).contents.get("vevent", []))


def test_every_feed_shows_the_visit_and_names_nobody(client, addresses, visit):
    for name, address in addresses.items():
        response = client.get(address)
        content = response.content.decode().replace("\r\n ", "")
        assert response.status_code == 200, name
        assert not [secret for secret in SECRETS if secret in content], name
        assert f"{visit.slot.starts_at:%Y%m%dT%H}" in content or "TZID=Asia/Jakarta" in content
        assert content.count("BEGIN:VEVENT") == (0 if name == "busy" else 1), name
        if name != "busy":
            assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H" in content
            assert "X-PUBLISHED-TTL:PT1H" in content


def test_the_public_sees_the_kind_of_organisation_only(client, addresses, visit):
    for name in ("public", "programme"):
        content = client.get(addresses[name]).content.decode().replace("\r\n ", "")
        assert visit.programme.name_id in content
        assert visit.get_organisation_kind_display() in content
        assert not [told for told in (visit.reference, "Dinas Contoh Barat", visit.calendar_uid, "LOCATION") if told in content]


def test_a_speaker_sees_the_item_and_a_room_the_session(client, addresses, visit):
    [item], [session] = events_of(client, addresses["speaker"]), events_of(client, addresses["room"])
    assert item.dtstart.value == visit.slot.starts_at + dt.timedelta(minutes=20)
    assert item.dtend.value == visit.slot.starts_at + dt.timedelta(minutes=60)
    assert item.summary.value.startswith("Paparan")
    assert (session.dtstart.value, session.dtend.value) == (visit.slot.starts_at, visit.slot.ends_at)


def test_busy_times_are_those_of_the_visits(client, addresses, visit):
    busy = vobject.readOne(client.get(addresses["busy"]).content.decode()).vfreebusy
    assert [tuple(period) for line in busy.contents["freebusy"] for period in line.value] == [(visit.slot.starts_at, visit.slot.ends_at)]


def test_an_unchanged_feed_is_answered_with_304_in_two_queries(client, addresses, officer, room, speaker, visit):
    def ask(name, **headers):
        with CaptureQueriesContext(connection) as queries:
            response = client.get(addresses[name], headers=headers)
        return response, len(queries)

    first = {name: ask(name) for name in addresses}
    for name, (response, count) in first.items():
        assert count <= 2, name
        for header, value in (("if-none-match", response["ETag"]), ("if-modified-since", response["Last-Modified"])):
            again, count = ask(name, **{header: value})
            assert (again.status_code, again.content, count <= 2) == (304, b"", True), name
        assert email.utils.parsedate_to_datetime(response["Last-Modified"]) <= timezone.now()
    for days in (20, 21, 22):
        make_visit(officer, room, speaker, slot=SlotFactory(programme=visit.programme, days_ahead=days))
    for name, (response, count) in first.items():
        if name != "visit":
            again, now_count = ask(name, **{"if-none-match": response["ETag"]})
            assert (again.status_code, now_count) == (200, count), name


def test_a_move_is_the_same_event_with_a_higher_number(client, addresses, visit):
    before = {name: events_of(client, addresses[name]) for name in ("public", "officer", "visit")}
    later = SlotFactory(programme=visit.programme, days_ahead=40)
    scheduling.move(visit, later, user=None, override_reason="Uji")
    for name, [old] in before.items():
        [new] = events_of(client, addresses[name])
        assert (new.uid.value, new.dtstart.value) == (old.uid.value, later.starts_at)
        assert int(new.sequence.value) == int(old.sequence.value) + 1


def test_a_cancelled_visit_stays_as_cancelled_for_thirty_days(client, addresses, visit):
    decisions.cancel(visit, by=Actor.STAFF, reason="Ruang rusak", user=UserFactory())
    shown = [name for name in addresses if name != "busy"]
    for name in shown:
        [event] = events_of(client, addresses[name])
        assert event.status.value == "CANCELLED", name
    assert b"FREEBUSY;" not in client.get(addresses["busy"]).content
    Visit.objects.update(cancelled_at=timezone.now() - dt.timedelta(days=31))
    assert client.get(addresses["visit"]).status_code == 404
    for name in set(shown) - {"visit"}:
        assert not events_of(client, addresses[name]), name


class Radicale:
    """The calendar server Radicale, called without a network. Files are in a folder of the test."""

    def __init__(self, folder):
        configuration = config.load()
        settings = {"storage": {"filesystem_folder": str(folder)}, "auth": {"type": "none"}, "rights": {"type": "authenticated"}}
        configuration.update(settings, "test", privileged=True)
        self.app = Application(configuration)

    def ask(self, method, path, body=b""):
        """Status and body of the answer."""
        environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "CONTENT_TYPE": "text/calendar", "CONTENT_LENGTH": str(len(body))}
        setup_testing_defaults(environ)
        environ |= {"HTTP_AUTHORIZATION": "Basic dTpw", "wsgi.input": io.BytesIO(body)}
        status = []
        body = b"".join(self.app(environ, lambda line, headers: status.append(int(line.split()[0]))))
        return status[0], body


def told(content):
    """What a calendar says about each event, by UID."""
    names = ("dtstart", "dtend", "summary", "status", "sequence", "location", "description")
    events = vobject.readOne(content.decode()).contents.get("vevent", [])
    return {event.uid.value: {name: str(event.getChildValue(name)) for name in names} for event in events}


def test_a_calendar_server_takes_every_feed(client, addresses, officer, room, speaker, visit, tmp_path):
    make_visit(officer, room, speaker, slot=SlotFactory(programme=visit.programme, days_ahead=20))
    server = Radicale(tmp_path)
    for name, address in addresses.items():
        feed = client.get(address).content
        assert server.ask("PUT", f"/u/{name}/", feed)[0] == 201, name
        status, kept = server.ask("GET", f"/u/{name}/")
        assert (status, told(kept)) == (200, told(feed)), name
        # Of busy times it stores nothing.
        assert len(told(kept)) == {"visit": 1, "busy": 0}.get(name, 2), name


def test_a_request_that_was_never_scheduled_is_in_no_feed(client):
    visit = VisitFactory(submitted=True)
    assert not events_of(client, reverse("public_feed"))
    assert client.get(feeds.link_of(feeds.renew(visit))).status_code == 404


def test_a_new_link_closes_the_old_one(client, room):
    old = feeds.link_of(feeds.renew(room))
    new = feeds.link_of(feeds.renew(room))
    assert (client.get(old).status_code, client.get(new).status_code) == (404, 200)
    response = client.get(new)
    headers = [response[name] for name in ("Cache-Control", "X-Robots-Tag", "Referrer-Policy")]
    assert headers == ["private, no-cache", "noindex", "no-referrer"]


def test_the_calendar_of_an_officer_who_left_is_closed(client, officer):
    address = feeds.link_of(feeds.renew(officer))
    officer.is_active = False
    officer.save()
    assert client.get(address).status_code == 404


def test_the_page_names_the_addresses_in_both_languages(client, visit):
    for language in ("id", "en"):
        with override(language):
            page = client.get(reverse("visits:how_to_subscribe")).content.decode()
        for name in ("Google", "Outlook", "Apple", "Thunderbird", reverse("public_feed"), reverse("busy_times"), visit.programme.slug):
            assert name in page


def test_a_guest_makes_and_changes_the_link(client, visit):
    tokens.assign_tokens(visit)
    page = reverse("visits:subscribe", args=[tokens.token_for(visit, tokens.STATUS)])
    assert "/k/" not in client.get(page).content.decode()
    links = []
    for _time in range(2):
        assert client.post(page).status_code == 302
        links.append(feeds.link_of(CalendarFeed.objects.get(visit=visit)))
        assert links[-1] in client.get(page).content.decode()
    assert [client.get(link).status_code for link in links] == [404, 200]


def test_an_officer_finds_and_changes_the_links(client, officer, room, speaker):
    officer.user_permissions.add(*Permission.objects.filter(codename__in=["access_admin", "decide_visit"]))
    client.force_login(officer)
    for key in ("", str(room.pk), str(speaker.pk)):
        assert client.post(reverse("visits_feeds:renew"), {"key": key}).status_code == 302
    page = client.get(reverse("visits_feeds:index")).content.decode()
    assert CalendarFeed.objects.count() == 3
    for feed in CalendarFeed.objects.all():
        assert feeds.link_of(feed) in page
    for wrong in ("x", "999999"):
        assert client.post(reverse("visits_feeds:renew"), {"key": wrong}).status_code == 404
