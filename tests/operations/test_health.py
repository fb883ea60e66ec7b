"""Doctor, /readyz and the staff's page tell the same facts, from one list; each says what to do."""

import datetime as dt
import os
import time
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone, translation
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from knowledge_hub.core import backup_copies, backups, health
from knowledge_hub.core.health import Depth
from tests.factories import UserFactory, VisitFactory
from visits.enums import MessageKind, MessageStatus
from visits.models import OutboundMessage

pytestmark = pytest.mark.django_db
PROBED = {
    *("database", "cache", "search", "background worker", "tasks", "mail", "mailbox"),
    *("disk", "disk space", "static files", "backup", "clock"),
}


@pytest.fixture
def site(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    return settings


@pytest.fixture
def newest_backup(site):
    backup = backups.default_folder() / f"{timezone.now():%Y%m%d-%H%M%S}"
    backup.mkdir(parents=True)
    (backup / backups.MANIFEST).touch()
    (backup / backups.KEYS).touch()
    backup_copies.note(backup, backup_copies.TRIED)
    return backup


def told(key: str) -> tuple[bool, str]:
    """What a check finds."""
    check = next(check for check in health.declared() if check.key == key)
    with translation.override("en"):
        found = health.finding(check)
    return found.is_well, found.text


def test_cheap_checks_are_probed():
    assert {check.key for check in health.declared() if check.depth == Depth.PROBE} == PROBED
    assert {check.key for check in health.declared() if check.is_vital} == {"database", "cache", "disk", "static files"}


def test_doctor_and_the_page_tell_the_same(site, client, newest_backup):
    (newest_backup / backups.KEYS).unlink()
    out = StringIO()
    with pytest.raises(CommandError, match="need attention"):
        call_command("doctor", stdout=out)
    for check in health.declared():
        assert f" {check.key}" in out.getvalue()
    assert "✗ backup: The newest backup holds no keys. Set BACKUP_PASSPHRASE_FILE" in out.getvalue()

    client.force_login(UserFactory(is_superuser=True))
    page = client.get(reverse("site_health")).content.decode()
    for check in health.declared():
        assert (f"</span> {check.label}" in page) == (check.depth <= Depth.PAGE)
    assert "Kesehatan situs" in page
    assert page.index("needs attention" if "needs attention" in page else "Perlu perhatian:") < page.index("Baik:")
    assert b"needs attention: " in client.get("/readyz").content


def test_only_administrators_see_the_page(client):
    client.force_login(UserFactory(is_staff=True))

    assert client.get(reverse("site_health")).status_code in (302, 403)


def test_a_task_that_waits_long_is_told(site):
    task = {"status": TaskResultStatus.READY, "task_path": "x", "args_kwargs": {}, "queue_name": "default", "backend_name": "default"}
    DBTaskResult.objects.create(**task, run_after=timezone.now(), exception_class_path="", traceback="")
    assert told("background worker") == (True, "1 tasks wait")
    DBTaskResult.objects.update(enqueued_at=timezone.now() - dt.timedelta(minutes=11))

    is_well, text = told("background worker")

    assert not is_well
    assert "1 tasks wait, the oldest for 11 minutes" in text


def test_mail_that_waits_or_was_given_up_is_told(site):
    visit = VisitFactory(submitted=True)
    visit.messages.all().delete()
    OutboundMessage.objects.create(visit=visit, kind=MessageKind.CONFIRM, recipient="tamu@contoh.invalid")
    assert told("mail") == (True, "1 mails wait")
    OutboundMessage.objects.update(created_at=timezone.now() - dt.timedelta(minutes=31))
    assert "1 mails wait, the oldest for 31 minutes" in told("mail")[1]
    OutboundMessage.objects.update(status=MessageStatus.FAILED)

    assert told("mail")[0] is False
    assert "1 mails of the last day were given up" in told("mail")[1]


def test_backups_that_are_old_uncopied_or_untried_are_told(site, newest_backup, tmp_path):
    assert told("backup")[0]
    site.BACKUP_COPY_TO = str(tmp_path / "disk")
    assert "not copied" in told("backup")[1]
    site.BACKUP_COPY_TO = ""
    (newest_backup.parent / backup_copies.TRIED).unlink()
    assert "rehearse_restore" in told("backup")[1]
    newest_backup.rename(newest_backup.with_name("20251124-050000"))
    assert "The newest backup is of 24.11.2025 12:00" in told("backup")[1]
    newest_backup.with_name("20251124-050000").rename(newest_backup.parent / "nothing")
    assert "There is no backup" in told("backup")[1]
    site.BACKUP_MAX_HOURS = 0
    assert told("backup") == (True, "not made by this machine")


def test_wrong_keys_are_told(site):
    visit = VisitFactory(submitted=True, delegates=1)
    delegate = visit.delegates.get()
    delegate.nip = "198001012005011001"
    delegate.save()
    assert told("encryption key")[0]
    assert told("signing key")[0]
    site.ENCRYPTION_KEY, site.SIGNING_KEY = "other-numbers", "other-links"

    assert "visits.Delegate.nip. Put it into ENCRYPTION_KEY_FALLBACKS" in told("encryption key")[1]
    assert "links of visits.Visit. Put it into SIGNING_KEY_FALLBACKS" in told("signing key")[1]


def test_a_stopped_clock_and_a_full_disk_are_told(site, monkeypatch):
    assert told("clock")[0] is False
    beat = site.VAR_DIR / "clock" / "minute"
    beat.parent.mkdir()
    beat.touch()
    assert told("clock")[0], "a clock that has just beaten is well"
    os.utime(beat, (time.time() - 660,) * 2)
    assert told("clock")[0] is False
    monkeypatch.setattr("knowledge_hub.core.health_checks.free_disk", lambda: 100 * 2**20)

    assert told("disk space") == (False, "Only 100 MiB are free. Free some space, or bookings and uploads will be refused.")


def test_missing_fonts_are_told(monkeypatch):
    assert told("fonts") == (True, "")
    monkeypatch.setattr("knowledge_hub.staff.health.OTHER_SCRIPTS", "\U0001f600")
    assert "fonts-noto-core" in told("fonts")[1]
    monkeypatch.setattr("knowledge_hub.staff.health.LISTS_FONTS", "fc-list-that-is-missing")
    assert "fontconfig" in told("fonts")[1]
