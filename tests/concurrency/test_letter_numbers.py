"""Letters issued at the same time: each gets one number, and the numbers have no gaps."""

import time
from functools import partial

import pytest
from django.db import IntegrityError

from tests.factories import OfficialFactory, VisitFactory
from visits.domain import replies
from visits.domain.errors import Refused
from visits.models import NumberSequence, ReplyLetter

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.scale_out]


@pytest.fixture
def drafts(transactional_db):
    """Unnumbered letters of two visits."""
    official = OfficialFactory()
    return [
        replies.save_draft(ReplyLetter(visit=visit, signatory=official, **replies.default_texts(visit, "accept")))
        for visit in (VisitFactory(approved=True), VisitFactory(approved=True))
    ]


def issue(reply):
    """Issue a letter; a module-level function, so that it can be sent to another process."""
    return replies.issue(reply)


def test_two_letters_issued_at_once_use_two_numbers(drafts, run_together):
    outcomes = run_together(partial(issue, drafts[0]), partial(issue, drafts[0]), partial(issue, drafts[1]))

    assert sum(isinstance(outcome, Refused) for outcome in outcomes) == 1
    assert sorted(reply.number.split("/")[1] for reply in ReplyLetter.objects.all()) == ["0001", "0002"]
    assert NumberSequence.objects.get(key="letter").last_number == 2


def issue_without_sequence(replace):
    """Control: read the next number and write it later, as a program without the sequence does."""
    replace(replies, "issue", _look_then_write)


def _look_then_write(reply):
    number = ReplyLetter.objects.exclude(number=None).count() + 1
    time.sleep(0.5)
    reply.number = f"{number:04d}"
    reply.state = ReplyLetter.State.ISSUED
    reply.save()
    return reply


@pytest.mark.parametrize("run_together", ["threads"], indirect=True)
def test_without_the_sequence_a_duplicate_number_is_refused(drafts, run_together):
    # Control: two letters would get the same number, which the test above would notice.
    outcomes = run_together(partial(issue, drafts[0]), partial(issue, drafts[1]), sabotage=issue_without_sequence)

    assert any(isinstance(outcome, IntegrityError) for outcome in outcomes)
