"""The line before SQLite's write lock: nobody is overtaken, a turn always ends, and whose time is up keeps what was typed."""

import threading
import time

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.urls import reverse

from knowledge_hub.core.sqlite import base, writer_queue
from knowledge_hub.models import RequestCount
from tests.processes import Worker

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="other databases have many writers and lines of their own"),
]

GROWN = 0.4
"""Seconds after which somebody who asks SQLite itself asks no more than ten times a second."""


HOUR = "2026-11-24T03:00:00Z"


def in_one_statement(name: str) -> None:
    """Writes as log-ins, the worker's claims and counters do."""
    RequestCount.objects.create(key=name, hour=HOUR)


def in_a_transaction(name: str) -> None:
    """Writes as bookings do."""
    with transaction.atomic():
        in_one_statement(name)


def take_a_turn(pipe, name: str, write, before) -> None:
    """A process that waits for the write lock: says when it begins, and when it has written."""
    if before is not None:
        before()
    connection.ensure_connection()
    pipe.recv()
    pipe.send("waits")
    write(name)
    pipe.send("written")


def no_line() -> None:
    """The control: writers ask SQLite alone, as Django's own backend has them."""
    base.DatabaseWrapper._acquire_queue = lambda self: None


def who_comes_first(write=in_a_transaction, sabotage=None) -> str:
    """Two processes want to write while a third writes: one has waited long, the other has just come."""
    RequestCount.objects.all().delete()
    early, late = Worker(take_a_turn, "early", write, sabotage), Worker(take_a_turn, "late", in_a_transaction, sabotage)
    try:
        with transaction.atomic():
            in_one_statement("x")
            for worker, seconds in ((early, GROWN), (late, 0.03)):
                worker.pipe.send("go")
                assert worker.pipe.recv() == "waits"
                time.sleep(seconds)
        assert (early.pipe.recv(), late.pipe.recv()) == ("written", "written")
    finally:
        early.close()
        late.close()
    return list(RequestCount.objects.order_by("pk").values_list("key", flat=True))[1]


@pytest.mark.parametrize("write", [in_a_transaction, in_one_statement])
def test_who_waits_longer_writes_first(write):
    assert [who_comes_first(write) for _ in range(5)] == ["early"] * 5


@pytest.mark.parametrize("write", [in_a_transaction, in_one_statement])
def test_the_control_without_the_line_newcomers_overtake(write):
    assert any(who_comes_first(write, no_line) == "late" for _ in range(12))


def test_threads_of_a_process_get_their_turn_in_the_order_in_which_they_came(tmp_path):
    queue, order, threads = writer_queue.WriterQueue(str(tmp_path / "x")), [], []

    def wait(number: int) -> None:
        assert queue.acquire(10)
        order.append(number)
        queue.release()

    assert queue.acquire(1)
    for number in range(12):
        threads.append(threading.Thread(target=wait, args=(number,)))
        threads[-1].start()
        while len(queue._waiting) <= number:
            time.sleep(0.001)
    queue.release()
    for thread in threads:
        thread.join()

    assert order == list(range(12))


def test_processes_take_turns_also_if_one_has_many_threads_that_wait(tmp_path):
    path = str(tmp_path / "x")
    crowd, alone = Worker(queue_up, path, 20), Worker(queue_up, path, 1)
    try:
        for worker in (crowd, alone):
            worker.pipe.recv()
        for worker in (crowd, alone):
            worker.pipe.send("go")
        [many, longest_of_many], [few, longest_alone] = crowd.pipe.recv(), alone.pipe.recv()
    finally:
        crowd.close()
        alone.close()

    assert many > 50
    assert few > many / 4, "whoever is alone had nearly every second turn"
    assert longest_alone < 0.25 < longest_of_many * 20


def queue_up(pipe, path: str, threads: int) -> None:
    """A process whose threads come again and again; sends how many turns they had and the longest wait for one."""
    queue, waits = writer_queue.WriterQueue(path), []
    pipe.send("ready")
    pipe.recv()
    until = time.monotonic() + 1.5

    def come_again() -> None:
        while (came := time.monotonic()) < until:
            assert queue.acquire(10)
            waits.append(time.monotonic() - came)
            time.sleep(0.005)
            queue.release()

    crowd = [threading.Thread(target=come_again) for _ in range(threads)]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()
    pipe.send((len(waits), max(waits)))


def test_a_turn_ends_with_its_transaction_however_that_ends():
    with transaction.atomic():
        in_one_statement("x")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        raise ZeroDivisionError
    with transaction.atomic():
        connection.close()

    done = []
    transaction.atomic(lambda: done.append(free_for_others()))()

    assert done == [False]
    assert free_for_others()


def free_for_others() -> bool:
    """Whether another thread gets a turn at once."""
    found = []

    def ask() -> None:
        queue = writer_queue.queue_for(str(connection.settings_dict["NAME"]))
        if queue.acquire(0.01):
            found.append(True)
            queue.release()
        connections.close_all()

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    return bool(found)


def test_what_was_to_happen_on_commit_happens_after_the_turn():
    found = []
    with transaction.atomic():
        transaction.on_commit(lambda: found.append(free_for_others()))

    assert found == [True]


def test_a_process_that_dies_gives_its_turn_back(tmp_path):
    path = str(tmp_path / "x")
    holder = Worker(hold, path)
    try:
        assert holder.pipe.recv() == "has it"
        queue = writer_queue.WriterQueue(path)
        assert not queue.acquire(0.05)
        holder.kill()
        assert queue.acquire(5)
    finally:
        holder.close()


def hold(pipe, path: str) -> None:
    """A process that keeps its turn."""
    assert writer_queue.WriterQueue(path).acquire(5)
    pipe.send("has it")
    time.sleep(60)


@pytest.fixture
def soon_up(monkeypatch):
    """Writers of this thread wait a tenth of a second."""
    connection.close()
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.1)
    yield
    connection.close()


@pytest.fixture
def somebody_writes():
    """Somebody else has the write lock."""
    release, ready = threading.Event(), threading.Event()

    def write() -> None:
        with transaction.atomic():
            ready.set()
            release.wait(30)
        connections.close_all()

    thread = threading.Thread(target=write)
    thread.start()
    ready.wait(10)
    yield
    release.set()
    thread.join()


def test_whose_time_is_up_hears_of_it(somebody_writes, soon_up):
    with pytest.raises(OperationalError, match="database is locked"), transaction.atomic():
        pass


def test_a_guest_whose_time_is_up_keeps_what_was_typed(client, somebody_writes, soon_up):
    client.raise_request_exception = False

    page = client.post(reverse("visits:lost_link"), {"contact_email": "narahubung@contoh.invalid", "catatan": ['<b>"Satu"', "Dua"]})

    text = page.content.decode()
    assert page.status_code == 503
    assert page["Retry-After"]
    assert 'name="contact_email" value="narahubung@contoh.invalid"' in text
    assert 'name="catatan" value="&lt;b&gt;&quot;Satu&quot;"' in text
    assert 'name="catatan" value="Dua"' in text
    assert f'action="{reverse("visits:lost_link")}"' in text
