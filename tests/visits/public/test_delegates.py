"""The list of delegates: typed or uploaded, shown before saving, with errors by cell; saved completely or not at all."""

import csv
import datetime as dt
import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from tests.factories import VisitFactory
from visits import delegate_sheets
from visits.documents.all_papers import carrying
from visits.domain import privacy, tokens

pytestmark = pytest.mark.django_db

HEADINGS = ["No.", "NAMA LENGKAP & GELAR", "Jabatan", "NIP", "Unit Kerja", "Pangkat/Gol.", "Kebutuhan Khusus"]


def people(count):
    return [
        [n, f"Anggota Contoh {n}, S.H.", "Anggota Komisi", "", "DPRD Contoh", "", "kursi roda" if n == 3 else ""]
        for n in range(1, count + 1)
    ]


def xlsx(rows, *, name="daftar.xlsx"):
    workbook = Workbook()
    for row in rows:
        workbook.active.append(row)
    file = io.BytesIO()
    workbook.save(file)
    return SimpleUploadedFile(name, file.getvalue())


def csv_file(rows, *, encoding="utf-8", delimiter=","):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return SimpleUploadedFile("daftar.csv", text.getvalue().encode(encoding))


def read(upload):
    return delegate_sheets.read_delegates(upload)


def url_of(visit):
    return reverse("visits:delegates", args=[tokens.token_for(visit, tokens.STATUS)])


def typed(*names, action="save", **changes):
    data = {"form-TOTAL_FORMS": len(names), "form-INITIAL_FORMS": 0, "action": action}
    for number, name in enumerate(names):
        data[f"form-{number}-name"] = name
    return {**data, **changes}


def shown(response):
    """The names in the rows of the page."""
    return [form["name"].value() for form in response.context["formset"].forms if form["name"].value()]


@pytest.mark.parametrize(
    "upload",
    [
        lambda rows: xlsx(rows),
        lambda rows: xlsx([["DAFTAR DELEGASI"], [], *rows]),
        lambda rows: csv_file(rows),
        lambda rows: csv_file(rows, delimiter=";"),
        lambda rows: csv_file(rows, delimiter="\t", encoding="utf-16"),
        lambda rows: csv_file(rows, encoding="utf-8-sig"),
    ],
    ids=["xlsx", "xlsx with a title above", "csv", "semicolons", "Excel's Unicode text", "with a byte order mark"],
)
def test_common_list_formats_are_read(upload):
    sheet = read(upload([HEADINGS, *people(25)]))

    assert len(sheet.rows) == 25
    assert (sheet.rows[2].name, sheet.rows[2].unit, sheet.rows[2].needs) == ("Anggota Contoh 3, S.H.", "DPRD Contoh", "kursi roda")
    assert sheet.errors == []
    assert sheet.ignored_columns == ["No."]


def test_windows_encoding_is_read():
    assert read(csv_file([["Nama"], ["André Contoh"]], encoding="cp1252")).rows[0].name == "André Contoh"


def test_our_template_can_be_read_back(client):
    response = client.get(reverse("visits:delegates_template"))
    workbook = load_workbook(io.BytesIO(response.content))
    workbook.active.append(["Anggota Contoh, S.Kom.", "Staf"])
    file = io.BytesIO()
    workbook.save(file)

    assert read(SimpleUploadedFile("isi.xlsx", file.getvalue())).rows[0].name == "Anggota Contoh, S.Kom."


def macro_file():
    file = io.BytesIO(xlsx([["Nama"], ["A"]]).read())
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    return SimpleUploadedFile("makro.xlsm", file.getvalue())


def linked_file():
    file = io.BytesIO(xlsx([["Nama"], ["A"]]).read())
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("xl/externalLinks/externalLink1.xml", "<externalLink/>")
    return SimpleUploadedFile("tautan.xlsx", file.getvalue())


def bomb():
    file = io.BytesIO(xlsx([["Nama"], ["A"]]).read())
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/besar.xml", b"0" * (delegate_sheets.MAX_UNPACKED_BYTES + 1))
    return SimpleUploadedFile("bom.xlsx", file.getvalue())


@pytest.mark.parametrize(
    "upload",
    [
        lambda: SimpleUploadedFile("daftar.xlsx", b""),
        lambda: SimpleUploadedFile("daftar.xlsx", b"   \n"),
        lambda: SimpleUploadedFile("daftar.xlsx", b"PK\x03\x04 rusak"),
        lambda: SimpleUploadedFile("daftar.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        lambda: SimpleUploadedFile("daftar.pdf", b"%PDF-1.7"),
        lambda: SimpleUploadedFile("daftar.csv", bytes(range(256)) * 20),
        lambda: SimpleUploadedFile("besar.csv", b"Nama\n" + b"A" * 3 * 1024 * 1024),
        lambda: csv_file([["Kolom", "Lain"], ["1", "2"]]),
        lambda: csv_file([["Nama"], [""], [" "]]),
        lambda: csv_file([["Nama"], *([f"Orang {n}"] for n in range(100_000))]),
        lambda: xlsx([["Nama"], *([f"Orang {n}"] for n in range(1100))]),
        lambda: csv_file([["Nama"], ["A" * 200_000]]),
        macro_file,
        linked_file,
        bomb,
        lambda: SimpleUploadedFile("zip.xlsx", zip_with("baca.txt")),
        lambda: sheet_of('<row r="1048576"><c r="A1048576" t="inlineStr"><is><t>Budi</t></is></c></row>'),
        lambda: sheet_of('<row r="99999999999"><c r="A99999999999" t="inlineStr"><is><t>Budi</t></is></c></row>'),
        lambda: sheet_of("".join(f'<row r="{n}"/>' for n in range(2, 500_000))),
        lambda: sheet_of('<row r="2"><c t="inlineStr"><is><t>&e;</t></is></c></row>', doctype='<!DOCTYPE x [<!ENTITY e "x">]>'),
        lambda: SimpleUploadedFile("daftar.csv", b"Nama\n" + b"\n" * 20_000),
        lambda: SimpleUploadedFile("daftar.xlsx", b"<html><table><tr><td>Nama</td></tr></table></html>"),
    ],
    ids=[
        "empty",
        "blank",
        "broken",
        "old Excel",
        "PDF",
        "bytes",
        "too large",
        "no names",
        "only headings",
        "endless",
        "many rows",
        "huge cell",
        "macros",
        "links to another workbook",
        "bomb",
        "other zip",
        "a name a million rows below",
        "a row that no spreadsheet has",
        "half a million formatted rows",
        "XML with entities",
        "blank lines without end",
        "a web page named XLSX",
    ],
)
def test_files_that_are_no_list_are_refused(upload):
    with pytest.raises(delegate_sheets.SpreadsheetRefused) as refusal:
        read(upload())

    assert len(str(refusal.value)) > 30


def zip_with(name):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, "halo")
    return file.getvalue()


def sheet_of(rows: str, doctype: str = "") -> SimpleUploadedFile:
    """A spreadsheet with a heading and these rows, given as XML."""
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    heading = '<row r="1"><c r="A1" t="inlineStr"><is><t>Nama</t></is></c></row>'
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx([["Nama"], ["A"]]).read())) as known, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as changed:
        for part in known.namelist():
            is_sheet = part == "xl/worksheets/sheet1.xml"
            sheet = f'{doctype}<worksheet xmlns="{namespace}"><sheetData>{heading}{rows}</sheetData></worksheet>'
            changed.writestr(part, sheet if is_sheet else known.read(part))
    return SimpleUploadedFile("daftar.xlsx", file.getvalue())


@pytest.mark.parametrize(
    "upload",
    [
        lambda: xlsx([["Nama", "Jabatan"], ['=UPPER("a")', "Staf"]]),
        lambda: sheet_of('<row r="2"><c r="A2" t="e"><v>#REF!</v></c></row>'),
        lambda: csv_file([["Nama", "Jabatan"], ['=HYPERLINK("https://contoh.invalid")', "Staf"]]),
    ],
    ids=["formula", "error", "formula in CSV"],
)
def test_cells_with_formulas_are_reported(upload):
    [error] = read(upload()).errors

    assert "A2" in error.message


@pytest.mark.parametrize(
    "heading", ["Keb. khusus", "Kebutuhan (mis. kursi roda)", "Penyandang disabilitas?", "Disabilitas/alergi", "Needs of the guest"]
)
def test_special_needs_are_found_under_many_headings(heading):
    [row] = read(csv_file([["Nama", heading], ["Anggota Contoh", "kursi roda"]])).rows

    assert row.needs == "kursi roda"


def test_an_uploaded_list_is_shown_before_saving(client):
    visit = VisitFactory(approved=True, group_size=25)
    response = client.post(url_of(visit), {**typed(action="upload"), "file": xlsx([HEADINGS, *people(25)])})

    assert response.status_code == 200
    assert len(shown(response)) == 25
    assert visit.delegates.count() == 0

    data = {name: value for form in response.context["formset"].forms for name, value in posted(form).items()}
    assert client.post(url_of(visit), {**typed(), **data, "form-TOTAL_FORMS": 25}).status_code == 302
    assert visit.delegates.count() == 25
    assert visit.delegates.get(name="Anggota Contoh 3, S.H.").needs == "kursi roda"


def posted(form):
    return {field.html_name: field.value() or "" for field in form}


def test_errors_of_an_uploaded_list_name_rows(client):
    visit = VisitFactory(approved=True, group_size=3)
    rows = [["Nama", "Jabatan"], ["Anggota Satu", ""], ["", "Staf"], ["anggota  satu", ""], ["Anggota Empat", ""]]

    response = client.post(url_of(visit), {**typed(action="upload"), "file": xlsx(rows)})

    page = response.content.decode()
    assert response.status_code == 422
    assert {error.row for error in response.context["errors"]} == {3, 4, 5}
    assert "Row 4" in page or "Baris 4" in page
    assert shown(response) == ["Anggota Satu", "anggota  satu".replace("  ", " "), "Anggota Empat"]
    assert visit.delegates.count() == 0


def test_a_refused_file_keeps_typed_rows(client):
    visit = VisitFactory(approved=True)
    response = client.post(url_of(visit), {**typed("Anggota Satu", action="upload"), "file": SimpleUploadedFile("x.xlsx", b"PK rusak")})

    assert response.status_code == 422
    assert shown(response) == ["Anggota Satu"]


def test_adding_rows_keeps_typed_values(client):
    visit = VisitFactory(approved=True)
    response = client.post(url_of(visit), typed("Anggota Satu", "", "Anggota Dua", action="more"))

    assert shown(response) == ["Anggota Satu", "Anggota Dua"]
    assert len(response.context["formset"].forms) == 7
    assert visit.delegates.count() == 0


def test_typed_names_are_saved_in_order(client):
    visit = VisitFactory(approved=True)
    assert client.post(url_of(visit), typed("Dr. Contoh Dua, M.Si.", "", "Contoh Satu")).status_code == 302

    assert [delegate.name for delegate in visit.delegates.all()] == ["Dr. Contoh Dua, M.Si.", "Contoh Satu"]
    assert shown(client.get(url_of(visit))) == ["Dr. Contoh Dua, M.Si.", "Contoh Satu"]


def test_more_delegates_than_seats_are_refused(client):
    visit = VisitFactory(approved=True, group_size=1)
    response = client.post(url_of(visit), typed("Anggota Satu", "Anggota Dua"))

    assert response.status_code == 422
    assert shown(response) == ["Anggota Satu", "Anggota Dua"]
    assert visit.delegates.count() == 0


def test_the_list_is_closed_on_the_day(client):
    visit = VisitFactory(approved=True, today=True, delegates=2)

    assert client.get(url_of(visit)).status_code == 200
    assert client.post(url_of(visit), typed("Orang Lain")).status_code == 409
    assert visit.delegates.count() == 2


@pytest.mark.parametrize(
    "data", [{}, {"form-TOTAL_FORMS": "x", "form-INITIAL_FORMS": "0"}, {"form-TOTAL_FORMS": "99999", "form-INITIAL_FORMS": "0"}]
)
def test_a_forged_list_is_refused(client, data):
    visit = VisitFactory(approved=True, delegates=1)

    assert client.post(url_of(visit), {"action": "save", **data}).status_code == 422
    assert visit.delegates.count() == 1


def test_an_empty_list_can_be_saved(client):
    visit = VisitFactory(approved=True, delegates=2)

    assert client.post(url_of(visit), typed("", "")).status_code == 302
    assert visit.delegates.count() == 0


class TestPersonalNumbers:
    """A NIP is optional, stored encrypted, shown masked, and kept when the list is saved again."""

    NIP = "198501012010011001"

    def test_a_nip_is_normalised_and_encrypted(self, client):
        visit = VisitFactory(submitted=True)
        data = typed("Siti Contoh", "Budi Contoh", **{"form-0-nip": "19850101 201001 1 001"})

        assert client.post(url_of(visit), data).status_code == 302

        assert visit.delegates.get(name="Siti Contoh").nip == self.NIP
        assert visit.delegates.get(name="Budi Contoh").nip == ""
        with connection.cursor() as cursor:
            cursor.execute("SELECT nip FROM visits_delegate")
            assert self.NIP not in str(cursor.fetchall())

    def test_a_masked_nip_is_kept_when_saving(self, client):
        visit = VisitFactory(submitted=True)
        client.post(url_of(visit), typed("Siti Contoh", **{"form-0-nip": self.NIP}))
        page = client.get(url_of(visit))
        assert self.NIP not in page.content.decode()
        masked = page.context["formset"].forms[0]["nip"].value()
        assert masked == "••• 001"

        client.post(url_of(visit), typed("Siti Contoh, S.Sos.", **{"form-0-nip": masked}))

        delegate = visit.delegates.get()
        assert (delegate.name, delegate.nip) == ("Siti Contoh, S.Sos.", self.NIP)
        client.post(url_of(visit), typed("Siti Contoh, S.Sos.", **{"form-0-nip": ""}))
        assert visit.delegates.get().nip == ""

    def test_an_invalid_nip_is_explained(self, client):
        visit = VisitFactory(submitted=True)

        response = client.post(url_of(visit), typed("Siti Contoh", **{"form-0-nip": "12345"}))

        assert response.status_code == 422
        assert response.context["formset"].forms[0].errors["nip"]
        assert not visit.delegates.exists()

    def test_a_nip_rounded_by_the_spreadsheet_is_reported(self):
        sheet = read(xlsx([["Nama", "NIP"], ["Siti Contoh", int(self.NIP)], ["Budi Contoh", self.NIP]]))

        assert [(error.row, error.field) for error in sheet.errors] == [(2, "nip")]
        assert sheet.rows[1].nip == self.NIP

    def test_special_needs_and_nips_are_deleted_later(self, client):
        visit = VisitFactory(submitted=True)
        client.post(url_of(visit), typed("Siti Contoh", **{"form-0-nip": self.NIP, "form-0-needs": "kursi roda"}))
        end = visit.slot.ends_at

        assert privacy.purge(end + dt.timedelta(days=6), carrying=carrying) == 0
        assert privacy.purge(end + dt.timedelta(days=8), carrying=carrying) == 1
        assert (visit.delegates.get().needs, visit.delegates.get().nip) == ("", self.NIP)
        assert privacy.purge(end + dt.timedelta(days=181), carrying=carrying) == 1
        assert visit.delegates.get().nip == ""
