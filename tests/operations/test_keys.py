"""Each key can be replaced without the others; what a key made that the site lacks is an error that says so, never an empty value."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from knowledge_hub.core import keys
from knowledge_hub.core.encrypted import encrypted_fields
from knowledge_hub.models import SecondFactor
from knowledge_hub.papers import PaperRefused
from tests.factories import UserFactory, VisitFactory
from visits.documents.office.kinds import KINDS
from visits.domain import badges, delegates, link_keys, tokens
from visits.enums import MessageKind, MessageStatus
from visits.mail import sending
from visits.models import Delegate, HostOfficial, OutboundMessage, ReplyLetter, SavedDraft
from visits.models.secret_link import SecretLink
from visits.queries.dossier import dossier

pytestmark = pytest.mark.django_db
NIP = "198001012005011001"


@pytest.fixture
def visit():
    visit = VisitFactory(approved=True, delegates=1)
    visit.delegates.update(nip=NIP)
    badges.give_missing(visit)
    return visit


@pytest.fixture
def other_keys(settings):
    """Replace the keys; the former ones become older keys on request."""

    def replace(*, keep: bool):
        if keep:
            settings.SIGNING_KEY_FALLBACKS, settings.ENCRYPTION_KEY_FALLBACKS = [settings.SIGNING_KEY], [settings.ENCRYPTION_KEY]
        settings.SIGNING_KEY, settings.ENCRYPTION_KEY = "other-links " * 5, "other-numbers " * 5

    return replace


def stored_nip() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nip FROM visits_delegate")
        return cursor.fetchone()[0]


def test_sessions_change_without_numbers_and_links(visit, settings):
    token = tokens.token_for(visit, tokens.STATUS)

    settings.SECRET_KEY = "another " * 8

    assert visit.delegates.get().nip == NIP
    assert tokens.token_for(visit, tokens.STATUS) == token


def test_an_unknown_key_is_an_error_and_loses_nothing(visit, other_keys):
    before = stored_nip()
    other_keys(keep=False)
    person = visit.delegates.get()

    with pytest.raises(keys.WrongKey, match="ENCRYPTION_KEY"):
        person.nip  # noqa: B018 -- reading is what is tested
    assert person.masked_nip.startswith("•••")
    assert "kunci" in person.masked_nip or "key" in person.masked_nip
    rows = [delegates.DelegateRow(1, person.name, "Kepala Bidang Contoh", nip=person.masked_nip)]
    delegates.replace_list(visit, rows)

    assert stored_nip() == before
    with pytest.raises(PaperRefused, match="ENCRYPTION_KEY"):
        KINDS["attendance_sheet"].check(dossier(visit))


def test_staff_see_that_the_key_is_wrong(visit, other_keys, client):
    official = HostOfficial.objects.create(name="Pejabat Contoh", position="Kepala Dinas", nip=NIP)
    client.force_login(UserFactory(is_superuser=True))
    client.raise_request_exception = False
    other_keys(keep=False)

    assert "•••" in client.get(reverse("visits_officials:index")).content.decode()
    page = client.post(reverse("visits_officials:edit", args=[official.pk]), {"name": "X", "position": "Y", "nip": "•••", "sort_order": 0})

    assert page.status_code == 503
    assert "ENCRYPTION_KEY" in page.content.decode()
    client.post(reverse("visits_officials:edit", args=[official.pk]), {"name": "X", "position": "Y", "nip": NIP, "sort_order": 0})
    official.refresh_from_db()
    assert official.nip == NIP, "a number whose key is lost can be typed again"


def test_rotation_encrypts_again_and_keeps_links(visit, other_keys, settings, capsys):
    link, token = badges.token_of(visit.delegates.get()), tokens.token_for(visit, tokens.CONFIRM)
    other_keys(keep=True)

    call_command("rotate_keys")

    told = capsys.readouterr().out
    assert "visits.Delegate.nip: 1 with the present key, 1 of them moved now" in told
    assert "links of visits.Visit: 0 with the present key, 0 of them moved now, 1 with an older key" in told
    settings.ENCRYPTION_KEY_FALLBACKS = []
    assert visit.delegates.get().nip == NIP
    assert badges.token_of(visit.delegates.get()) == link
    assert tokens.token_for(visit, tokens.CONFIRM) == token
    assert VisitFactory(submitted=True).token_hash, "new links are made with the present key"


def test_links_are_renewed_on_request(visit, other_keys, settings, capsys):
    link, token = badges.token_of(visit.delegates.get()), tokens.token_for(visit, tokens.STATUS)
    other_keys(keep=True)

    call_command("rotate_keys", renew_links=True)

    assert "no longer needed" in capsys.readouterr().out
    settings.SIGNING_KEY_FALLBACKS = []
    visit.refresh_from_db()
    assert badges.token_of(visit.delegates.get()) != link
    assert tokens.visit_by_token(token, tokens.STATUS) is None
    assert tokens.visit_by_token(tokens.token_for(visit, tokens.CONFIRM), tokens.CONFIRM) == visit


def test_rotation_fails_while_a_key_is_missing(visit, other_keys, capsys):
    other_keys(keep=False)

    with pytest.raises(CommandError, match="missing key"):
        call_command("rotate_keys")
    with pytest.raises(keys.WrongKey, match="SIGNING_KEY"):
        tokens.token_for(visit, tokens.STATUS)


def test_mail_waits_until_the_key_is_back(visit, settings):
    before = settings.SIGNING_KEY
    message = OutboundMessage.objects.create(visit=visit, kind=MessageKind.INVITATION, recipient=visit.contact_email)
    settings.SIGNING_KEY = "other-links " * 5
    now = timezone.now()

    for hour in range(8):
        assert not sending.send(message.pk, now=now + dt.timedelta(hours=hour))
    message.refresh_from_db()
    assert (message.status, message.tries) == (MessageStatus.QUEUED, 0)
    assert "SIGNING_KEY" in message.last_error
    settings.SIGNING_KEY = before

    assert sending.send(message.pk, now=now + dt.timedelta(days=1))


def test_all_encrypted_fields_and_links_are_rotated():
    found = {(field.model, field.name) for field in encrypted_fields()}
    assert {(Delegate, "nip"), (HostOfficial, "nip"), (ReplyLetter, "snapshot"), (SecondFactor, "secret")} <= found
    assert {*SecretLink.__subclasses__(), SavedDraft} <= {*link_keys.PURPOSES}
