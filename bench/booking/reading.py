"""A year's availability with many visits, and a long list of delegates, each beside its floor."""

import datetime as dt
import io
import statistics
import time

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from bench import queries
from bench.booking import world
from visits import delegate_sheets
from visits.domain import availability, tokens

TIMES = 40
DELEGATES = 1000


def a_year(name: str, visits: int) -> dict:
    """What a group of ten may book in a year with so many visits: median CPU of the call and of its SQL alone, number of its queries."""
    made = world.programme(name, sessions=1460, seats=100, first_day=1)
    world.with_rooms(made, 8)
    world.visits(made, visits)
    now = timezone.now()
    last = now.date() + dt.timedelta(days=366)

    def call():
        return availability.bookable_slots(made, persons=10, now=now, end=last)

    sent = queries.sent_by(call)
    spent, floor = [], []
    for _ in range(TIMES):
        spent.append(_cpu_ms(call))
        floor.append(_cpu_ms(lambda: queries.fetch(sent)))
    return {"cpu_ms": statistics.median(spent), "floor_ms": statistics.median(floor), "queries": len(sent), "offered": len(call())}


def a_list() -> dict:
    """A thousand people in an XLSX: median CPU from the upload to the page that shows them, and of openpyxl alone.

    All rows are checked and none is saved.
    """
    made = world.programme("list", sessions=1, seats=DELEGATES)
    world.visits(made, 1, persons=DELEGATES)
    visit = made.visits.get()
    tokens.assign_tokens(visit)
    address, client = reverse("visits:delegates", args=[tokens.token_for(visit, tokens.STATUS)]), Client()
    file, spent, floor = a_thousand_people(), [], []

    def upload():
        return client.post(address, {"action": "upload", "file": SimpleUploadedFile("daftar.xlsx", file)})

    def read():
        return list(load_workbook(io.BytesIO(file), read_only=True).active.iter_rows(values_only=True))

    for _ in range(5):
        spent.append(_cpu_ms(upload))
        floor.append(_cpu_ms(read))
    rows = upload().content.count(b"person-row")
    assert rows == DELEGATES, f"{rows} of {DELEGATES} people are shown."
    return {"cpu_ms": statistics.median(spent), "floor_ms": statistics.median(floor), "rows": rows}


def _cpu_ms(call) -> float:
    before = time.process_time()
    call()
    return 1000 * (time.process_time() - before)


def a_thousand_people() -> bytes:
    """A filled template."""
    workbook = Workbook()
    workbook.active.append(delegate_sheets.TEMPLATE_HEADERS["id"])
    for number in range(DELEGATES):
        nip = f"{1980 + number % 20}0101200501{number:04}"
        workbook.active.append(
            [f"Ir. Anggota {number}, S.Kom., M.Si.", f"Kepala Bidang {number}", "Dinas Kominfo", "Penata / III/c", nip, ""]
        )
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()
