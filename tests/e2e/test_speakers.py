"""A speaker without an account, in a browser: invited from the agenda, accepts on a phone, uploads slides; the desk shows it."""

import re

import pytest
from django.urls import reverse

from tests.e2e.looking import violations
from tests.factories import AgendaItemFactory, PersonFactory, QuestionFactory, VisitFactory, begin_now
from tests.uploads import pdf
from visits.domain import attendance, decisions, resources
from visits.enums import Actor
from visits.models import Visit


@pytest.fixture
def visit(site):
    """A scheduled visit with a speaker and a presentation."""
    visit = VisitFactory(
        approved=True, delegates=3, organisation="Komisi B DPRD Kabupaten Contoh", purpose="Mempelajari layanan satu pintu.", group_size=25
    )
    person = PersonFactory(name="Dr. Dosen Contoh, S.T., M.Kom.", email="dosen@contoh.invalid", partner="Politeknik Contoh")
    resources.allocate(visit, visit.slot, [person])
    AgendaItemFactory(visit=visit, title="Paparan layanan satu pintu")
    QuestionFactory(question="Berapa biaya tahun pertama?")
    return visit


def fits(page, width):
    return page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_speaker_is_invited_and_answers_on_a_phone(visitor, visit, smtp_sink):
    item = visit.agenda_items.get()
    staff = visitor("petugas-narasumber")
    staff.sign_in()
    staff.page.set_viewport_size({"width": 1280, "height": 1500})
    staff.open(reverse("visits_staff:agenda_item", args=[visit.pk, item.pk]), picture="acara belum diundang")
    staff.press("a[href$='/invite/']", picture="undang")
    staff.press(".visit-form button[type=submit]", picture="diundang")
    link = re.search(r"https?://\S+/s/\S+/", smtp_sink.last_to("dosen@contoh.invalid").get_body(("plain",)).get_content())[0]

    speaker = visitor("narasumber", javascript=False)
    speaker.page.set_viewport_size({"width": 360, "height": 740})
    page = speaker.open(link, picture="undangan 360")
    assert fits(page, 360)
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    speaker.keep("undangan terbuka 360")
    page.fill("[name=biography]", "Dosen sistem informasi.")
    speaker.press("button[value=accept]", picture="bersedia 360")
    page.set_input_files("[name=slides]", {"name": "Paparan.pdf", "mimeType": "application/pdf", "buffer": pdf()})
    speaker.press("button[value=slides]", picture="salindia 360")
    assert "Paparan.pdf" in page.inner_text("main")
    assert fits(page, 360)
    small = page.evaluate("[...document.querySelectorAll('.btn, summary')].filter(e => e.offsetHeight && e.offsetHeight < 44).length")
    assert small == 0
    page.set_viewport_size({"width": 1280, "height": 900})
    speaker.keep("undangan 1280")
    assert speaker.complaints == []
    # Axe needs scripts.
    assert violations(visitor("narasumber-axe").open(link)) == []

    staff.open(reverse("visits_staff:agenda_item", args=[visit.pk, item.pk]), picture="acara dijawab")
    page = staff.open(reverse("visits_staff:inspect", args=[visit.pk]), picture="meja narasumber")
    assert "Dr. Dosen Contoh" in page.inner_text("#speakers")


def test_the_ledger_counts_hours_and_audience(visitor, visit):
    begin_now(visit)
    for delegate in visit.delegates.all()[:2]:
        attendance.record(delegate, "checked_in", by=None)
    decisions.complete(Visit.objects.get(pk=visit.pk), by=Actor.STAFF)
    staff = visitor("petugas-rekap")
    staff.sign_in()
    page = staff.open(reverse("visits_ledger:index"), picture="rekap narasumber")

    words = " ".join(page.inner_text("table").split())
    assert "Dr. Dosen Contoh, S.T., M.Kom. Politeknik Contoh 1 1 0,75 2" in words
