"""What the tests of public pages share: a letter that is a PDF, a filled form, a guest who goes the whole way."""

import io

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from lxml import html


def pdf(name: str = "surat.pdf", *, script: bool = False, password: str = "") -> SimpleUploadedFile:
    """A one-page PDF."""
    document = pikepdf.new()
    document.add_blank_page(page_size=(200, 200))
    if script:
        document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert('halo')")
    file = io.BytesIO()
    document.save(file, encryption=pikepdf.Encryption(user=password, owner=password) if password else False)
    return SimpleUploadedFile(name, file.getvalue(), content_type="application/pdf")


def step_url(name: str) -> str:
    """Address of a step of the form."""
    return reverse("visits:book_step", kwargs={"name": name})


class Guest:
    """Fills the form step by step through a Django test client."""

    def __init__(self, client, slot, region):
        self.client, self.slot, self.region = client, slot, region

    def group(self, **changes):
        """First step."""
        answers = {
            "programme": self.slot.programme_id,
            "group_size": 12,
            "organisation": "Komisi Contoh DPRD",
            "organisation_kind": "local_council",
            "region": self.region.name,
        }
        return self.client.post(step_url("group"), {**answers, **changes})

    def date(self, **changes):
        """Second step, and no other dates."""
        response = self.client.post(step_url("date"), {"slot": self.slot.pk, **changes})
        if response.status_code == 302:
            self.client.post(step_url("alternatives"), {})
        return response

    def purpose(self, **changes):
        """Third step."""
        answers = {
            "purpose": "Belajar layanan perizinan",
            "letter_number": "005/123/DPRD",
            "letter_date": "2026-11-20",
            "letter_subject": "Permohonan kunjungan",
            "letter_signatory": "Ketua Komisi Contoh",
            "letter_file": pdf(),
        }
        answers |= changes
        return self.client.post(step_url("purpose"), {name: value for name, value in answers.items() if value is not None})

    def contact(self, **changes):
        """Fourth step."""
        answers = {
            "contact_name": "Narahubung Contoh",
            "contact_position": "Kepala Subbagian",
            "contact_email": "narahubung@contoh.invalid",
            "contact_phone": "0812 3456 7890",
            "has_informed": "on",
        }
        return self.client.post(step_url("contact"), {**answers, **changes})

    def fill(self, **changes):
        """The first four steps."""
        for step in (self.group, self.date, self.purpose, self.contact):
            response = step(**changes.get(step.__name__, {}))
            assert response.status_code == 302, (step.__name__, response.context["form"].errors)
        return response

    def send(self, **changes):
        """The last step."""
        key = self.client.session["booking"]["key"]
        return self.client.post(step_url("check"), {"key": key, **changes})


def parsed(response) -> html.HtmlElement:
    """The page of an answer, to be read by its elements."""
    return html.fromstring(response.content.decode())


def words(element: html.HtmlElement) -> str:
    """The text of an element as a reader sees it, without line breaks."""
    return " ".join(element.text_content().split())


def definitions(page: html.HtmlElement) -> dict[str, str]:
    """Terms of the page's description lists, each with the text beside it."""
    return {words(term): words(term.getnext()) for term in page.iter("dt")}
