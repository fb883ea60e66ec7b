"""“Hak Anda”: the notice, requests with their three days, and what staff do with them."""

import datetime as dt
import json
import re
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override

from knowledge_hub.core.personal_fields import REGISTER, Whose
from tests.factories import DelegateFactory, UserFactory, VisitFactory
from visits.domain import budgets, data_requests, tokens
from visits.enums import DataRequestState, MessageKind
from visits.mail import messages
from visits.models import DataRequest, Delegate, Erasure, Incident, OutboundMessage
from visits.public import rights

pytestmark = pytest.mark.django_db
ADDRESS = "/hak-anda/"
NAME, EMAIL = "Titik Sariwangi, S.Kom.", "titik@sariwangi.invalid"


def ask(client, kind="deletion", *, address=ADDRESS, **values):
    return client.post(address, {"kind": kind, "name": NAME, "email": EMAIL, "detail": "Kunjungan Maret", **values})


def link_in(message) -> str:
    return re.search(r"http://[^/]+(/hak-anda/\S+)", messages.render(message).body)[1]


@pytest.fixture
def visit():
    visit = VisitFactory(approved=True, contact_name=NAME, contact_email=EMAIL)
    DelegateFactory(visit=visit, name=NAME)
    return visit


@pytest.fixture
def officer(client):
    """A browser of an officer who answers requests."""
    user = UserFactory()
    wanted = ["access_admin", "view_visit", "view_datarequest", "change_datarequest", "view_incident", "add_incident", "change_incident"]
    user.user_permissions.set(Permission.objects.filter(codename__in=wanted))
    browser = Client()
    browser.force_login(user)
    browser.user = user
    return browser


def confirmed(client, kind="deletion") -> DataRequest:
    ask(client, kind)
    client.post(link_in(OutboundMessage.objects.get(kind=MessageKind.DATA_CONFIRM)))
    return DataRequest.objects.get()


def test_the_notice_shows_exactly_the_fields_of_guests(client):
    page = client.get(ADDRESS).content.decode()

    for text in ("Nama dengan gelar", "NIP; memuat tanggal lahir", "persetujuan Anda", "180 hari sesudahnya", "730 hari sesudahnya"):
        assert text in page
    shown = {what for row in rights.notice() for what in row["what"]}
    assert shown == {gettext(field.what) for field in REGISTER.values() if field.whose == Whose.GUESTS}
    delegation = {field.field: field.whose for field in REGISTER.values() if field.model in ("visits.Visit", "visits.Delegate")}
    assert {name for name, whose in delegation.items() if whose == Whose.HOST} == {"host_contact_name", "host_contact_phone"}


def test_an_address_confirms_first_and_starts_the_clock(client, officer):
    answer = ask(client)
    request = DataRequest.objects.get()
    assert "72 jam" in answer.content.decode()
    assert (request.state, request.due_at) == (DataRequestState.UNCONFIRMED, None)

    link = link_in(OutboundMessage.objects.get())
    assert client.get(link).status_code == 200
    assert DataRequest.objects.get().state == DataRequestState.UNCONFIRMED, "a mail program that opens links confirms nothing"
    client.post(link)
    client.post(link)
    request.refresh_from_db()
    assert dt.timedelta(hours=71) < request.due_at - timezone.now() <= dt.timedelta(hours=72)
    assert [mail.recipient for mail in OutboundMessage.objects.filter(kind=MessageKind.DATA_REQUEST)] == [officer.user.email]
    assert "Sariwangi" not in messages.render(OutboundMessage.objects.get(kind=MessageKind.DATA_REQUEST)).body


def test_the_link_of_a_visit_confirms_its_contact_person(client, visit):
    address = f"/kunjungan/status/{tokens.token_for(visit, tokens.STATUS)}/hak-anda/"
    assert NAME in client.get(address).content.decode()
    ask(client, address=address)
    assert DataRequest.objects.get().state == DataRequestState.OPEN

    ask(client, address=address, email="lain@contoh.invalid")
    assert DataRequest.objects.get(email="lain@contoh.invalid").state == DataRequestState.UNCONFIRMED


def test_known_and_unknown_people_get_the_same_answer(client, visit):
    def shown(response):
        return re.sub(r'value="\w{64}"', "", response.content.decode())

    assert shown(ask(client)) == shown(ask(client, email="takdikenal@contoh.invalid", name="Tak Dikenal"))


def test_requests_are_limited_and_nothing_typed_is_lost(client):
    for _ in range(budgets.DATA_REQUEST.per_subject):
        ask(client)
    answer = ask(client, detail="Tulisan panjang")
    assert answer.status_code == 429
    assert "Tulisan panjang" in answer.content.decode()
    assert DataRequest.objects.count() == 1
    assert ask(client, email="bukan surel").status_code == 422


def test_staff_preview_then_erase_and_the_person_is_told(client, officer, visit, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    request = confirmed(client)
    address = reverse("visits_rights:answer", args=[request.pk])
    chosen = {"delegates": visit.delegates.values_list("pk", flat=True), "contact_of": [visit.pk], "answer": "Sudah kami hapus."}

    assert address in officer.get(reverse("visits_rights:index")).content.decode()
    assert "Tidak ada yang kami kenal" not in officer.get(address).content.decode()
    stranger = DataRequest.objects.create(kind="access", name=NAME, email="lain@contoh.invalid", state="open", due_at=timezone.now())
    assert "Tidak ada yang kami kenal" in officer.get(reverse("visits_rights:answer", args=[stranger.pk])).content.decode()
    assert "nama dengan gelar: 1" in officer.post(address, {**chosen, "action": "preview"}).content.decode()
    assert Delegate.objects.filter(name=NAME).exists()
    assert officer.post(address, {**chosen, "answer": "", "action": "erase"}).status_code == 409
    assert Delegate.objects.filter(name=NAME).exists()

    officer.post(address, {**chosen, "action": "erase"})
    visit.refresh_from_db()
    assert (visit.contact_name, visit.contact_email) == ("[dihapus]", "")
    assert not Delegate.objects.filter(name=NAME).exists()
    assert Erasure.objects.get().request == request
    mail = OutboundMessage.objects.get(kind=MessageKind.DATA_ANSWER)
    assert mail.recipient == EMAIL
    assert "Sudah kami hapus." in messages.render(mail).body
    assert "Sudah kami hapus." in client.get(link_in(mail)).content.decode()
    assert officer.post(address, {"answer": "Lagi.", "action": "erase"}).status_code == 409, "it is answered already"
    assert officer.get(address).status_code == 200


def test_released_data_can_be_downloaded_for_a_time(client, officer, visit, time_machine):
    request = confirmed(client, "access")
    export = reverse("visits:data_export", args=[tokens.link_token(request, data_requests.PURPOSE)])
    assert client.get(export).status_code == 404
    address = reverse("visits_rights:answer", args=[request.pk])
    assert officer.post(address, {"answer": "Silakan.", "action": "release"}).status_code == 409, "nobody was ticked"
    officer.post(address, {"contact_of": [visit.pk], "answer": "Silakan.", "action": "release"})

    assert export in client.get(link_in(OutboundMessage.objects.get(kind=MessageKind.DATA_ANSWER))).content.decode()
    with ZipFile(BytesIO(client.get(export).content)) as archive:
        entries = json.loads(archive.read("data.json"))
    assert {"visits.Visit.contact_name", "visits.Visit.contact_email"} <= {entry["field"] for entry in entries}
    time_machine.move_to(timezone.now() + data_requests.DOWNLOAD_FOR)
    assert client.get(export).status_code == 404


def test_requests_are_forgotten(client, time_machine):
    ask(client)
    confirmed_one = DataRequest.objects.create(kind="deletion", name=NAME, email=EMAIL, state="done", closed_at=timezone.now())
    data_requests.delete_old(timezone.now() + dt.timedelta(days=3))
    assert list(DataRequest.objects.all()) == [confirmed_one]
    data_requests.delete_old(timezone.now() + dt.timedelta(days=31))
    assert DataRequest.objects.get().name == "[dihapus]"
    data_requests.delete_old(timezone.now() + dt.timedelta(days=731))
    assert not DataRequest.objects.exists()


def test_incidents_have_three_days(officer):
    found = timezone.now()
    values = {"title": "Laptop hilang", "found_at": timezone.localtime(found).strftime("%Y-%m-%d %H:%M"), "data": "Daftar peserta"}
    response = officer.post(reverse("visits_incidents:add"), values)
    assert response.status_code == 302, response.context["form"].errors
    incident = Incident.objects.get()
    assert incident.due_at - incident.found_at == dt.timedelta(hours=72)
    assert "Laptop hilang" in officer.get(reverse("visits_incidents:index")).content.decode()


def test_every_text_of_the_notice_is_translated():
    english = [field for field in REGISTER.values() if field.model.startswith("visits.")]
    with override("id"):
        same = {text for field in english for text in (field.what, field.purpose) if gettext(text) == text}
    assert not same
