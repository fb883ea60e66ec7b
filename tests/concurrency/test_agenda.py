"""Two officers who take the same speaker for two visits at the same moment: one of them is refused."""

import time
from functools import partial

import pytest

from tests.factories import AgendaItemFactory, PersonFactory, SlotFactory, VisitFactory
from visits.domain import agenda, agenda_clashes, speakers
from visits.domain.errors import Refused
from visits.models import AgendaItem, SpeakerInvitation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.scale_out]


@pytest.fixture
def items(transactional_db):
    """An item of each of two visits at the same time."""
    slot = SlotFactory()
    other = SlotFactory(starts_at=slot.starts_at, ends_at=slot.ends_at)
    return [AgendaItemFactory(visit=VisitFactory(approved=True, slot=each)) for each in (slot, other)]


def choose(key, speaker):
    """Save an item with a speaker, as the form of the item does."""
    item = AgendaItem.objects.select_related("visit").get(pk=key)
    seen, item.speaker = agenda.stamp_of(item), speaker
    return agenda.save_item(item, seen=seen).pk


def test_a_speaker_is_taken_once(items, run_together):
    speaker = PersonFactory()

    outcomes = run_together(*(partial(choose, item.pk, speaker) for item in items))

    assert sum(isinstance(outcome, Refused) for outcome in outcomes) == 1, outcomes
    assert AgendaItem.objects.filter(speaker=speaker).count() == 1


def without_check(replace):
    """Control: look first, and save a moment later."""
    replace(agenda_clashes, "refuse_new", lambda visit, before, after: None)
    replace(agenda, "_lock", _without_lock)


def _without_lock(visit):
    found = list(agenda.items_of(visit))
    time.sleep(0.3)
    return visit, found


@pytest.mark.parametrize("run_together", ["threads"], indirect=True)
def test_without_the_check_a_speaker_is_taken_twice(items, run_together):
    # Control: the same race without the guard, which the test above would notice.
    speaker = PersonFactory()

    run_together(*(partial(choose, item.pk, speaker) for item in items), sabotage=without_check)

    assert AgendaItem.objects.filter(speaker=speaker).count() == 2


def invite(key, speaker):
    """Invite a speaker to an item."""
    return speakers.invite(AgendaItem.objects.select_related("visit").get(pk=key), speaker, by=None).pk


def test_an_item_has_one_invitation(items, run_together):
    people = [PersonFactory(), PersonFactory()]

    outcomes = run_together(*(partial(invite, items[0].pk, person) for person in people))

    assert sum(isinstance(outcome, Refused) for outcome in outcomes) == 1, outcomes
    assert SpeakerInvitation.objects.count() == 1
