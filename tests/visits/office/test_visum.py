"""The visum of travel orders: who may sign it, and for which days."""

import datetime as dt

import pytest
from django.urls import reverse

from tests.factories import OfficialFactory
from tests.papers import reading
from tests.visits.office.prepared import SIGNER_NIP, prepared_visit
from visits.documents.office import make
from visits.documents.office.kinds import KINDS
from visits.domain import visum
from visits.domain.errors import Refused
from visits.models import HostOfficial, VisumEntry
from visits.queries.dossier import dossier

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit():
    return prepared_visit()


@pytest.fixture
def protocol_head():
    return OfficialFactory(name="Ir. Kepala Bagian, M.Si.", position="Kepala Bagian Protokol", nip="198001012005011009", sort_order=5)


def test_the_visum_has_default_signatory_and_day(visit, protocol_head):
    said = reading.text_of(make.drawn(dossier(visit), "visum")[0])

    assert SIGNER_NIP in said
    assert protocol_head.nip not in said
    assert said.count("Pada tanggal: Rabu, 9 September 2026") == 6


def test_chosen_signatory_and_days_are_printed(visit, protocol_head, officer):
    address = reverse("visits_staff:visum", args=[visit.pk])
    assert officer.get(address).context["form"].initial["arrived_on"] == dt.date(2026, 9, 9)

    officer.post(address, {"signatory": protocol_head.pk, "arrived_on": "2026-09-08", "departed_on": "2026-09-10"})

    said = reading.text_of(make.drawn(dossier(visit), "visum")[0])
    assert said.count("Ir. Kepala Bagian, M.Si.") == 6
    assert SIGNER_NIP not in said
    assert said.count("Tiba di: Binjai Pada tanggal: Selasa, 8 September 2026") == 3
    assert said.count("Pada tanggal: Kamis, 10 September 2026") == 3


@pytest.mark.parametrize(
    ("arrived", "departed"), [("2026-09-10", "2026-09-11"), ("2026-09-07", "2026-09-08"), ("2026-09-10", "2026-09-08")]
)
def test_days_must_include_the_visit(visit, officer, arrived, departed):
    typed = {"signatory": HostOfficial.objects.get().pk, "arrived_on": arrived, "departed_on": departed}

    page = officer.post(reverse("visits_staff:visum", args=[visit.pk]), typed)

    assert "Rabu, 9 September 2026" in page.content.decode()
    assert page.context["form"]["arrived_on"].value() == arrived
    assert not VisumEntry.objects.exists()


def test_officials_without_permission_cannot_sign(visit, officer):
    outsider = OfficialFactory(name="Bukan Penanda Tangan", signs_visum=False)
    day = dt.date(2026, 9, 9)

    form = officer.get(reverse("visits_staff:visum", args=[visit.pk])).context["form"]

    assert outsider not in form.fields["signatory"].queryset
    with pytest.raises(Refused, match="Bukan Penanda Tangan"):
        visum.save(visit, signatory=outsider, arrived_on=day, departed_on=day)


def test_a_chosen_signatory_is_not_silently_replaced(visit, protocol_head):
    day = dt.date(2026, 9, 9)
    visum.save(visit, signatory=protocol_head, arrived_on=day, departed_on=day)
    HostOfficial.objects.filter(pk=protocol_head.pk).update(signs_visum=False)

    assert "Ir. Kepala Bagian, M.Si." in " ".join(KINDS["visum"].missing(dossier(visit)))


def test_only_receptionists_and_officers_settle_the_visum(visit, receptionist, auditor, superior):
    typed = {"signatory": HostOfficial.objects.get().pk, "arrived_on": "2026-09-09", "departed_on": "2026-09-09"}

    for other in (auditor, superior):
        other.post(reverse("visits_staff:visum", args=[visit.pk]), typed)
    assert not VisumEntry.objects.exists()
    receptionist.post(reverse("visits_staff:visum", args=[visit.pk]), typed)
    assert VisumEntry.objects.get().visit == visit


def test_no_page_has_a_signature_without_traveller(tmp_path):
    many = prepared_visit(delegates=26, reference="KJ-2026-0050")

    pages = reading.texts_of_pages(make.drawn(dossier(many), "visum")[0])

    signed = [text for text in pages if f"NIP {SIGNER_NIP}" in text]
    assert len(signed) > 1
    assert all("Delegasi Contoh" in text for text in signed)
