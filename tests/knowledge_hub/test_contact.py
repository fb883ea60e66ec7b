"""The contact of the office: asked for by doctor and on the staff's home page, shown on the contact page, named by “contact us”."""

import contextlib
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import translation

from knowledge_hub.models import ContactSettings
from knowledge_hub.models.contact import how_to_reach_us
from tests.factories import UserFactory, VisitFactory
from tests.knowledge_hub.content import ContentTestCase, member
from visits import permissions
from visits.domain import decisions
from visits.domain.errors import Refused
from visits.enums import Actor, MessageKind
from visits.mail.messages import render
from visits.models import OutboundMessage

ENTERED = {
    "office": "Bagian Protokol",
    "email": "protokol@contoh.invalid",
    "phone": "(061) 000-1234",
    "address": "Jalan Contoh 1",
    "office_hours_id": "Senin–Jumat, 08.00–16.00",
    "office_hours_en": "Monday to Friday, 8 am to 4 pm",
    "map_url": "https://peta.contoh.invalid/?q=1,2",
}


def enter(**values) -> None:
    row = ContactSettings.load()
    for name, value in {**ENTERED, **values}.items():
        setattr(row, name, value)
    row.save()


def doctor() -> str:
    out = StringIO()
    with contextlib.suppress(CommandError):
        call_command("doctor", stdout=out)
    return out.getvalue()


class ContactPageTest(ContentTestCase):
    def read(self, address: str, client: Client | None = None) -> str:
        answer = (client or self.client).get(address)
        assert answer.status_code == 200, address
        return answer.content.decode()

    def test_the_page_shows_what_is_entered_in_both_languages(self):
        enter()

        indonesian, english = self.read("/kontak/"), self.read("/en/contact/")

        for page in (indonesian, english):
            assert 'href="mailto:protokol@contoh.invalid"' in page
            assert 'href="tel:0610001234"' in page
            assert "Bagian Protokol" in page
            assert "Jalan Contoh 1" in page
            assert 'href="https://peta.contoh.invalid/?q=1,2"' in page
        assert ENTERED["office_hours_id"] in indonesian
        assert ENTERED["office_hours_en"] not in indonesian
        assert ENTERED["office_hours_en"] in english
        assert "has not entered" not in english

    def test_the_page_says_what_is_not_entered(self):
        assert "The office has not entered its contact yet." in self.read("/en/contact/")
        enter(phone="", map_url="")

        page = self.read("/en/contact/")

        assert "The office has not entered yet: telephone, link to a map." in page
        assert "tel:" not in page
        assert ">Map<" not in page

    def test_cached_pages_follow_the_setting(self):
        self.enterContext(self.page_cache())
        self.read("/kontak/")

        enter(email="baru@contoh.invalid")

        assert "mailto:baru@contoh.invalid" in self.read("/kontak/")

    def test_it_is_found_from_every_page_and_in_the_sitemap(self):
        assert self.read("/").count('href="/kontak/"') == 2
        assert self.read("/en/").count('href="/en/contact/"') == 2
        sitemap = self.read("/sitemap.xml")
        assert "/kontak/</loc>" in sitemap
        assert "/en/contact/</loc>" in sitemap

    def test_pages_that_say_contact_us_link_to_it(self):
        for address in ("/kunjungan/tata-tertib/", "/kunjungan/status/unknown/", "/no-such-page/"):
            page = self.client.get(address).content.decode()
            main = page[page.index("<main") : page.index("</main>")]
            assert 'href="/kontak/"' in main, address

    def test_doctor_and_the_home_page_ask_for_missing_fields(self):
        permissions.create_groups()
        officer, other = Client(), Client()
        officer.force_login(member("Prokopim"))
        other.force_login(member("Penerima tamu"))
        form = reverse("wagtailsettings:edit", args=["knowledge_hub", "contactsettings"])
        enter(phone="")

        assert "✗ contact: The contact page lacks telephone." in doctor()
        assert "Belum diisi: telepon." in self.read(reverse("wagtailadmin_home"), officer)
        assert form in self.read(reverse("wagtailadmin_home"), officer)
        assert officer.get(form, follow=True).status_code == 200
        assert "Belum diisi" not in self.read(reverse("wagtailadmin_home"), other)

        enter()

        assert "✓ contact" in doctor()
        assert "Belum diisi" not in self.read(reverse("wagtailadmin_home"), officer)


@pytest.mark.django_db
def test_sentences_and_mails_name_the_contact():
    assert how_to_reach_us().endswith("/kontak/")
    with translation.override("en"):
        assert how_to_reach_us().endswith("/en/contact/")
    enter()
    visit = VisitFactory(approved=True, now=True)

    with pytest.raises(Refused, match=r"\(061\) 000-1234, protokol@contoh\.invalid"):
        decisions.cancel(visit, by=Actor.GUEST, reason="-", user=UserFactory())
    mail = render(OutboundMessage(visit=visit, kind=MessageKind.INVITATION, recipient=visit.contact_email))
    assert "(061) 000-1234, protokol@contoh.invalid" in mail.body
