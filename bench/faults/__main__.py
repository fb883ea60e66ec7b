"""Kill workers behind every step of sending mail, and count at the mail server what arrived.

    python -m bench faults [--kills 300] [--quick]

Each round queues a mail of another kind, kills a worker with SIGKILL behind a step, and lets further workers finish. No mail may be lost.
One may arrive twice only if the worker was killed after the server had taken it and before the row said so.
"""

import datetime as dt
import itertools
import os
import signal
import subprocess
import sys
import tempfile
import uuid
from collections import Counter
from pathlib import Path

from bench import bars


def main() -> int:
    """Print what arrived after so many kills; 1 if a mail was lost or came twice without need."""
    if "--child" not in sys.argv:
        with tempfile.TemporaryDirectory(prefix="bench-faults-") as directory:
            told = {
                "DJANGO_SETTINGS_MODULE": "bench.booking.settings",
                "BENCH_DIR": directory,
                "VAR_DIR": directory,
                "DATABASE_URL": f"sqlite:///{Path(directory) / 'site.sqlite3'}",
            }
            subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity=0"], env={**os.environ, **told}, check=True)
            command = [sys.executable, "-m", "bench.faults", "--child", *sys.argv[1:]]
            return subprocess.run(command, env={**os.environ, **told}, check=False).returncode
    sys.argv.remove("--child")
    options = bars.parser("faults", __doc__ or "")
    options.add_argument("--kills", type=int, default=300, help="how many workers are killed")
    chosen = bars.parse(options, kills=10)

    import django

    django.setup()
    found = bars.Bars("faults", judged=not chosen.quick)
    arrived, steps = _send_and_kill(chosen.kills)
    found.heading(f"{chosen.kills} workers killed while they sent mail")
    lost = twice = needless = 0
    for step, count in sorted(steps.items(), key=lambda pair: pair[0].name):
        mails = [number for killed, number in arrived if killed == step]
        print(f"killed behind {step.name.lower():12}{count:5} mails   lost {mails.count(0)}   twice {sum(number > 1 for number in mails)}")
        lost += mails.count(0)
        twice += sum(number > 1 for number in mails)
        needless += sum(number > (2 if step.name == "ANSWERED" else 1) for number in mails)
    found.add("mails lost", lost, most=0)
    found.add("mails that came twice without need", needless, most=0)
    print(f"{twice} came twice: the worker was killed after the server had taken them")
    return found.end()


def _send_and_kill(kills: int) -> tuple[list[tuple], Counter]:
    """For each mail the step behind which its worker was killed and how often it arrived; and how many mails each step had."""
    from django.conf import settings
    from django.utils import timezone

    from bench.booking import world
    from tests.mail import SmtpSink
    from visits.domain import outbox, tokens
    from visits.enums import MessageKind, MessageStatus
    from visits.mail import sending
    from visits.mail.messages import message_id
    from visits.models import OutboundMessage, Visit

    world.visits(world.programme("faults", sessions=kills), kills)
    visits = list(Visit.objects.order_by("pk"))
    sent = (MessageKind.INVITATION, MessageKind.HOST_MESSAGE, MessageKind.RECEIPT, MessageKind.CANCELLED, MessageKind.THANKS)
    kinds = itertools.cycle(sent)
    steps = [step for step in sending.Step if step != sending.Step.SETTLED]
    killed_at: dict[str, sending.Step] = {}
    with SmtpSink() as server:
        settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = settings.OUR_SMTP, server.host, server.port
        for visit, kind, step in zip(visits, kinds, itertools.cycle(steps), strict=False):
            visit.contact_email = f"{uuid.uuid4().hex}@contoh.invalid"
            visit.save(update_fields=["contact_email"])
            tokens.assign_tokens(visit)
            message = outbox.queue(visit, kind, note="Contoh")
            assert message, "A visit with an address gets its mail."
            _killed_worker(message.pk, step)
            killed_at[message_id(message)] = step
            for later in range(1, 4):
                sending.send(message.pk, now=timezone.now() + dt.timedelta(hours=1 + later))
        arrived = Counter(str(mail["Message-ID"]) for mail in server.messages)
    left = OutboundMessage.objects.exclude(status=MessageStatus.SENT).count()
    print(f"{left} mails are left to staff")
    return [(step, arrived[key]) for key, step in killed_at.items()], Counter(killed_at.values())


def _killed_worker(message_pk: int, step) -> None:
    """Send a mail in a process that dies behind a step."""
    from django.db import connections

    from visits.mail import sending

    connections.close_all()
    if child := os.fork():
        _pid, status = os.waitpid(child, 0)
        assert os.WTERMSIG(status) == signal.SIGKILL, f"The worker was not killed behind {step.name}."
        return
    sending._reached = lambda now, message: os.kill(os.getpid(), signal.SIGKILL) if now == step else None
    sending.send(message_pk, now=dt.datetime.now(dt.UTC) + dt.timedelta(hours=1))
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
