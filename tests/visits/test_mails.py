"""A mail as its reader sees it: the same words in text and HTML, on a phone too, and no advertisement of somebody else."""

import re

import pytest
from django.conf import settings

from tests.factories import RegionFactory, VisitFactory
from visits.domain import outbox, tokens
from visits.enums import MessageKind
from visits.mail import messages

pytestmark = pytest.mark.django_db


def html_of(mail) -> str:
    [content] = [part.content for part in mail.alternatives if part.mimetype == "text/html"]
    return content


def receipt_of(visit):
    outbox.queue(visit, MessageKind.RECEIPT)
    return messages.render(visit.messages.get(kind=MessageKind.RECEIPT))


def test_the_html_twin_says_what_the_text_says_and_its_link_is_a_button():
    visit = VisitFactory(submitted=True, organisation="Dinas <b>Contoh</b> & Rekan", region=RegionFactory(zone="WIT"))
    mail = receipt_of(visit)
    content = html_of(mail)

    link = f"{settings.SITE_URL}/kunjungan/status/{tokens.token_for(visit, tokens.STATUS)}/"
    assert mail.body.count(link) == 1
    assert re.search(rf'<a href="{re.escape(link)}" style="[^"]*background[^"]*">Buka halaman</a>', content)
    assert "Dinas &lt;b&gt;Contoh&lt;/b&gt; &amp; Rekan" in content
    assert "09.00–11.30 WIB (11.00–13.30 WIT)" in mail.body
    for line in mail.body.splitlines():
        if line and link not in line and "<b>" not in line:
            assert line in content


def test_a_link_to_another_site_is_no_button():
    visit = VisitFactory(submitted=True)
    outbox.queue(visit, MessageKind.HOST_MESSAGE, note="https://rapat.contoh.invalid/j/1")
    content = html_of(messages.render(visit.messages.get()))

    assert ">https://rapat.contoh.invalid/j/1</a>" in content
    assert content.count("Buka halaman") == 1
