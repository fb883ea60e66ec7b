"""Who may open and who may change what: every URL of visits in the admin, for every role. The URLs come from the URL configuration."""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client, TestCase
from django.urls import get_resolver, reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from knowledge_hub.staff import groups
from tests import factories
from tests.visits.office.prepared import prepared_visit
from tests.visits.staff.roles import ACCESS, ROLES
from visits.documents import preview
from visits.domain import certificates
from visits.enums import CertificateStatus
from visits.models import (
    Adoption,
    AdoptionReport,
    Allocation,
    CalendarException,
    Certificate,
    CertificateTemplate,
    DataRequest,
    Disposition,
    HostOfficial,
    InboundMessage,
    Incident,
    NumberSequence,
    OfficePaper,
    OutboundMessage,
    Question,
    ReplyLetter,
    Visit,
)
from visits.permissions import create_groups

PDF = b"%PDF-1.4"


def staff_urls() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Name and parameters of every URL of visits in the admin."""
    for namespace, (_prefix, resolver) in get_resolver().namespace_dict.items():
        if namespace.startswith("visits_"):
            for name in sorted(key for key in resolver.reverse_dict if isinstance(key, str)):
                for possibility in resolver.reverse_dict.getlist(name):
                    for _route, parameters in possibility[0]:
                        yield f"{namespace}:{name}", tuple(parameters)


def refuses(response) -> bool:
    """Whether the person is sent away: to the sign-in page, or to the start page with “you do not have permission”."""
    return response.status_code == 403 or response.get("Location", "").split("?")[0] in (
        reverse("wagtailadmin_login"),
        reverse("wagtailadmin_home"),
    )


@pytest.mark.long
class RoleMatrixTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.addClassCleanup(preview.warm.close)
        create_groups()
        groups.create([])
        cls.signed_in = {}
        for role in ROLES:
            user = factories.UserFactory()
            user.groups.add(Group.objects.get(name=ROLES[role]))
            browser = Client()
            browser.force_login(user)
            cls.signed_in[role] = browser.cookies.output(header="", sep=";")
        cls.visit = visit = prepared_visit()
        cls.parameters = {"visits_staff": cls._parts_of(visit), **cls._other_rows(visit)}

    @staticmethod
    def _parts_of(visit):
        item, letter, question = visit.agenda_items.first(), visit.letters.first(), visit.questions.first()
        item.material.save("paparan.pdf", ContentFile(PDF))
        letter.file.save("surat.pdf", ContentFile(PDF))
        Question.objects.filter(pk=question.pk).update(by_delegate=True)
        certificates.plan(visit)
        certificate = visit.certificates.first()
        certificate.file.save("sertifikat.pdf", ContentFile(PDF), save=False)
        Certificate.objects.filter(pk=certificate.pk).update(
            status=CertificateStatus.ISSUED, file=certificate.file.name, sha256="0" * 64, issued_at=timezone.now()
        )
        paper = OfficePaper.objects.create(visit=visit, kind="agenda", state=OfficePaper.State.READY, asked_at=timezone.now())
        paper.file.save("acara.pdf", ContentFile(PDF))
        reply = visit.replies.first()
        reply.signed_file.save("balasan.pdf", ContentFile(PDF), save=False)
        ReplyLetter.objects.filter(pk=reply.pk).update(signed_file=reply.signed_file.name)
        return {
            "pk": visit.pk,
            "certificate_pk": certificate.pk,
            "filter_pk": 1,
            "delegate_pk": visit.delegates.first().pk,
            "gift_pk": visit.gifts.first().pk,
            "item_pk": item.pk,
            "invitation_pk": factories.InvitationFactory(item=item).pk,
            "key": "agenda",
            "kind": "photo",
            "letter_pk": letter.pk,
            "question_pk": question.pk,
            "reply_pk": reply.pk,
            "task_pk": factories.TaskFactory(visit=visit).pk,
        }

    @staticmethod
    def _other_rows(visit):
        times = {"starts_at": visit.slot.starts_at, "ends_at": visit.slot.ends_at}
        factories.VisitPhotoFactory(visit=visit)
        report = AdoptionReport.objects.create(region=visit.region, status="pilot", evidence_file="evidence/x.pdf")
        today = dt.date(2026, 12, 1)
        Adoption.objects.create(pk=report.pk, region=visit.region, title="-", status="pilot", reported_on=today, changed_on=today)
        rows = {
            "visits_blocks": Allocation.objects.create(resource=factories.ResourceFactory(), note="Diperbaiki", **times),
            "visits_calendar": CalendarException.objects.create(date=dt.date(2026, 12, 1), reason_id="Rapat", reason_en="Meeting"),
            "visits_certificate_templates": CertificateTemplate.objects.create(name="Contoh"),
            # Used by nothing, so that they can be deleted.
            "visits_dispositions": Disposition.objects.first(),
            "visits_kinds": factories.ResourceKindFactory(slug="unused"),
            "visits_ledger": visit,
            "visits_mail": OutboundMessage.objects.create(visit=visit, kind="receipt", recipient="narahubung@contoh.invalid"),
            "visits_numbers": NumberSequence.objects.first(),
            "visits_officials": HostOfficial.objects.first(),
            "visits_planner": visit,
            "visits_programmes": visit.programme,
            "visits_received_mail": InboundMessage.objects.create(kind="message", state="open", key="x"),
            "visits_resources": factories.ResourceFactory(),
            "visits_slots": visit.slot,
            "visits_adoptions": report,
            "visits_incidents": Incident.objects.create(title="Laptop hilang", data="Daftar peserta"),
            "visits_rights": DataRequest.objects.create(kind="deletion", name="Contoh", email="c@contoh.invalid", state="open"),
        }
        lists = {"visits_gifts": {"year": 2026}, "visits_settings": {}, "visits_feeds": {}, "visits_incoming": {}, "visits_outgoing": {}}
        lists["visits_wording"] = {"language": "id", "slug": "receipt"}
        return {namespace: {"pk": row.pk} for namespace, row in rows.items()} | lists

    def who_may(self, method: str, url: str) -> frozenset[str]:
        """The roles whose request is accepted; nothing that it does is kept."""
        allowed = set()
        for role, cookies in self.signed_in.items():
            browser = Client()
            browser.cookies.load(cookies)
            before = self.state()
            with transaction.atomic():
                response = getattr(browser, method)(url)
                if response.streaming:
                    b"".join(response.streaming_content)
                if response.status_code not in (404, 405) and not refuses(response):
                    allowed.add(role)
                elif self.state() != before:
                    self.fail(f"{method} {url} was refused to the {role}, but changed something")
                transaction.set_rollback(True)
        return frozenset(allowed)

    @staticmethod
    def state():
        """What every change of a visit, or of a row of the admin, changes as well."""
        return Visit.objects.values_list("revision", "status").get(), ModelLogEntry.objects.count()

    def test_each_role_reaches_only_what_it_needs(self):
        urls = sorted(set(staff_urls()))
        assert len(urls) > 100
        wrong = {}
        for name, parameters in urls:
            known = self.parameters[name.split(":")[0]]
            url = reverse(name, kwargs={parameter: known[parameter] for parameter in parameters})
            access = (self.who_may("get", url), self.who_may("post", url))
            if access != ACCESS.get(name):
                wrong[name] = {"opens": sorted(access[0]), "changes": sorted(access[1])}

        assert wrong == {}, wrong
        assert set(ACCESS) == {name for name, _parameters in urls}

    def test_visitors_and_staff_without_a_role_reach_nothing(self):
        staff = factories.UserFactory()
        member = Client()
        member.force_login(staff)
        for name, parameters in sorted(set(staff_urls())):
            known = self.parameters[name.split(":")[0]]
            url = reverse(name, kwargs={parameter: known[parameter] for parameter in parameters})
            for browser in (Client(), member):
                assert refuses(browser.get(url)), name
                assert refuses(browser.post(url)), name
