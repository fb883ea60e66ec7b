"""The queue for SQLite's write lock: first come, first served, always released, and a guest's input survives a timeout."""

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
    pytest.mark.skipif(connection.vendor != "sqlite", reason="other databases have many writers and queues of their own"),
]

GROWN = 0.4
"""Seconds after which SQLite's own busy handler retries only ten times a second."""


HOUR = "2026-11-24T03:00:00Z"


def in_one_statement(name: str) -> None:
    """Write outside a transaction, as log-ins, the worker's claims and counters do."""
    RequestCount.objects.create(key=name, hour=HOUR)


def in_a_transaction(name: str) -> None:
    """Write in a transaction, as bookings do."""
    with transaction.atomic():
        in_one_statement(name)


def write_in_queue(pipe, name: str, write, before) -> None:
    """A process that waits for the write lock; sends "waits" when it begins and "written" at the end."""
    if before is not None:
        before()
    connection.ensure_connection()
    pipe.recv()
    pipe.send("waits")
    write(name)
    pipe.send("written")


def without_queue() -> None:
    """Control: writers use only SQLite's own lock, as in Django's backend."""
    base.DatabaseWrapper._acquire_queue = lambda self: None


def first_writer(write=in_a_transaction, sabotage=None) -> str:
    """The name of the process that writes first, when one has waited long and the other has just arrived."""
    RequestCount.objects.all().delete()
    early, late = Worker(write_in_queue, "early", write, sabotage), Worker(write_in_queue, "late", in_a_transaction, sabotage)
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
def test_the_writer_that_waited_longest_writes_first(write):
    assert [first_writer(write) for _ in range(5)] == ["early"] * 5


@pytest.mark.parametrize("write", [in_a_transaction, in_one_statement])
def test_without_the_queue_newcomers_overtake(write):
    assert any(first_writer(write, without_queue) == "late" for _ in range(12))


def test_threads_write_in_order_of_arrival(tmp_path):
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


def test_a_process_with_many_threads_still_shares(tmp_path):
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
    assert few > many / 4, "the single thread got nearly every second turn"
    assert longest_alone < 0.25 < longest_of_many * 20


def queue_up(pipe, path: str, threads: int) -> None:
    """A process whose threads write repeatedly; sends the number of turns and the longest wait for one."""
    queue, waits = writer_queue.WriterQueue(path), []
    pipe.send("ready")
    pipe.recv()
    until = time.monotonic() + 1.5

    def write_repeatedly() -> None:
        while (came := time.monotonic()) < until:
            assert queue.acquire(10)
            waits.append(time.monotonic() - came)
            time.sleep(0.005)
            queue.release()

    crowd = [threading.Thread(target=write_repeatedly) for _ in range(threads)]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()
    pipe.send((len(waits), max(waits)))


def test_the_queue_is_released_with_every_transaction():
    with transaction.atomic():
        in_one_statement("x")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        raise ZeroDivisionError
    with transaction.atomic():
        connection.close()

    done = []
    transaction.atomic(lambda: done.append(queue_is_free()))()

    assert done == [False]
    assert queue_is_free()


def queue_is_free() -> bool:
    """Whether another thread can write at once."""
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


def test_on_commit_callbacks_run_after_the_release():
    found = []
    with transaction.atomic():
        transaction.on_commit(lambda: found.append(queue_is_free()))

    assert found == [True]


def test_a_killed_process_releases_the_queue(tmp_path):
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
    """A process that takes the queue and does not release it."""
    assert writer_queue.WriterQueue(path).acquire(5)
    pipe.send("has it")
    time.sleep(60)


@pytest.fixture
def short_timeout(monkeypatch):
    """Writers of this thread wait at most a tenth of a second."""
    connection.close()
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.1)
    yield
    connection.close()


@pytest.fixture
def write_lock_held():
    """Another thread holds the write lock."""
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


def test_a_writer_that_times_out_gets_an_error(write_lock_held, short_timeout):
    with pytest.raises(OperationalError, match="database is locked"), transaction.atomic():
        pass


def test_a_guest_keeps_typed_text_after_a_timeout(client, write_lock_held, short_timeout):
    client.raise_request_exception = False

    page = client.post(reverse("visits:lost_link"), {"contact_email": "narahubung@contoh.invalid", "catatan": ['<b>"Satu"', "Dua"]})

    text = page.content.decode()
    assert page.status_code == 503
    assert page["Retry-After"]
    assert 'name="contact_email" value="narahubung@contoh.invalid"' in text
    assert 'name="catatan" value="&lt;b&gt;&quot;Satu&quot;"' in text
    assert 'name="catatan" value="Dua"' in text
    assert f'action="{reverse("visits:lost_link")}"' in text
