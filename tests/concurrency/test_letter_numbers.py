"""Letters that are issued at once: each takes one number, and no number is left out."""

import time
from functools import partial

import pytest
from django.db import IntegrityError

from tests.factories import OfficialFactory, VisitFactory
from visits.domain import replies
from visits.domain.errors import MoveRefused
from visits.models import NumberSequence, ReplyLetter

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]


@pytest.fixture
def drafts(transactional_db):
    """Letters of two visits that wait for their numbers."""
    official = OfficialFactory()
    return [
        replies.save_draft(ReplyLetter(visit=visit, signatory=official, **replies.usual_words(visit, "accept")))
        for visit in (VisitFactory(approved=True), VisitFactory(approved=True))
    ]


def issue(reply):
    """As the button does it."""
    return replies.issue(reply)


def test_two_letters_and_a_double_click_take_two_numbers(drafts, run_together):
    outcomes = run_together(partial(issue, drafts[0]), partial(issue, drafts[0]), partial(issue, drafts[1]))

    assert sum(isinstance(outcome, MoveRefused) for outcome in outcomes) == 1
    assert sorted(reply.number.split("/")[1] for reply in ReplyLetter.objects.all()) == ["0001", "0002"]
    assert NumberSequence.objects.get(key="letter").last_number == 2


def issue_carelessly(replace):
    """The next number is looked up first and written later, as a program without the sequence does."""
    replace(replies, "issue", _look_then_write)


def _look_then_write(reply):
    number = ReplyLetter.objects.exclude(number=None).count() + 1
    time.sleep(0.5)
    reply.number = f"{number:04d}"
    reply.state = ReplyLetter.State.ISSUED
    reply.save()
    return reply


@pytest.mark.parametrize("run_together", ["threads"], indirect=True)
def test_without_the_sequence_the_database_itself_must_stop_the_double(drafts, run_together):
    # The control: two letters would get the same number, which the test above would notice.
    outcomes = run_together(partial(issue, drafts[0]), partial(issue, drafts[1]), sabotage=issue_carelessly)

    assert any(isinstance(outcome, IntegrityError) for outcome in outcomes)
