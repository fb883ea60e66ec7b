"""One person, planted in every declared field, is found for the export and gone after the erasure, and numbers stay."""

import datetime as dt
import json
import tempfile
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import models
from django.test import TestCase, override_settings
from django.utils import timezone
from wagtail.contrib.search_promotions.models import Query
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from knowledge_hub.core.personal_fields import REGISTER
from knowledge_hub.models import FailedSearch, PageFeedback
from tests.factories import InvitationFactory, ResourceFactory, TaskFactory, VisitPhotoFactory
from tests.visits.office.prepared import prepared_visit
from visits.documents.all_papers import carrying
from visits.domain import certificates, data_requests, erasure, people
from visits.domain.people import REMOVED, path_to_visit
from visits.domain.survey_questions import ELEMENTS
from visits.enums import AnswerKind, CertificateStatus, DataRequestKind, DataRequestState
from visits.models import (
    AdoptionReport,
    Allocation,
    AttendanceEvent,
    Certificate,
    DataRequest,
    Delegate,
    InboundMessage,
    IncomingLetter,
    OfficePaper,
    OutboundMessage,
    Proposal,
    SavedDraft,
    SeatRequest,
    SurveyResponse,
    Visit,
    VisitMessage,
)

NAME, EMAIL, PHONE = "Titik Sariwangi, S.Kom.", "titik@sariwangi.invalid", "0812 7777 3333"
OF_STAFF = {
    "Programme",
    "SavedFilter",
    "AgendaTemplateItem",
    "TaskTemplate",
    "Resource",
    "CertificateTemplate",
    "HostOfficial",
    "VisitNotePage",
}
"""Models without a visit, which hold people of the host."""


def text_fields():
    """Declared fields of visits that can say a name."""
    for (label, name), declared in REGISTER.items():
        model = apps.get_model(label)
        field = model._meta.get_field(name)
        is_text = isinstance(field, models.CharField | models.TextField | models.JSONField) and not isinstance(field, models.FileField)
        if label.startswith("visits.") and model.__name__ not in OF_STAFF and is_text and declared.field != "nip":
            yield model, field, declared


def everything_that_says(word: str) -> set[str]:
    """Every column of every table in which a word stands, whether it is declared or not."""
    found = set()
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.local_concrete_fields:
            is_text = isinstance(field, models.CharField | models.TextField | models.JSONField | models.FileField)
            if is_text and model._default_manager.filter(**{f"{field.name}__icontains": word}).exists():
                found.add(f"{model._meta.label}.{field.name}")
    return found


class PersonEverywhereTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.visit = visit = prepared_visit()
        item = visit.agenda_items.first()
        InvitationFactory(item=item)
        TaskFactory(visit=visit)
        VisitPhotoFactory(visit=visit)
        certificates.plan(visit)
        VisitMessage.objects.create(visit=visit, from_guest=True, text="-")
        Proposal.objects.create(visit=visit, slot=visit.slot, message="-", state="refused", by="host", expires_at=timezone.now())
        SeatRequest.objects.create(visit=visit, group_size=9, message="-", state="refused")
        OutboundMessage.objects.create(visit=visit, kind="receipt", recipient=EMAIL)
        AdoptionReport.objects.create(region=visit.region, visit=visit, status="pilot")
        SurveyResponse.objects.create(visit=visit, **{element.field: 3 for element in ELEMENTS})
        InboundMessage.objects.create(visit=visit, key="-", kind=AnswerKind.MESSAGE, state=InboundMessage.State.OPEN)
        SavedDraft.objects.create(email=EMAIL, values={}, language="id")
        OfficePaper.objects.create(visit=visit, kind="badges", state=OfficePaper.State.READY, asked_at=timezone.now())
        DataRequest.objects.create(kind=DataRequestKind.DELETION, name=NAME, email=EMAIL, state=DataRequestState.OPEN, visit=visit)
        times = {"starts_at": visit.slot.starts_at, "ends_at": visit.slot.ends_at}
        Allocation.objects.create(resource=ResourceFactory(), visit=visit, note="-", **times)
        cls.delegate = visit.delegates.first()

    def plant(self) -> set[str]:
        """Write the person into a row of every declared field; returns the fields."""
        planted = set()
        for model, field, declared in text_fields():
            path = path_to_visit(model)
            rows = model._default_manager.filter(**{path: self.visit.pk}) if model is not SavedDraft else model.objects.all()
            row = rows.filter(pk=self.delegate.pk).first() if model is Delegate else rows.first()
            assert row is not None, f"no row of {model._meta.label}"
            if isinstance(field, models.EmailField):
                value = EMAIL
            elif isinstance(field, models.JSONField):
                value = {**(getattr(row, field.name) or {}), "name": NAME}
            else:
                value = NAME if field.name in ("name", "contact_name") else f"Oleh {NAME}"[: field.max_length or 4000]
            model._default_manager.filter(pk=row.pk).update(**{field.name: value})
            planted.add(str(declared))
        Visit.objects.filter(pk=self.visit.pk).update(contact_phone=PHONE)
        Delegate.objects.filter(pk=self.delegate.pk).update(nip="198001012005011001")
        log(instance=self.visit, action="visits.letter", data={"by": "guest", "name": NAME})
        PageFeedback.objects.create(page_id=1, kind="question", text=f"Saya {NAME}", reply_to=EMAIL, language="id")
        for query in (Query, FailedSearch):
            seen = {"last_searched_at": timezone.now()} if query is FailedSearch else {}
            query.objects.get_or_create(query_string=NAME.casefold(), defaults=seen)
        return planted

    def files(self) -> dict[str, str]:
        """A letter, a paper and a certificate with names of files; by model."""
        stored = {}
        for row in (
            IncomingLetter.objects.filter(visit=self.visit).first(),
            OfficePaper.objects.get(visit=self.visit),
            Certificate.objects.get(delegate=self.delegate),
        ):
            row.file.save("berkas.pdf", ContentFile(b"%PDF-1.7 " + NAME.encode()), save=False)
            type(row).objects.filter(pk=row.pk).update(file=row.file.name)
            stored[type(row).__name__] = row.file.name
        return stored

    def temporary(self) -> Path:
        """A folder that is removed after the test."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        return Path(folder.name)

    def person(self):
        return people.find([self.delegate.pk], [self.visit.pk], words=[EMAIL])

    def numbers(self) -> list:
        """What statistics count."""
        visit = Visit.objects.get(pk=self.visit.pk)
        return [
            (visit.status, visit.organisation, visit.region_id, visit.group_size, visit.slot_id),
            visit.delegates.count(),
            AttendanceEvent.objects.filter(visit=visit).count(),
            Certificate.objects.filter(visit=visit).count(),
            visit.questions.count(),
            visit.thread.count(),
        ]

    def erase(self):
        with self.captureOnCommitCallbacks(execute=True):
            return erasure.erase(self.person(), by=None, carrying=carrying)

    def test_every_declared_field_is_found_exported_and_erased(self):
        planted, files, before = self.plant(), self.files(), self.numbers()
        assert people.path_to_visit(Visit) == "pk"
        assert "visits.Delegate.name" in planted
        assert len(planted) > 50

        plan = erasure.plan(self.person(), carrying=carrying)
        assert planted <= {*plan.removed, *plan.kept}, planted - {*plan.removed, *plan.kept}
        assert set(plan.by_hand) == {"visits.VisitPhoto.picture", "visits.IncomingLetter.file"}
        with ZipFile(BytesIO(data_requests.export(self.person(), carrying=carrying))) as archive:
            exported = json.loads(archive.read("data.json"))
            assert any(name.startswith("files/") for name in archive.namelist())
        assert planted - {"visits.OfficePaper.problem"} <= {entry["field"] for entry in exported}
        assert all(entry["purpose"] and entry["basis"] and entry["seen_by"] for entry in exported)
        assert everything_that_says("Sariwangi"), "the dry run changed something"

        with override_settings(VAR_DIR=self.temporary()):
            proof = self.erase()

        kept = {str(declared) for declared in REGISTER.values() if erasure.is_archived(declared)}
        for word in ("Sariwangi", EMAIL, PHONE):
            assert everything_that_says(word) <= kept, everything_that_says(word) - kept
        assert {name: storages["private"].exists(file) for name, file in files.items()} == {
            "IncomingLetter": True,
            "OfficePaper": False,
            "Certificate": False,
        }
        assert Delegate.objects.get(pk=self.delegate.pk).nip == ""
        assert Certificate.objects.get(delegate=self.delegate).status == CertificateStatus.REVOKED
        assert proof.report["removed"] == plan.removed
        assert "Sariwangi" not in json.dumps(proof.report)
        assert self.numbers() == before
        assert ModelLogEntry.objects.filter(action="visits.letter", data__name=REMOVED).exists()

    def test_a_restored_backup_is_treated_again(self):
        self.plant()
        with override_settings(VAR_DIR=self.temporary()):
            self.erase()
            assert erasure.apply_again(carrying=carrying) == 0
            assert "sariwangi" not in erasure.list_of_erasures().read_text().casefold()
            SavedDraft.objects.create(email=EMAIL, values={"contact_name": NAME}, language="id")
            self.plant()

            newer = erasure.list_of_erasures().rename(self.temporary() / "erasures.jsonl")
            assert erasure.apply_again(carrying=carrying) == 0
            with self.captureOnCommitCallbacks(execute=True):
                assert erasure.apply_again(carrying=carrying, lists=[newer]) == 1
            assert erasure.list_of_erasures().exists(), "this machine knows it from now on"

        kept = {str(declared) for declared in REGISTER.values() if erasure.is_archived(declared)}
        assert everything_that_says("Sariwangi") <= kept

    def test_old_visits_become_anonymous_by_themselves(self):
        self.plant()
        files, before = self.files(), self.numbers()
        assert erasure.anonymise_old(timezone.now(), carrying=carrying) == 0

        later = self.visit.slot.ends_at + dt.timedelta(days=731)
        with self.captureOnCommitCallbacks(execute=True):
            assert erasure.anonymise_old(later, carrying=carrying) == 1
        assert erasure.anonymise_old(later, carrying=carrying) == 0

        fields = {str(declared) for declared in erasure.anonymised_fields()}
        assert not everything_that_says("Sariwangi") & fields
        assert not everything_that_says(EMAIL) & fields
        assert not storages["private"].exists(files["OfficePaper"])
        assert self.numbers() == before

    def test_another_person_with_a_similar_name_stays(self):
        other = self.visit.delegates.last()
        Delegate.objects.filter(pk=other.pk).update(name="Titik Sariwangi, S.Kom.M.T.")
        self.plant()
        VisitMessage.objects.create(visit=self.visit, from_guest=True, text=f"{NAME} dan Titik Sariwangiku datang.")
        with override_settings(VAR_DIR=self.temporary()):
            self.erase()

        assert Delegate.objects.get(pk=other.pk).name == "Titik Sariwangi, S.Kom.M.T."
        assert self.visit.thread.last().text == f"{REMOVED} dan Titik Sariwangiku datang."
