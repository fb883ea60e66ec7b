"""What the site counts per subject, address and network, in one query."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from knowledge_hub.core import rate_limits
from knowledge_hub.core.rate_limits import BUDGETS, Budget, networks_of, spend
from knowledge_hub.models import RequestCount

pytestmark = [pytest.mark.django_db, pytest.mark.scale_out]


@pytest.mark.parametrize(
    ("client", "expected"),
    [
        ("203.0.113.77", ("203.0.113.77/32", "203.0.113.0/24")),
        ("::ffff:203.0.113.77", ("203.0.113.77/32", "203.0.113.0/24")),
        ("2001:db8:1:2:3::9", ("2001:db8:1:2::/64", "2001:db8:1::/48")),
        ("", ("", "")),
        ("unix:", ("", "")),
    ],
)
def test_addresses_are_counted_as_subscriber_and_office(client, expected):
    assert networks_of(client) == expected


def test_a_request_counts_everywhere_in_one_query(django_assert_num_queries):
    budget = Budget("contoh", per_subject=9, per_address=9, per_network=9)
    with django_assert_num_queries(1):
        assert spend(budget, client="203.0.113.7", subject=5)
    assert RequestCount.objects.count() == 3
    assert not any("203" in key for key in RequestCount.objects.values_list("key", flat=True))


def test_each_limit_holds_for_itself():
    budget = Budget("contoh", per_subject=1, per_address=2, per_network=3)
    asked = [("203.0.113.1", "a"), ("203.0.113.1", "b"), ("203.0.113.1", "c"), ("203.0.113.2", "a"), ("198.51.100.1", "d")]

    assert [spend(budget, client=client, subject=subject) for client, subject in asked] == [True, True, False, False, True]


def test_counts_begin_anew_with_the_hour(time_machine):
    time_machine.move_to("2026-11-24T03:59:00Z")
    budget = Budget("contoh", per_subject=1)
    assert [spend(budget, subject="a") for _ in range(2)] == [True, False]

    time_machine.move_to("2026-11-24T04:00:00Z")
    assert spend(budget, subject="a")


@pytest.mark.parametrize("purpose", BUDGETS)
def test_every_budget_limits_what_it_declares(purpose):
    budget = BUDGETS[purpose]
    counters = list(budget.counters("203.0.113.7", "subjek"))

    assert counters, "limits nothing"
    assert all(limit > 0 for _name, limit in counters)
    assert not budget.per_network or 0 < budget.per_address < budget.per_network
    for name, limit in counters:
        assert rate_limits.spend_all([(name, limit)])
        RequestCount.objects.update(count=limit)
        assert not rate_limits.spend_all([(name, limit)])


@pytest.mark.django_db(transaction=True)
def test_requests_at_once_share_a_budget():
    budget = Budget("contoh", per_subject=12, per_address=99, per_network=99)

    def ask(number: int) -> bool:
        try:
            return spend(budget, client=f"203.0.113.{number}", subject="a")
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(ask, range(20))) == 12


def test_a_purpose_has_one_budget():
    with pytest.raises(ValueError, match="twice"):
        rate_limits.declare(next(iter(BUDGETS)), per_subject=1)
