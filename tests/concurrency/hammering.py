"""The processes of test_hammer.py: each repeats random actions of guests, officers and the clock as fast as possible."""

import datetime as dt
import random
import time
import traceback
import uuid
from collections import Counter

from django.db import connections
from django.db.models import F
from django.utils import timezone

from knowledge_hub.models import Region
from tests.factories import UserFactory
from visits.domain import booking, decisions, rules, scheduling, seats
from visits.domain.errors import Refused
from visits.enums import Actor, OrganisationKind, ProposalState, VisitStatus
from visits.models import Proposal, Visit, VisitSlot

SIZES = (7, 11, 17, 23)


def act(pipe, seed: int, times: int, sabotage) -> None:
    """Run random actions; sends ("submitted", key), ("trouble", traceback) and at the end ("done", counts).

    Args:
        pipe: connection to the test.
        seed: seed of the random numbers.
        times: number of actions.
        sabotage: a function that removes a guard, or None.
    """
    if sabotage is not None:
        sabotage()
    dice = random.Random(seed)
    officer = UserFactory(username=f"petugas-{seed}")
    pipe.send(("ready", None))
    pipe.recv()
    counts: Counter = Counter()
    for number in range(times):
        what = dice.choice(ACTIONS)
        try:
            made = what(dice, officer, f"{seed}-{number}")
        except Refused:
            counts[f"{what.__name__} refused"] += 1
        except Exception:  # noqa: BLE001 -- every error that a guest or officer would see as an error page
            pipe.send(("trouble", traceback.format_exc()))
        else:
            counts[what.__name__] += 1
            if what is submit:
                pipe.send(("submitted", made.pk))
    pipe.send(("done", counts))


def submit(dice, officer, name):
    """A guest asks for a session."""
    slot = dice.choice(VisitSlot.objects.select_related("programme").all())
    return booking.submit(
        booking.BookingDraft(
            programme=slot.programme,
            slot=slot,
            region=Region.objects.filter(parent__isnull=False).first(),
            group_size=dice.choice(SIZES),
            details={
                "organisation": f"Dinas Contoh {name}",
                "organisation_kind": OrganisationKind.LOCAL_GOVERNMENT,
                "contact_name": "Narahubung Contoh",
                "contact_email": f"narahubung-{name}@contoh.invalid",
            },
            submission_key=uuid.uuid4(),
        )
    )


def confirm(dice, officer, name):
    """A guest opens the link in the mail."""
    return booking.confirm(_any(dice, VisitStatus.UNVERIFIED))


def approve(dice, officer, name):
    """An officer schedules a request."""
    return decisions.approve(_any(dice, VisitStatus.SUBMITTED), by=officer)


def decline(dice, officer, name):
    """An officer refuses a request."""
    return decisions.decline(_any(dice, VisitStatus.SUBMITTED), by=officer, reason="Ruang tidak tersedia")


def cancel(dice, officer, name):
    """A guest cancels a visit."""
    return decisions.cancel(_any(dice, VisitStatus.APPROVED, VisitStatus.SUBMITTED), by=Actor.GUEST, reason="Jadwal kami berubah")


def lapse(dice, officer, name):
    """The clock releases expired holds; sometimes as if it were hours later."""
    return decisions.expire_holds(timezone.now() + dt.timedelta(hours=dice.choice([0, 0, 0, 0, 0, 5])))


def move(dice, officer, name):
    """An officer moves a scheduled visit."""
    return scheduling.move(_any(dice, VisitStatus.APPROVED), dice.choice(VisitSlot.objects.all()), user=officer)


def propose(dice, officer, name):
    """A guest or an officer proposes another session."""
    visit = _any(dice, VisitStatus.APPROVED, VisitStatus.SUBMITTED)
    return scheduling.propose(visit, dice.choice(VisitSlot.objects.all()), by=dice.choice([Actor.GUEST, Actor.STAFF]), user=officer)


def answer(dice, officer, name):
    """The other side accepts the proposed session, or the proposer withdraws it."""
    proposal = Proposal.objects.filter(state=ProposalState.OPEN).select_related("visit").order_by("?").first()
    if proposal is None:
        raise Refused("Nothing to do.")
    if dice.random() < 0.3:
        return scheduling.end_proposal(proposal.visit, by=proposal.by, user=officer)
    other = Actor.STAFF if proposal.by == Actor.GUEST else Actor.GUEST
    return scheduling.accept(proposal.visit, by=other, user=officer)


ACTIONS = [submit] * 4 + [confirm] * 2 + [approve] * 3 + [move] * 2 + [answer] * 2 + [decline, cancel, lapse, propose]


def _any(dice, *statuses) -> Visit:
    found = list(Visit.objects.filter(status__in=statuses).order_by("-pk")[:12])
    if not found:
        raise Refused("Nothing to do.")
    return dice.choice(found)


def without_capacity_check() -> None:
    """Control: take seats without checking the capacity."""

    def take(visit, slot, persons, **options):
        VisitSlot.objects.filter(pk=slot.pk).update(used_persons=F("used_persons") + persons, used_visits=F("used_visits") + 1)
        visit.seats_held = persons

    seats.take = take
    rules.check = rules.quick_check = lambda *arguments, **options: []


def releasing_without_lock() -> None:
    """Control for PostgreSQL: release seats without a lock, by writing a value read earlier instead of subtracting in the database."""

    def give_back(visit):
        if visit.seats_held and visit.slot_id:
            before = VisitSlot.objects.get(pk=visit.slot_id).used_persons
            time.sleep(0.05)
            VisitSlot.objects.filter(pk=visit.slot_id).update(
                used_persons=max(before - visit.seats_held, 0), used_visits=F("used_visits") - 1
            )
        visit.seats_held = 0

    seats.give_back = give_back
    seats.lock_slots = read_without_lock


def read_without_lock(*slots) -> dict[int, VisitSlot]:
    """Replacement for seats.lock_slots() that reads the sessions without locking them."""
    return VisitSlot.objects.select_related("programme").in_bulk([slot.pk for slot in slots if slot])


def deferred_transactions() -> None:
    """Control for SQLite: transactions begin as readers, which is Django's default."""
    connections.settings["default"]["OPTIONS"]["transaction_mode"] = "DEFERRED"
