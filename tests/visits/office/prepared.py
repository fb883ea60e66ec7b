"""A visit with all data that its papers need."""

import datetime as dt

from knowledge_hub.models import Region
from tests.factories import (
    AgendaItemFactory,
    DelegateFactory,
    DispositionFactory,
    GiftFactory,
    LetterFactory,
    MinutesFactory,
    OfficialFactory,
    QuestionFactory,
    RegionFactory,
    VisitFactory,
)
from visits.domain import badges, replies, tokens
from visits.domain.calendar_days import VENUE_ZONE
from visits.models import AttendanceEvent, ReplyLetter, Visit, VisitSlot

NIP = "198001012005011001"
SIGNER_NIP = "197001012000011001"
BEGIN = dt.datetime(2026, 9, 9, 9, 0, tzinfo=VENUE_ZONE)


def prepared_visit(*, completed: bool = True, delegates: int = 3, reference: str = "KJ-2026-0042") -> Visit:
    """A visit on Wednesday, 9 September 2026, with letters, agenda, delegates, attendance, minutes and souvenirs.

    The first delegate has a NIP; the last one did not attend.
    """
    region = Region.objects.filter(name="Kabupaten Contoh").first() or RegionFactory(name="Kabupaten Contoh")
    visit = VisitFactory(
        completed=completed, approved=not completed, organisation="Komisi B DPRD Kabupaten Contoh", reference=reference, region=region
    )
    VisitSlot.objects.filter(pk=visit.slot_id).update(starts_at=BEGIN, ends_at=BEGIN + dt.timedelta(minutes=150))
    visit.slot.refresh_from_db()
    Visit.objects.filter(pk=visit.pk).update(purpose="Mempelajari kerja sama tiga pihak dan aplikasi layanan.")
    letter = LetterFactory(visit=visit, agenda_number="0017/2026", received_on=dt.date(2026, 9, 2))
    DispositionFactory(letter=letter, deadline=dt.date(2026, 9, 4))
    official = OfficialFactory()
    for number in range(1, delegates + 1):
        delegate = DelegateFactory(
            visit=visit,
            name=f"Delegasi Contoh {number}, S.T.",
            position="Anggota Komisi B" if number > 1 else "Ketua Komisi B",
            rank="Pembina (IV/a)" if number == 1 else "",
            nip=NIP if number == 1 else "",
            protocol_order=number,
            badge_code=f"CNT{number:03}",
            token_nonce=f"~{reference}-{number}",
        )
        tokens.renew_link(delegate, badges.PURPOSE)
        delegate.save(update_fields=["token_hash"])
    if completed:
        for person in list(visit.delegates.all())[: delegates - 1]:
            AttendanceEvent.objects.create(visit=visit, delegate=person, kind="checked_in", at=BEGIN)
    items = (
        ("welcome", 15, "", "Protokol"),
        ("host_speech", 15, "Sekretaris Daerah", "Protokol"),
        ("guest_speech", 15, "Ketua Komisi B DPRD Kabupaten Contoh", "Protokol"),
        ("presentation", 45, "Kepala Dinas Komunikasi dan Informatika", "Diskominfo"),
        ("questions", 30, "Moderator", "Diskominfo"),
        ("souvenirs", 10, "", "Protokol"),
        ("photo", 20, "", "Humas"),
    )
    for order, (kind, minutes, filler, in_charge) in enumerate(items, start=1):
        AgendaItemFactory(
            visit=visit, sort_order=order, kind=kind, duration_minutes=minutes, filler=filler, in_charge=in_charge, place="Aula Contoh"
        )
    GiftFactory(visit=visit, custody="Ruang cenderamata DPRD", estimated_value=350_000)
    GiftFactory(visit=visit, given_by_host=False, item="Plakat", giver="Ketua Komisi B", receiver="Sekretaris Daerah")
    MinutesFactory(visit=visit, signatory=official)
    QuestionFactory(visit=visit)
    words = replies.default_texts(visit, ReplyLetter.Variant.ACCEPT)
    replies.save_draft(
        ReplyLetter(
            visit=visit, signatory=official, copies="Wali Kota Binjai (sebagai laporan)\nKepala Dinas Komunikasi dan Informatika", **words
        )
    )
    return Visit.objects.get(pk=visit.pk)
