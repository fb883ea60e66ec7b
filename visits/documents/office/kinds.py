"""All office papers, in the order in which a visit needs them."""

from visits.documents.office import (
    agenda,
    attendance_sheet,
    badges,
    disposition,
    guest_book,
    handover,
    minutes,
    reply_letter,
    report,
    visum,
)
from visits.documents.office.base import Kind

KINDS: dict[str, Kind] = {
    module.KIND.key: module.KIND
    for module in (disposition, reply_letter, agenda, badges, attendance_sheet, guest_book, visum, minutes, handover, report)
}
