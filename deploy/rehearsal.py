"""What people do before a rehearsal (deploy/rehearse.sh) is verified: the office enters its contact, a guest comes."""

import datetime as dt
import io

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from knowledge_hub.models import ContactSettings, Region
from visits.domain import booking, decisions
from visits.domain.letters import LetterDraft
from visits.enums import OrganisationKind
from visits.models import VisitSlot

contact = ContactSettings.load()
for name in ContactSettings.NEEDED:
    setattr(contact, name, "https://example.go.id/" if name.endswith("url") else f"{name}@example.go.id")
contact.save()

letter = io.BytesIO()
pdf = pikepdf.new()
pdf.add_blank_page()
pdf.save(letter)
today = timezone.localdate()

slot = VisitSlot.objects.filter(programme__active=True, starts_at__gt=timezone.now() + dt.timedelta(days=30)).order_by("starts_at")[0]
visit = booking.submit(
    booking.BookingDraft(
        programme=slot.programme,
        slot=slot,
        region=Region.objects.filter(parent__isnull=False)[0],
        group_size=slot.programme.min_persons + 4,
        details={
            "organisation": "Dinas Gladi",
            "organisation_kind": OrganisationKind.LOCAL_GOVERNMENT,
            "contact_name": "Tamu Gladi",
            "contact_email": "tamu@example.go.id",
        },
        letter=LetterDraft("005/1/Gladi", today, file=SimpleUploadedFile("surat.pdf", letter.getvalue())),
    )
)
where = {"place": "Balai Gladi", "address": "Jalan Gladi 1", "directions": "Pintu utara", "host_contact_phone": "+62 61 000000"}
decisions.approve(booking.confirm(visit), by=None, details=where)
