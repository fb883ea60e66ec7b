"""Helpers for tests of public pages: a PDF letter, a guest who fills in the form, readers of pages."""

import io

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from lxml import html


def pdf(name: str = "surat.pdf", *, script: bool = False, password: str = "") -> SimpleUploadedFile:
    """A one-page PDF as an upload, optionally with a script or a password."""
    document = pikepdf.new()
    document.add_blank_page(page_size=(200, 200))
    if script:
        document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert('halo')")
    file = io.BytesIO()
    document.save(file, encryption=pikepdf.Encryption(user=password, owner=password) if password else False)
    return SimpleUploadedFile(name, file.getvalue(), content_type="application/pdf")


def step_url(name: str) -> str:
    """The address of a step of the booking form."""
    return reverse("visits:book_step", kwargs={"name": name})


class Guest:
    """Fills the form step by step through a Django test client."""

    def __init__(self, client, slot, region):
        self.client, self.slot, self.region = client, slot, region

    def group(self, **changes):
        """Send the first step, with changed answers."""
        answers = {
            "programme": self.slot.programme_id,
            "group_size": 12,
            "organisation": "Komisi Contoh DPRD",
            "organisation_kind": "local_council",
            "region": self.region.name,
        }
        return self.client.post(step_url("group"), {**answers, **changes})

    def date(self, **changes):
        """Send the second step, and choose no alternatives."""
        response = self.client.post(step_url("date"), {"slot": self.slot.pk, **changes})
        if response.status_code == 302:
            self.client.post(step_url("alternatives"), {})
        return response

    def purpose(self, **changes):
        """Send the third step; an answer of None is left out."""
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
        """Send the fourth step, with changed answers."""
        answers = {
            "contact_name": "Narahubung Contoh",
            "contact_position": "Kepala Subbagian",
            "contact_email": "narahubung@contoh.invalid",
            "contact_phone": "0812 3456 7890",
            "has_informed": "on",
        }
        return self.client.post(step_url("contact"), {**answers, **changes})

    def fill(self, **changes):
        """Send the first four steps, with changed answers by step."""
        for step in (self.group, self.date, self.purpose, self.contact):
            response = step(**changes.get(step.__name__, {}))
            assert response.status_code == 302, (step.__name__, response.context["form"].errors)
        return response

    def send(self, **changes):
        """Send the last step."""
        key = self.client.session["booking"]["key"]
        return self.client.post(step_url("check"), {"key": key, **changes})


def parsed(response) -> html.HtmlElement:
    """The parsed HTML of a response."""
    return html.fromstring(response.content.decode())


def words(element: html.HtmlElement) -> str:
    """The text of an element, with single spaces."""
    return " ".join(element.text_content().split())


def definitions(page: html.HtmlElement) -> dict[str, str]:
    """The terms of the page's description lists, each with its definition."""
    return {words(term): words(term.getnext()) for term in page.iter("dt")}
