"""Messages as mail programs send them to us, for tests."""

from email.message import EmailMessage
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.utils import make_msgid

from django.conf import settings

from visits.models import OutboundMessage


def id_of(sent: OutboundMessage) -> str:
    """The Message-ID of our mail."""
    return f"<{sent.message_key}@{settings.SITE_HOST.split(':')[0]}>"


def mail(text="Terima kasih.", *, sender="tamu@contoh.invalid", answers: OutboundMessage | None = None, html="", **headers) -> EmailMessage:
    """An ordinary mail; further headers with "_" for "-"."""
    message = EmailMessage()
    message["From"], message["To"], message["Message-ID"] = sender, settings.DEFAULT_FROM_EMAIL, make_msgid(domain="contoh.invalid")
    message["Subject"] = headers.pop("subject", "Re: kunjungan")
    if answers:
        message["In-Reply-To"] = message["References"] = id_of(answers)
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    if text:
        message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html") if text else message.set_content(html, subtype="html")
    return message


def calendar_reply(uid, attendee, partstat, *, method="REPLY", sequence=0, sender="", more="", params="", **kwargs) -> EmailMessage:
    """An attendee's answer as calendars send it; ``more`` are further lines of the event."""
    lines = [
        "BEGIN:VCALENDAR",
        "PRODID:-//Contoh//ID",
        "VERSION:2.0",
        f"METHOD:{method}",
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"SEQUENCE:{sequence}",
        "DTSTAMP:20261201T000000Z",
        "DTSTART:20270105T020000Z",
        "DTEND:20270105T030000Z",
        f"ORGANIZER:mailto:{settings.DEFAULT_FROM_EMAIL}",
        f"ATTENDEE;PARTSTAT={partstat}{params}:mailto:{attendee}",
        *filter(None, [more]),
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
    message = mail("", sender=sender or attendee, **kwargs)
    message.set_content("Jawaban undangan.")
    message.add_alternative("\r\n".join(lines).encode(), maintype="text", subtype="calendar", params={"method": method, "charset": "utf-8"})
    return message


def bounce(sent: OutboundMessage, *, action="failed", status="5.1.1", headers_only=False) -> MIMEMultipart:
    """A delivery report (RFC 3464) about our mail."""
    report = MIMEMultipart("report", **{"report-type": "delivery-status"})
    report["From"], report["Subject"] = "MAILER-DAEMON@mx.contoh.invalid", "Undelivered Mail Returned to Sender"
    report["Message-ID"], report["Auto-Submitted"] = make_msgid(domain="mx.contoh.invalid"), "auto-replied"
    words = MIMENonMultipart("text", "plain")
    words.set_payload("The mail could not be delivered.")
    report.attach(words)
    of_all, of_one = EmailMessage(), EmailMessage()
    of_all["Reporting-MTA"] = "dns; mx.contoh.invalid"
    of_one["Final-Recipient"], of_one["Action"], of_one["Status"] = f"rfc822; {sent.recipient}", action, status
    of_one["Diagnostic-Code"] = "smtp; 550 5.1.1 no such user"
    status_part = MIMENonMultipart("message", "delivery-status")
    status_part.set_payload([of_all, of_one])
    report.attach(status_part)
    returned = mail("Isi surel kami.", sender=settings.DEFAULT_FROM_EMAIL)
    returned.replace_header("Message-ID", id_of(sent))
    if headers_only:
        part = MIMENonMultipart("text", "rfc822-headers")
        part.set_payload("".join(f"{name}: {value}\n" for name, value in returned.items()))
    else:
        part = MIMEMessage(returned)
    report.attach(part)
    return report
