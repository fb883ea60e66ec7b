"""Who may do what with visits: the groups of a fresh install and their permissions; both can be changed in the admin."""

from django.contrib.auth.models import Group

from knowledge_hub.core.permission_grants import grant

REGISTER = "register"
"""Registers incoming letters, and issues the replies that others wrote."""
DECIDE = "decide"
RECEIVE = "receive"
CERTIFY = "certify"
DISPOSE = "dispose"
AUDIT = "audit"
"""Reads everything about visits and changes nothing."""
ANY_OF_VISIT = ("view", "change", REGISTER, DECIDE, RECEIVE, CERTIFY, DISPOSE, AUDIT)
"""Any of these opens the list of visits and the desk page of one."""

WRITING_TO_GUESTS = (REGISTER, DECIDE, RECEIVE, AUDIT)
"""Any of these shows the address and telephone number of the contact person; who only reads or writes dispositions needs neither."""

PROTOCOL = "Prokopim"
"""The group of the protocol division, which also drafts the public notes of visits."""
REGISTRAR = "Tata usaha"
"""The group of the secretariat, which registers letters and enters requests that come on paper."""
APPROVER = "Penyetuju kunjungan"
"""The group of those who decide on requests and do nothing else."""

GROUPS: dict[str, tuple[str, ...]] = {
    PROTOCOL: (
        "visits.view_visit",
        "visits.add_visit",
        "visits.register_visit",
        "visits.decide_visit",
        "visits.receive_visit",
        "visits.certify_visit",
        "visits.dispose_visit",
        "visits.view_programme",
        "visits.add_programme",
        "visits.change_programme",
        "visits.view_certificatetemplate",
        "visits.add_certificatetemplate",
        "visits.change_certificatetemplate",
        "visits.view_calendarexception",
        "visits.add_calendarexception",
        "visits.change_calendarexception",
        "visits.delete_calendarexception",
        "visits.view_visitslot",
        "visits.change_visitslot",
        "visits.view_resourcekind",
        "visits.add_resourcekind",
        "visits.change_resourcekind",
        "visits.delete_resourcekind",
        "visits.view_resource",
        "visits.add_resource",
        "visits.change_resource",
        "visits.delete_resource",
        "visits.view_allocation",
        "visits.add_allocation",
        "visits.delete_allocation",
        "visits.view_outboundmessage",
        "visits.change_outboundmessage",
        "visits.view_mailwording",
        "visits.add_mailwording",
        "visits.view_adoption",
        "visits.add_adoption",
        "visits.change_adoption",
        "visits.delete_adoption",
        "visits.view_numbersequence",
        "visits.change_numbersequence",
        "visits.view_hostofficial",
        "visits.add_hostofficial",
        "visits.change_hostofficial",
        "visits.view_datarequest",
        "visits.change_datarequest",
        "visits.view_incident",
        "visits.add_incident",
        "visits.change_incident",
        "visits.change_officesettings",
        "knowledge_hub.change_contactsettings",
    ),
    REGISTRAR: (
        "visits.view_visit",
        "visits.add_visit",
        "visits.register_visit",
        "visits.view_programme",
        "visits.view_calendarexception",
        "visits.view_visitslot",
        "visits.view_numbersequence",
    ),
    APPROVER: (
        "visits.view_visit",
        "visits.decide_visit",
        "visits.view_programme",
        "visits.view_calendarexception",
        "visits.view_visitslot",
    ),
    "Pimpinan": ("visits.view_visit", "visits.dispose_visit"),
    "Penerima tamu": ("visits.view_visit", "visits.receive_visit"),
    "Auditor": (
        "visits.view_visit",
        "visits.audit_visit",
        "visits.view_hostofficial",
        "visits.view_programme",
        "visits.view_certificatetemplate",
        "visits.view_calendarexception",
        "visits.view_visitslot",
        "visits.view_resourcekind",
        "visits.view_resource",
        "visits.view_allocation",
        "visits.view_outboundmessage",
        "visits.view_mailwording",
        "visits.view_adoption",
        "visits.view_numbersequence",
        "visits.view_datarequest",
        "visits.view_incident",
    ),
}
"""Name of a group and what it may do: visit officers (the protocol division), registrars, approvers, superiors who write dispositions,
receptionists, and auditors who only read."""


def create_groups() -> list[Group]:
    """Create the groups that do not exist yet, with access to the admin; existing ones get the rights that they were never given.

    Returns:
        The new groups.
    """
    given = [grant(name, {"wagtailadmin.access_admin", *permissions}) for name, permissions in GROUPS.items()]
    return [group for group, created in given if created]
