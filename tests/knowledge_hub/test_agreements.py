"""Agreements: who may read them, reminders before they end, comparison of wordings."""

import datetime as dt

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from knowledge_hub.agreements import access, wording
from knowledge_hub.content_health import agreement_reminders
from knowledge_hub.models import AgreementVersion, CollaborationDocumentPage, CustomDocument
from tests.factories import UserFactory
from tests.knowledge_hub.content import ContentTestCase, agreement, approve

TODAY = dt.date(2026, 11, 24)
NOW = dt.datetime(2026, 11, 24, 3, tzinfo=dt.UTC)
SECRET = "Perjanjian Zamrud"


class AudienceTest(ContentTestCase):
    def setUp(self):
        self.file, self.annex = (
            CustomDocument.objects.create(title=f"{SECRET} {n}", file=ContentFile(b"rahasia", name=f"zamrud-{n}.txt")) for n in (1, 2)
        )
        self.page = agreement(
            self.index(),
            title=SECRET,
            audience="partners",
            annexes=[("attachment", {"document": self.annex, "title": ""})],
            versions=[AgreementVersion(label="A", date=TODAY, text="satu", document=self.file)],
        )
        call_command("rebuild_modelsearch_index", verbosity=0)

    def member(self, *groups) -> Client:
        user = UserFactory()
        user.groups.set([Group.objects.get_or_create(name=name)[0] for name in groups])
        client = Client()
        client.force_login(user)
        return client

    def pages_that_could_leak(self):
        yield from ("/", "/en/", self.index().url, self.index("en").url, "/umpan.atom", "/en/feed.atom", "/sitemap.xml", "/aplikasi/")
        yield from ("/data/applications.json", f"/daftar-pilihan/?id={self.page.pk}", "/cari/?q=zamrud", "/en/search/?q=zamrud")
        yield "/cari/saran/?q=zam"

    def test_a_restricted_agreement_appears_on_no_page(self):
        for address in self.pages_that_could_leak():
            html = self.client.get(address).content.decode()
            assert SECRET not in html.replace("&quot;", ""), address
            assert self.page.slug not in html, address
        assert self.client.get(self.index().url).context["listing"].total == 5

    def test_a_restricted_agreement_cannot_be_fetched_by_address(self):
        for address in (self.page.url, self.file.url, self.annex.url):
            assert self.client.get(address).status_code == 302, address
        for name, args in (("page_pdf", [self.page.pk]), ("citation", [self.page.pk, "bib"]), ("share_picture", [self.page.pk])):
            assert self.client.get(reverse(name, args=args)).status_code == 404, name
        for name in ("wordings", "feedback", "untranslated"):
            assert self.client.get(reverse(name, args=[self.page.pk])).status_code == 404, name
        assert self.client.get(f"/media/{self.file.file.name}").status_code == 404

    def test_partners_can_read_the_agreement_and_its_files(self):
        partner = self.member()

        for address in (self.page.url, self.file.url, self.annex.url, reverse("wordings", args=[self.page.pk])):
            assert self.download(address, partner)

    def test_partners_cannot_read_agreements_for_staff(self):
        self.page.audience = "staff"
        self.page.save_revision()
        self.page = approve(self.page)
        partner, staff = self.member(), self.member(access.STAFF_GROUP)

        for address in (self.page.url, self.file.url, self.annex.url):
            assert partner.get(address).status_code == 302, address
            assert self.download(address, staff)
        assert partner.get(reverse("wordings", args=[self.page.pk])).status_code == 404

    def test_only_publishing_changes_the_audience(self):
        self.page.audience = "public"
        self.page.save_revision()
        assert self.client.get(self.page.url).status_code == 302

        approve(self.page)

        assert self.client.get(self.page.url).status_code == 200
        # Publishing does not open the file; that is a separate decision.
        assert self.client.get(self.file.url).status_code == 302


class ReminderTest(ContentTestCase):
    def agreement(self, days, **values) -> CollaborationDocumentPage:
        values = {"remind_days": 90, "remind_mailbox": "mitra@contoh.invalid", **values}
        return agreement(self.index(), title=f"Berakhir {days}", valid_until=TODAY + dt.timedelta(days=days), **values)

    def test_the_owner_is_reminded_once_per_end_date(self):
        page = self.agreement(60)
        mail.outbox.clear()

        assert [agreement_reminders.remind(now=NOW), agreement_reminders.remind(now=NOW + dt.timedelta(days=1))] == [1, 0]
        page.refresh_from_db()
        page.valid_until += dt.timedelta(days=10)
        page.save()
        assert agreement_reminders.remind(now=NOW) == 1

        first = mail.outbox[0]
        assert first.to == ["mitra@contoh.invalid"]
        assert "23 Januari 2027" in first.subject
        assert page.full_url in first.body

    def test_no_reminder_for_other_agreements(self):
        self.agreement(91)
        self.agreement(-1)
        self.agreement(5, remind_days=0)
        self.agreement(6, remind_mailbox="")

        assert agreement_reminders.remind(now=NOW) == 0

    def test_a_failed_reminder_is_retried(self):
        self.agreement(60)
        with self.settings(EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_HOST="127.0.0.1", EMAIL_PORT=1):
            assert agreement_reminders.remind(now=NOW) == 0

        assert agreement_reminders.remind(now=NOW) == 1


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("a b", "a b", [[("same", "a b")]]),
        ("a b", "a c", [[("same", "a "), ("removed", "b"), ("added", "c")]]),
        ("a\nb", "a", [[("same", "a")], [("removed", "b")]]),
        ("", "a", [[("added", "a")]]),
    ],
)
def test_changes_of_wording_are_marked(old, new, expected):
    assert [[(piece.kind, piece.text) for piece in pieces] for pieces in wording.compare(old, new)] == expected


lines = st.lists(st.text("abc ", min_size=1, max_size=12).filter(str.strip), max_size=6).map("\n".join)


@given(lines, lines)
def test_a_comparison_contains_both_wordings_completely(old, new):
    def read(kept):
        paragraphs = ["".join(piece.text for piece in pieces if piece.kind in ("same", kept)) for pieces in wording.compare(old, new)]
        return [text.strip() for text in paragraphs if text.strip()]

    assert read("removed") == [line.strip() for line in old.splitlines() if line.strip()]
    assert read("added") == [line.strip() for line in new.splitlines() if line.strip()]
