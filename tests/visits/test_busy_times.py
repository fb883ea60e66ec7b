"""Half-open times: what ends when another begins does not meet it, whatever else is taken."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from visits.domain.busy import Busy

EIGHT = dt.datetime(2026, 12, 1, 1, tzinfo=dt.UTC)


def at(minutes):
    return EIGHT + dt.timedelta(minutes=minutes)


spans = st.tuples(st.integers(0, 40), st.integers(1, 20)).map(lambda span: (at(span[0]), at(span[0] + span[1])))


@given(taken=st.lists(spans, max_size=8), asked=spans)
def test_a_time_meets_what_is_taken_exactly_if_they_share_a_moment(taken, asked):
    start, end = asked

    assert Busy(taken).meets(start, end) == any(begins < end and ends > start for begins, ends in taken)


@given(taken=st.lists(spans, min_size=1, max_size=8))
def test_what_begins_when_the_last_has_ended_is_free(taken):
    first, last = min(start for start, _end in taken), max(end for _start, end in taken)

    assert not Busy(taken).meets(last, last + dt.timedelta(minutes=1))
    assert not Busy(taken).meets(first - dt.timedelta(minutes=1), first)
    assert Busy(taken).meets(first, last)
