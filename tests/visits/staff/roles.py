"""The roles of a fresh install, and what each may open and change among the URLs of visits in the admin."""

from typing import NamedTuple

ROLES = {
    "registrar": "Tata usaha",
    "officer": "Prokopim",
    "approver": "Penyetuju kunjungan",
    "superior": "Pimpinan",
    "receptionist": "Penerima tamu",
    "auditor": "Auditor",
    "editor": "Editor Pemko",
    "moderator": "Moderator",
}
"""Role and its group. Speakers and delegates have no account, only links."""

NOBODY: frozenset[str] = frozenset()
OFFICER, REGISTRAR, AUDITOR = frozenset({"officer"}), frozenset({"registrar"}), frozenset({"auditor"})
AUDITED = OFFICER | AUDITOR
DECIDE = OFFICER | {"approver"}
RECEIVE = OFFICER | {"receptionist"}
DISPOSE = OFFICER | {"superior"}
LETTERS = DECIDE | REGISTRAR
RECORD = DECIDE | RECEIVE
CALENDAR = LETTERS | AUDITOR
VISITS = LETTERS | RECEIVE | DISPOSE | AUDITOR


class Access(NamedTuple):
    """Who may open a URL, and who may post to it. The administrator may do everything."""

    opens: frozenset[str] = NOBODY
    changes: frozenset[str] = NOBODY


ROWS = [
    (
        Access(opens=VISITS),
        "gifts:index gifts:index_results gifts:print "
        "incoming:index incoming:index_results outgoing:index outgoing:index_results planner:events planner:index "
        "staff:certificate staff:certificates "
        "staff:certificates_print staff:certificates_progress staff:certificates_zip staff:correspondence staff:history "
        "staff:history_results staff:index staff:inspect staff:letter staff:material staff:paper "
        "staff:papers staff:photo staff:preparation staff:preview_paper staff:signed_file staff:survey",
    ),
    (
        # One's own filters of the list.
        Access(changes=VISITS),
        "staff:remove_filter staff:save_filter",
    ),
    (
        Access(opens=OFFICER, changes=OFFICER),
        "blocks:block blocks:unblock calendar:add calendar:delete calendar:edit calendar:import "
        "certificate_templates:add certificate_templates:edit kinds:add kinds:delete kinds:edit numbers:edit "
        "adoptions:add adoptions:delete adoptions:edit "
        "officials:add officials:edit programmes:add programmes:edit resources:add resources:delete resources:edit "
        "rights:answer incidents:add incidents:edit staff:replace staff:revoke staff:speaker_certificate",
    ),
    (
        Access(opens=AUDITED),
        "adoptions:evidence adoptions:history adoptions:history_results adoptions:index adoptions:index_results adoptions:reports "
        "blocks:index blocks:index_results certificate_templates:history certificate_templates:history_results "
        "certificate_templates:index certificate_templates:index_results kinds:history kinds:history_results "
        "kinds:index kinds:index_results mail:index mail:index_results mail:view officials:history officials:history_results "
        "officials:index officials:index_results resources:history resources:history_results resources:index "
        "resources:index_results resources:inspect wording:index ledger:index ledger:index_results "
        "rights:index rights:index_results incidents:index incidents:index_results incidents:history incidents:history_results",
    ),
    (
        Access(opens=DECIDE, changes=DECIDE),
        "staff:accept_date staff:add_task staff:approve staff:ask staff:cancel staff:change_task staff:decline staff:grant_seats "
        "staff:invite_speaker "
        "staff:move staff:place staff:propose staff:refuse_date staff:refuse_seats staff:remove_task staff:reply staff:withdraw_date "
        "staff:write",
    ),
    (
        Access(opens=CALENDAR),
        "calendar:history calendar:history_results calendar:index calendar:index_results calendar:inspect "
        "programmes:history programmes:history_results programmes:index programmes:index_results programmes:inspect "
        "received_mail:index "
        "slots:index slots:index_results",
    ),
    (
        Access(changes=OFFICER),
        "adoptions:aside certificate_templates:preview mail:decide slots:switch wording:preview wording:usual "
        "staff:issue_certificates staff:seal_certificates staff:seal_code",
    ),
    (
        Access(opens=AUDITED, changes=OFFICER),
        "adoptions:report wording:edit",
    ),
    (
        Access(opens=RECORD | AUDITOR, changes=RECORD),
        "staff:agenda_item staff:gifts staff:minutes staff:new_agenda_item staff:photos staff:visum",
    ),
    (
        Access(opens=AUDITED | REGISTRAR),
        "numbers:history numbers:history_results numbers:index numbers:index_results",
    ),
    (
        Access(opens=OFFICER),
        "adoptions:usage calendar:usage kinds:usage resources:usage",
    ),
    (
        Access(opens=RECORD, changes=RECORD),
        "staff:correct_delegate staff:delegates staff:paper_values",
    ),
    (
        Access(opens=LETTERS, changes=LETTERS),
        "outgoing:take_number staff:register staff:signed_reply staff:void_reply",
    ),
    (
        Access(opens=RECEIVE, changes=RECEIVE),
        "staff:complete staff:no_show",
    ),
    (
        Access(changes=RECORD),
        "staff:fill_agenda staff:finish_task staff:hand_over staff:moderate staff:move_item staff:release_slides staff:remove_item "
        "staff:reopen_task staff:sort_speeches",
    ),
    (
        Access(opens=DECIDE),
        "feeds:index",
    ),
    (
        Access(changes=DECIDE),
        "feeds:renew planner:drop staff:allow_upload staff:remind_speaker staff:remind_task staff:withdraw_speaker",
    ),
    (
        Access(changes=RECEIVE),
        "staff:check_in staff:door_post staff:record_absent",
    ),
    (
        Access(opens=RECEIVE),
        "staff:door staff:door_state staff:door_worker",
    ),
    (
        Access(opens=DISPOSE),
        "dispositions:index",
    ),
    (
        Access(changes=DISPOSE),
        "dispositions:done",
    ),
    (
        Access(opens=DISPOSE, changes=DISPOSE),
        "staff:dispose",
    ),
    (
        Access(changes=LETTERS),
        "received_mail:assign received_mail:settle staff:issue_reply",
    ),
    (
        Access(changes=RECORD | DISPOSE),
        "staff:make_paper",
    ),
    (
        Access(opens=OFFICER | REGISTRAR, changes=OFFICER | REGISTRAR),
        "staff:on_behalf",
    ),
    (
        Access(opens=RECORD | AUDITOR),
        "staff:agenda staff:questions",
    ),
    (
        Access(opens=RECEIVE | AUDITOR, changes=RECEIVE),
        "staff:reception",
    ),
    (
        Access(opens=DECIDE),
        "staff:reply_docx",
    ),
    (
        Access(opens=AUDITOR),
        "settings:index",
    ),
]
ACCESS = {f"visits_{name}": access for access, names in ROWS for name in names.split()}
"""What each role may do, by the name of the URL."""
