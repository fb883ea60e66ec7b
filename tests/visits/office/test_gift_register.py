"""The register of souvenirs: a filtered list, a spreadsheet and a printed paper per year."""

import datetime as dt
import io

import pikepdf
import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from knowledge_hub.papers import PaperRefused, renderer
from tests.factories import GiftFactory, UserFactory, VisitFactory
from tests.papers import reading
from visits.documents.office.gift_register import register_of
from visits.models import Visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def souvenirs():
    """One souvenir of 2025 and three of 2026. One visit began at 00:30 on 1 January 2026 at the venue, which is 2025 in UTC."""
    old, new = (VisitFactory(completed=True, organisation=f"Dinas Contoh {year}") for year in (2025, 2026))
    for visit, moment in ((old, dt.datetime(2025, 6, 4, 2, tzinfo=dt.UTC)), (new, dt.datetime(2025, 12, 31, 17, 30, tzinfo=dt.UTC))):
        visit.slot.starts_at, visit.slot.ends_at = moment, moment + dt.timedelta(hours=2)
        visit.slot.save()
    GiftFactory(visit=old, item="Plakat lama")
    GiftFactory(visit=new, item="Kain songket", estimated_value=350_000)
    GiftFactory(visit=new, item="Ulos", given_by_host=False, estimated_value=750_000, needs_review=True)
    recorded = VisitFactory(completed=True, organisation="Komisi B DPRD")
    Visit.objects.filter(pk=recorded.pk).update(source="record", slot=None, seats_held=0, recorded_date=dt.date(2026, 9, 5))
    GiftFactory(visit=recorded, item="Cenderamata")


def test_the_register_can_be_filtered(officer, souvenirs, django_assert_max_num_queries):
    address = reverse("visits_gifts:index")
    officer.get(address)

    with django_assert_max_num_queries(12):
        page = officer.get(address, {"year": 2026})
    reviewed = officer.get(address, {"needs_review": "True"}).content.decode()

    said = page.content.decode()
    assert [item in said for item in ("Kain songket", "Ulos", "Cenderamata", "Plakat lama")] == [True, True, True, False]
    assert "Ulos" in reviewed
    assert "Kain songket" not in reviewed


def test_the_printed_register_has_correct_totals(souvenirs):
    paper, sheet = register_of(2026)
    pdf = renderer().draw(paper, sheet)

    said = reading.text_of(pdf)
    assert "DAFTAR CENDERAMATA TAHUN 2026" in said.upper()
    assert "Diberikan: 2 · Diterima: 1 · Perlu ditelaah: 1" in said
    assert "Rp1.100.000" in said
    assert "Plakat lama" not in said
    assert said.index("1 Jan") < said.index("5 Sep")
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert document.open_metadata().pdfa_status == "3A"


def test_a_year_without_souvenirs_cannot_be_printed(souvenirs, officer):
    with pytest.raises(PaperRefused, match="1999"):
        register_of(1999)
    assert officer.get(reverse("visits_gifts:print", args=[1999])).status_code == 302


def test_printing_the_register_needs_the_view_permission(souvenirs, auditor, client, warm):
    answer = auditor.get(reverse("visits_gifts:print", args=[2026]))

    assert answer.content.startswith(b"%PDF")
    assert "no-store" in answer["Cache-Control"]
    assert client.get(reverse("visits_gifts:print", args=[2026])).status_code == 302
    assert client.get(reverse("visits_gifts:index")).status_code == 302


def test_staff_without_permission_cannot_open_the_register(souvenirs, client):
    user = UserFactory()
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)

    for name, args in (("index", []), ("print", [2026])):
        answer = client.get(reverse(f"visits_gifts:{name}", args=args))
        assert answer.status_code == 302
        assert "/login" in answer["Location"] or answer["Location"].endswith("/admin/")


def test_the_spreadsheet_contains_the_same_rows(souvenirs, officer):
    answer = officer.get(reverse("visits_gifts:index"), {"year": 2026, "export": "csv"})

    lines = b"".join(answer.streaming_content).decode().splitlines() if answer.streaming else answer.content.decode().splitlines()
    assert len(lines) == 4
    assert any("2026-01-01" in line and "Ulos" in line and "750000" in line for line in lines)
