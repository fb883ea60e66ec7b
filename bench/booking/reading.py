"""A year's availability with many visits, and a long list of delegates: CPU time, and queries."""

import datetime as dt
import io
import statistics
import time

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook

from bench.booking import world
from visits.domain import availability, tokens
from visits.exports import spreadsheets

TIMES = 20
DELEGATES = 1000


def a_year(name: str, visits: int) -> dict:
    """Median CPU milliseconds and queries of what a group of ten may book in a year with so many visits."""
    made = world.programme(name, sessions=1460, seats=100, first_day=1)
    world.with_rooms(made, 8)
    world.visits(made, visits)
    now, spent = timezone.now(), []
    last = now.date() + dt.timedelta(days=366)
    for _ in range(TIMES):
        before = time.process_time()
        found = availability.bookable_slots(made, persons=10, now=now, end=last)
        spent.append(1000 * (time.process_time() - before))
    with CaptureQueriesContext(connection) as queries:
        availability.bookable_slots(made, persons=10, now=now, end=last)
    return {"cpu_ms": statistics.median(spent), "queries": len(queries), "offered": len(found)}


def a_list() -> dict:
    """Median seconds from an uploaded XLSX with a thousand people to the page that shows them, all rows checked and nothing saved."""
    made = world.programme("list", sessions=1, seats=DELEGATES)
    world.visits(made, 1, persons=DELEGATES)
    visit = made.visits.get()
    tokens.assign_tokens(visit)
    address, client = reverse("visits:delegates", args=[tokens.token_for(visit, tokens.STATUS)]), Client()
    file, spent = a_thousand_people(), []
    for _ in range(5):
        upload = SimpleUploadedFile("daftar.xlsx", file)
        before = time.perf_counter()
        page = client.post(address, {"action": "upload", "file": upload})
        spent.append(time.perf_counter() - before)
    return {"seconds": statistics.median(spent), "status": page.status_code, "rows": page.content.count(b"person-row")}


def a_thousand_people() -> bytes:
    """A filled template."""
    workbook = Workbook()
    workbook.active.append(spreadsheets.TEMPLATE_HEADERS["id"])
    for number in range(DELEGATES):
        nip = f"{1980 + number % 20}0101200501{number:04}"
        workbook.active.append(
            [f"Ir. Anggota {number}, S.Kom., M.Si.", f"Kepala Bidang {number}", "Dinas Kominfo", "Penata / III/c", nip, ""]
        )
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()
