"""What a fictitious visit was shown and said, so that each of its papers can be made at once."""

from visits.domain import gifts, replies
from visits.models import Gift, HostOfficial, Minutes, OfficeSettings, Question, ReplyLetter, Visit


def add(visit: Visit, *, label: str) -> None:
    """Give a completed visit an official who signs, minutes, questions, souvenirs and the draft of its reply letter."""
    official, _created = HostOfficial.objects.get_or_create(
        name=f"Pejabat, S.STP., M.AP. ({label})",
        defaults={
            "position": "Sekretaris Daerah",
            "rank": "Pembina Utama Muda (IV/c)",
            "nip": "197001012000011001",
            "signs_letters": True,
            "signs_visum": True,
            "signs_records": True,
            # After those who are entered for real.
            "sort_order": 99,
        },
    )
    Minutes.objects.create(
        visit=visit,
        chair="Sekretaris Daerah",
        note_taker=f"Notulis ({label})",
        discussion="Paparan tentang kerja sama tiga pihak disampaikan dan ditanggapi.\nRombongan meninjau pusat kendali.",
        conclusions="Kedua daerah bertukar bahan paparan.",
        follow_up="Tindak lanjut dibahas secara daring.",
        signatory=official,
    )
    Question.objects.create(visit=visit, asked_by="Pimpinan rombongan", question="Bagaimana risiko dibagi?", answer="Ditanggung bertiga.")
    threshold = OfficeSettings.load().gift_review_threshold
    for by_host, item, value in ((True, "Kain songket", 350_000), (False, "Plakat", 750_000)):
        sides = ("Sekretaris Daerah", "Pimpinan rombongan")
        giver, receiver = sides if by_host else reversed(sides)
        gift = Gift(visit=visit, given_by_host=by_host, item=f"{item} ({label})", giver=giver, receiver=receiver, estimated_value=value)
        gift.needs_review = gifts.needs_review(gift, threshold)
        gift.save()
    replies.save_draft(ReplyLetter(visit=visit, signatory=official, **replies.usual_words(visit, ReplyLetter.Variant.ACCEPT)))
