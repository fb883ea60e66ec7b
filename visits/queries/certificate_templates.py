"""Reads about certificate templates."""

import datetime as dt

from django.db.models import QuerySet

from visits.models import CertificateTemplate, Delegate

SHOWN_PEOPLE = 12


def in_use() -> QuerySet[CertificateTemplate]:
    """Templates that staff can choose, the usual one first."""
    return CertificateTemplate.objects.filter(active=True).order_by("-is_default", "name")


def recent_people() -> QuerySet[Delegate]:
    """Delegates of the latest visits, to preview a template with real names."""
    keys = Delegate.objects.filter(visit__slot__isnull=False).order_by("-pk").values_list("pk", flat=True)[:SHOWN_PEOPLE]
    return Delegate.objects.filter(pk__in=list(keys)).select_related("visit__programme", "visit__slot", "visit__region").order_by("-pk")


def example_snapshot(today: dt.date) -> dict:
    """What the preview says of the person and visit where there is no real one yet."""
    return {
        "number": "SK-2026-00000",
        "name": "Dr. H. Contoh Nama Lengkap, S.STP., M.A.P.",
        "position": "Kepala Bidang Contoh",
        "organisation": "Dinas Komunikasi dan Informatika",
        "region": "Kabupaten Contoh",
        "programme_id": "Kunjungan belajar kota cerdas",
        "programme_en": "Smart city study visit",
        "venue_id": "Ruang Contoh, Kota Binjai",
        "venue_en": "Example Room, Kota Binjai",
        "visit_date": today.isoformat(),
        "issued_on": today.isoformat(),
        "topics_id": ["Layanan Publik"],
        "topics_en": ["Public Services"],
    }
