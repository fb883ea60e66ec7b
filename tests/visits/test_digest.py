"""The daily summary: who gets it, what it tells, and that a mail server that refuses harms nothing."""

from smtplib import SMTPServerDisconnected

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from tests.factories import UserFactory, VisitFactory
from visits import tasks
from visits.mail import digest

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader():
    user = UserFactory(email="petugas@contoh.invalid", wants_digest=True)
    user.user_permissions.add(Permission.objects.get(codename="decide_visit"), Permission.objects.get(codename="access_admin"))
    return user


def test_it_tells_what_waits_and_who_comes_today(reader, mailoutbox):
    waiting = VisitFactory(submitted=True, assigned_to=reader)
    today = VisitFactory(approved=True, today=True)

    tasks.each_day(None, timezone.now())

    [mail] = mailoutbox
    assert mail.to == ["petugas@contoh.invalid"]
    assert "Menunggu jawaban kami: 1" in mail.body
    assert "?queue=mine" in mail.body
    assert f"09.00 {today.reference} {today.organisation}" in mail.body
    assert waiting.contact_email not in mail.body
    assert reverse("wagtailadmin_account") in mail.body


def test_nothing_waits_so_nothing_is_sent(reader, mailoutbox):
    assert not digest.send(reader.pk)
    assert mailoutbox == []


def test_who_may_not_see_visits_any_more_gets_none(reader, mailoutbox):
    VisitFactory(submitted=True)
    reader.user_permissions.clear()

    assert not digest.send(reader.pk)
    assert mailoutbox == []


def test_a_refused_mail_is_logged_without_the_address(reader, monkeypatch, caplog):
    VisitFactory(submitted=True)

    def refuse(*args, **kwargs):
        raise SMTPServerDisconnected("no")

    monkeypatch.setattr(digest, "send_mail", refuse)
    assert not digest.send(reader.pk)
    assert f"user {reader.pk}" in caplog.text
    assert reader.email not in caplog.text


def test_staff_choose_it_on_their_account_page(reader, client):
    reader.wants_digest = False
    reader.save()
    client.force_login(reader)
    page = client.get(reverse("wagtailadmin_account")).content.decode()
    assert "Ringkasan harian" in page

    answer = client.post(
        reverse("wagtailadmin_account"),
        {
            "name_email-first_name": "Petugas",
            "name_email-last_name": "Contoh",
            "name_email-email": reader.email,
            "locale-preferred_language": "id",
            "locale-current_time_zone": "Asia/Jakarta",
            "theme-theme": "system",
            "theme-contrast": "system",
            "theme-density": "default",
            "digest-wants_digest": "on",
        },
    )

    assert answer.status_code == 302, answer.context["panels"]
    reader.refresh_from_db()
    assert reader.wants_digest
    assert list(digest.subscribers()) == [reader]


def test_users_without_visits_are_not_asked(client):
    user = UserFactory()
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)

    assert "digest-wants_digest" not in client.get(reverse("wagtailadmin_account")).content.decode()
