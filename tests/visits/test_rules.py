"""Booking rules: every rule is declared completely, and each declared property is true."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.utils import timezone, translation
from django.utils.functional import Promise

from tests.factories import NeedFactory, ProgrammeFactory, SlotFactory, UserFactory, VisitFactory
from visits.domain import decisions, rules
from visits.domain.calendar_days import local_date
from visits.domain.errors import Refused
from visits.domain.rules import RULES, Request, Settled
from visits.models import CalendarException, VisitSlot
from visits.queries.desk import checklist

pytestmark = pytest.mark.django_db


def request_for(**given) -> Request:
    """A request that meets every rule, except for the given values."""
    slot = given.pop("slot", None) or SlotFactory(programme__active=True)
    slot = VisitSlot.objects.select_related("programme").get(pk=slot.pk)
    return Request(**{"programme": slot.programme, "slot": slot, "persons": 10, "now": timezone.now(), **given})


def close_day() -> Request:
    slot = SlotFactory()
    CalendarException.objects.create(date=local_date(slot.starts_at), reason_id="Tutup", reason_en="Closed")
    return request_for(slot=slot)


def full_week() -> Request:
    programme = ProgrammeFactory(max_per_week=1, max_per_day=9)
    taken = SlotFactory(programme=programme)
    weekday = local_date(taken.starts_at).isoweekday()
    VisitFactory(slot=taken, programme=programme, approved=True)
    return request_for(slot=SlotFactory(programme=programme, starts_at=taken.starts_at + dt.timedelta(days=1 if weekday < 7 else -1)))


def someone_waits() -> Request:
    slot = SlotFactory()
    visit = VisitFactory(slot=None, programme=slot.programme, submitted=True, group_size=10, seats_held=0)
    day = local_date(slot.starts_at)
    visit.waitlist_entries.create(from_date=day - dt.timedelta(days=3), until_date=day + dt.timedelta(days=3))
    return request_for(slot=slot)


def full_day() -> Request:
    programme = ProgrammeFactory(max_per_day=1)
    taken = SlotFactory(programme=programme)
    VisitFactory(slot=taken, programme=programme, approved=True)
    return request_for(slot=SlotFactory(programme=programme, starts_at=taken.starts_at + dt.timedelta(hours=4)))


VIOLATIONS: dict[str, Callable[[], Request]] = {
    "programme_not_offered": lambda: request_for(slot=SlotFactory(programme__active=False)),
    "group_too_small": lambda: request_for(persons=1),
    "group_too_large": lambda: request_for(persons=41),
    "language_not_offered": lambda: request_for(spoken_language="en", slot=SlotFactory(programme__languages=("id",))),
    "in_the_past": lambda: request_for(slot=SlotFactory(days_ahead=-1)),
    "notice_too_short": lambda: request_for(slot=SlotFactory(days_ahead=2)),
    "too_far_ahead": lambda: request_for(slot=SlotFactory(days_ahead=400)),
    "day_closed": close_day,
    "slot_closed": lambda: request_for(slot=SlotFactory(is_open=False)),
    "day_full": full_day,
    "week_full": full_week,
    "slot_full": lambda: request_for(slot=SlotFactory(capacity_persons=5)),
    "reserved_for_waiting_list": someone_waits,
    "resource_missing": lambda: request_for(slot=SlotFactory(programme=NeedFactory().programme)),
    "letter_missing": lambda: request_for(has_letter=False, slot=SlotFactory(programme__letter_required=True)),
    "duplicate_letter": lambda: request_for(is_duplicate=True),
}
"""A request that violates each rule, by the code of the violation."""

CODES = [(rule, code) for rule in RULES for code in rule.codes]
every_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.codes[0])
every_code = pytest.mark.parametrize(("rule", "code"), CODES, ids=[code for _, code in CODES])


def test_every_code_belongs_to_one_rule():
    codes = [code for _, code in CODES]

    assert len(codes) == len(set(codes))
    assert set(codes) == set(VIOLATIONS)


def test_a_good_request_violates_no_rule():
    assert rules.check(request_for()) == []


@every_code
def test_a_violation_has_its_code_and_a_sentence(rule, code):
    request = VIOLATIONS[code]()
    sentences = {}
    for language in ("en", "id"):
        with translation.override(language):
            found = rule.check(request)
            sentences[language] = str(found)

    assert (found.code, found.overridable) == (code, rule.overridable)
    assert len(set(sentences.values())) == 2, "not translated"
    assert code in [violation.code for violation in rules.check(request)]


@every_rule
def test_staff_read_a_translated_question(rule):
    assert isinstance(rule.question, Promise)
    with translation.override("en"):
        english = str(rule.question)
    with translation.override("id"):
        assert str(rule.question) != english


@every_code
def test_only_the_quick_rules_make_no_query(rule, code, django_assert_num_queries):
    request = VIOLATIONS[code]()
    slot = VisitSlot.objects.select_related("programme").only(*rules.QUICK_FIELDS).get(pk=request.slot.pk)
    request = replace(request, slot=slot, programme=slot.programme)

    found = {violation.code for violation in rules.check(request)}
    with django_assert_num_queries(0):
        quick = {violation.code for violation in rules.quick_check(request)}

    assert (code in quick) == rule.quick
    assert quick <= found


@every_code
def test_rules_without_a_session_apply_to_the_waiting_list(rule, code):
    found = [violation.code for violation in rules.check(replace(VIOLATIONS[code](), slot=None))]

    assert (code in found) == (not rule.needs_session)


@every_code
@pytest.mark.parametrize("step", Settled)
def test_a_settled_rule_is_not_checked_again(rule, code, step):
    found = [violation.code for violation in rules.check(VIOLATIONS[code](), settled=step)]

    assert (code in found) == (step not in rule.settled_by)


@every_code
def test_another_session_helps_where_the_rule_says_so(rule, code):
    assert rules.another_session_may_help([code]) == rule.other_session_helps
    if rule.other_session_helps:
        assert rule.needs_session


@every_rule
def test_the_checklist_has_a_line_for_the_rule(rule):
    visit = VisitFactory(submitted=True)

    assert (rule.question in [line.text for line in checklist(visit)]) == rule.on_checklist


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.overridable and rule.on_checklist], ids=lambda rule: rule.codes[0])
def test_approval_accepts_a_reason_for_an_overridable_rule(rule, monkeypatch):
    failing = replace(rule, answer=lambda request: "Contoh")
    monkeypatch.setattr(rules, "RULES", [failing if each is rule else each for each in RULES])
    visit, officer = VisitFactory(submitted=True), UserFactory(admin=True)

    with pytest.raises(Refused) as refusal:
        decisions.approve(visit, by=officer)
    assert rule.codes[0] in refusal.value.codes

    assert decisions.approve(visit, by=officer, override_reason="Tamu kementerian").status == "approved"


def test_conflicts_without_a_rule_offer_no_other_session():
    assert rules.by_code("resource_taken") is None
    assert not rules.another_session_may_help(["resource_taken"])
