"""Reads for the desk page of one visit."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.functional import Promise
from wagtail.log_actions import registry

from visits.domain import attendance, rule_checks, waiting_list
from visits.domain.errors import Violation
from visits.domain.rules import RULES, Settled
from visits.enums import AWAITS_DECISION, AttendanceKind, CertificateStatus
from visits.models import (
    Allocation,
    Certificate,
    Delegate,
    Gift,
    IncomingLetter,
    OutboundMessage,
    Proposal,
    Visit,
    VisitMessage,
    VisitSlot,
    WaitlistEntry,
)


@dataclass(frozen=True)
class RuleResult:
    """A booking rule on the checklist."""

    text: str | Promise
    passed: bool
    explanation: str = ""
    overridable: bool = False


def checklist(visit: Visit, violations: Iterable[Violation] | None = None, *, settled: Settled | None = None) -> list[RuleResult]:
    """All booking rules as questions, passed or failed.

    Args:
        visit: the visit.
        violations: result of an earlier check; if None, the visit's own session is checked.
        settled: rules that are settled by this step are left out.
    """
    failed = {violation.code: violation for violation in (rule_checks.violations(visit, visit.slot) if violations is None else violations)}
    results = []
    for rule in RULES:
        if rule.on_checklist and settled not in rule.settled_by:
            violation = next((failed[code] for code in rule.codes if code in failed), None)
            results.append(RuleResult(rule.question, violation is None, str(violation or ""), bool(violation and violation.overridable)))
    return results


@dataclass(frozen=True)
class Desk:
    """Data of the desk page of a visit, read in a fixed number of queries."""

    letters: list[IncomingLetter]
    delegates: list[Delegate]
    thread: list[VisitMessage]
    certificates: list[Certificate]
    gifts: list[Gift]
    mail: list[OutboundMessage]
    history: list
    topics: list[str]
    allocations: list[Allocation]
    alternatives: list[VisitSlot]
    proposals: list[Proposal]
    waiting: WaitlistEntry | None = None
    place: int = 0
    rules: list[RuleResult] = field(default_factory=list)

    @property
    def present(self) -> int:
        """How many of the delegates are checked in."""
        return sum(1 for delegate in self.delegates if delegate.last_kind in attendance.PRESENT)

    @property
    def issued(self) -> int:
        """How many certificates are valid."""
        return sum(1 for certificate in self.certificates if certificate.status == CertificateStatus.ISSUED)

    @property
    def open_proposal(self) -> Proposal | None:
        """The proposed date that waits for an answer."""
        return next((proposal for proposal in self.proposals if proposal.is_open), None)

    @property
    def ended_proposals(self) -> list[Proposal]:
        """Proposed dates that were answered, the latest first."""
        return [proposal for proposal in self.proposals if not proposal.is_open]

    @property
    def unfinished(self) -> int:
        """How many certificates are being prepared or failed."""
        return sum(1 for certificate in self.certificates if certificate.status in (CertificateStatus.PLANNED, CertificateStatus.FAILED))

    @property
    def rules_failed(self) -> int:
        """How many rules are not met."""
        return sum(1 for rule in self.rules if not rule.passed)


def desk(visit: Visit, *, history_entries: int = 15) -> Desk:
    """Read the data of the desk page of a visit."""
    waiting = visit.waitlist_entries.filter(is_open=True).select_related("visit").first()
    logs = registry.get_logs_for_instance(visit).select_related("user", "content_type").order_by("-timestamp", "-pk")
    return Desk(
        letters=list(visit.letters.all()),
        delegates=list(attendance.with_last_event(visit)),
        thread=list(visit.thread.select_related("author")),
        certificates=list(visit.certificates.select_related("delegate")),
        gifts=list(visit.gifts.all()),
        mail=list(visit.messages.order_by("-created_at", "-pk")),
        history=list(logs[:history_entries]),
        topics=[topic.name for topic in visit.topics.all()] + [page.title for page in visit.case_studies.all()],
        allocations=list(
            visit.allocations.filter(active=True).select_related("resource__kind").order_by("resource__kind", "resource__name")
        ),
        alternatives=list(visit.alternative_slots.all()),
        proposals=list(visit.proposals.all()),
        waiting=waiting,
        place=waiting_list.position(waiting) if waiting else 0,
        rules=checklist(visit) if visit.status in AWAITS_DECISION and visit.slot else [],
    )


@dataclass(frozen=True)
class Reception:
    """The list of delegates at the reception desk."""

    delegates: list[Delegate]
    expected: int

    @property
    def present(self) -> int:
        """How many are checked in."""
        return sum(1 for delegate in self.delegates if delegate.last_kind in attendance.PRESENT)

    @property
    def walk_ins(self) -> int:
        """How many came unannounced."""
        return sum(1 for delegate in self.delegates if delegate.walk_in)

    @property
    def unknown(self) -> int:
        """Of how many is not known whether they came."""
        return sum(1 for delegate in self.delegates if not (delegate.is_present or delegate.is_absent))


def reception(visit: Visit) -> Reception:
    """Delegates in the order of protocol, with ``is_present`` and ``is_absent``; one query."""
    delegates = list(attendance.with_last_event(visit))
    for delegate in delegates:
        delegate.is_present = delegate.last_kind in attendance.PRESENT
        delegate.is_absent = delegate.last_kind == AttendanceKind.ABSENT
    return Reception(delegates, visit.group_size or 0)
