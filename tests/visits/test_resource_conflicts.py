"""Conflicts of resources: times are half-open, so a session may begin when another ends."""

from hypothesis import given
from hypothesis import strategies as st

from visits.domain.resource_conflicts import SlotSpan, TakenTime, taken_during_sessions

SPANS = st.tuples(st.integers(0, 40), st.integers(1, 20)).map(lambda span: (span[0], span[0] + span[1]))
RESOURCES = st.lists(st.integers(1, 4), min_size=1, max_size=3, unique=True)


@given(
    asked=st.lists(SPANS, max_size=6),
    taken=st.lists(st.tuples(SPANS, RESOURCES), max_size=8),
    free_afterwards=st.dictionaries(st.integers(1, 4), st.integers(0, 15)),
)
def test_overlapping_times_engage_a_resource(asked, taken, free_afterwards):
    sessions = [SlotSpan(pk, *span) for pk, span in enumerate(asked)]

    found = taken_during_sessions(sessions, [TakenTime(*span, frozenset(resources)) for span, resources in taken], free_afterwards)

    assert found == {
        session.pk: {
            resource
            for (start, end), resources in taken
            for resource in resources
            if start < session.end + free_afterwards.get(resource, 0) and end > session.start
        }
        for session in sessions
    }


def test_adjacent_times_do_not_conflict():
    sessions = [SlotSpan(1, 10, 20), SlotSpan(2, 20, 30)]

    assert taken_during_sessions(sessions, [TakenTime(0, 10, frozenset({7})), TakenTime(30, 40, frozenset({7}))], {}) == {
        1: set(),
        2: set(),
    }
    assert taken_during_sessions(sessions, [TakenTime(19, 21, frozenset({7}))], {}) == {1: {7}, 2: {7}}


def test_the_pause_after_a_session_conflicts():
    assert taken_during_sessions([SlotSpan(1, 10, 20)], [TakenTime(25, 30, frozenset({7, 8}))], {7: 5, 8: 6}) == {1: {8}}
