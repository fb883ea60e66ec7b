"""Codes and secret links of badges."""

import re

import pytest

from tests.factories import DelegateFactory, VisitFactory
from visits.domain import attendance, badges, delegates, tokens
from visits.models import Delegate

pytestmark = pytest.mark.django_db


def test_delegates_keep_their_code_and_link(time_machine):
    visit = VisitFactory(approved=True)
    rows = [delegates.DelegateRow(number, f"Peserta Contoh {number}") for number in (1, 2, 3)]
    first = delegates.replace_list(visit, rows)
    assert all(re.fullmatch(f"[{badges.ALPHABET}]{{6}}", person.badge_code) for person in first)
    assert len({person.badge_code for person in first}) == 3
    visit.refresh_from_db()
    again = delegates.replace_list(visit, rows)
    assert [(p.badge_code, p.token_hash) for p in again] == [(p.badge_code, p.token_hash) for p in first]
    time_machine.move_to(visit.slot.starts_at)
    assert attendance.add_walk_in(visit, name="Tamu Contoh", by=None).badge_code


def test_a_delegate_is_found_by_link_and_by_typed_code():
    visit = VisitFactory(approved=True)
    person, other = DelegateFactory(visit=visit), DelegateFactory()
    badges.give_missing(visit)
    badges.give_missing(other.visit)
    person.refresh_from_db()
    other.refresh_from_db()
    token = badges.token_of(person)
    assert re.fullmatch("[A-Z2-7]{24}", token)
    assert tokens.hash_of(token) == person.token_hash, "the database holds only the hash"
    for text in (f"https://contoh.go.id/p/{token}/", f"HTTPS://CONTOH.GO.ID/p/{token.lower()}/?lang=en"):
        assert badges.find(visit, text) == person
    code = person.badge_code
    for text in (code, code.lower(), f" {code[:3]}-{code[3:]} "):
        assert badges.find(visit, text) == person
    for text in ("", "ZZZZZZ", "https://contoh.go.id/p/" + "A" * 24, "\x00", f"/p/{token}X/"):
        assert badges.find(visit, text) is None
    assert badges.find(visit, f"/p/{badges.token_of(other)}/").visit_id == other.visit_id, "a badge of another visit is recognised as such"


def test_a_code_is_not_given_twice_in_a_visit(monkeypatch):
    given = iter("CCCCCCCCCCCCDDDDDD")
    monkeypatch.setattr(badges.secrets, "choice", lambda alphabet: next(given))
    first, second, taken = Delegate(), Delegate(), set()
    badges.give(first, taken)
    badges.give(second, taken)
    assert (first.badge_code, second.badge_code) == ("CCCCCC", "DDDDDD")
