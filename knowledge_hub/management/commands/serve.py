import os
import sys
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from django.utils.autoreload import DJANGO_AUTORELOAD_ENV

from knowledge_hub.core import metrics
from knowledge_hub.core.mail_watch import MailWatch
from knowledge_hub.core.supervisor import Child, Supervisor, is_port_free

WEB_PAUSE = 3
"""Seconds before a web server that dies again and again is restarted; visitors wait for it."""
PARTS = ("web", "worker", "clock")
"""The processes of ``production()`` with one web server, in its order."""

MANAGE = [sys.executable, str(settings.BASE_DIR / "manage.py")]


class Command(BaseCommand):
    """Run the whole site: web server, background worker and clock."""

    # System checks take seconds; `prepare` and `doctor` run them.
    requires_system_checks = []
    help = "Runs the web server, the background worker and the clock, and restarts each of them if it ends."

    def add_arguments(self, parser):
        parser.add_argument(
            "--dev", action="store_true", help="prepare the site first, then run the development server, which reloads changed code"
        )
        parser.add_argument(
            "--only", choices=PARTS, help="become this process alone; a supervisor of the system (deploy/systemd) starts and restarts it"
        )
        parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
        parser.add_argument("--workers", type=int, default=int(os.environ.get("WEB_WORKERS") or os.cpu_count() or 1))

    def handle(self, *args, dev, only, host, port, workers, **options):
        """Run until SIGTERM or Ctrl-C.

        Raises:
            CommandError: the port is taken.
        """
        if only in (None, "web") and not is_port_free(host, port):
            raise CommandError(f"Port {port} on {host} is taken (is the site running already?). Choose another: PORT={port + 1} make run")
        if only:
            child = production(host, port, 1)[PARTS.index(only)]
            os.execve(child.command[0], child.command, child.environment or os.environ)  # noqa: S606 -- our own commands
        if dev:
            call_command("prepare", stdout=self.stdout)
        self.address, self.is_ready = (host, port), False
        self.watch = self.watch_mail()
        metrics.forget_dead()
        self.say("Starting the web server, the background worker and the clock")
        children = development(host, port) if dev else production(host, port, workers)
        Supervisor(children, say=self.say, each_second=self.look_around).run()
        self.say("Stopped.")

    def watch_mail(self) -> MailWatch | None:
        """Watch the mail files of development; in production their links have no place in a log."""
        if not settings.DEBUG or settings.EMAIL_BACKEND != "django.core.mail.backends.filebased.EmailBackend":
            return None
        self.say(f"Mail is not sent but written to {settings.EMAIL_FILE_PATH}; its links are shown here.")
        return MailWatch(settings.EMAIL_FILE_PATH)

    def look_around(self):
        """Report once that the site answers, and print new mail."""
        if not self.is_ready and not is_port_free(*self.address):
            self.is_ready = True
            address = "http://{}:{}/".format(*self.address)
            self.say(f"Serving on {address} (staff: {address}admin/). Stop with Ctrl-C.")
        for line in self.watch.news() if self.watch else ():
            self.say(line)

    def say(self, sentence: str):
        """Print without buffering, because output may be a file or a service's journal."""
        self.stdout.write(f"• {sentence}")
        self.stdout.flush()


def production(host: str, port: int, workers: int) -> list[Child]:
    """Web servers, one background worker and the clock.

    The web servers share the port. They are processes of their own, because one Granian with several workers ends as a whole when one
    of them dies twice within seconds.
    """
    environment = environment_of(host, port)
    names = [f"web server {number}" for number in range(1, workers + 1)] if workers > 1 else ["web server"]
    return [
        *(Child(name, granian(host, port), environment, longest_pause=WEB_PAUSE) for name in names),
        Child("background worker", [*MANAGE, "db_worker", "--queue-name", "*", "--no-reload", "--skip-checks"], environment),
        Child("clock", [*MANAGE, "tick", "--forever", "--skip-checks"], environment),
    ]


def development(host: str, port: int) -> list[Child]:
    """Django's development server, one worker and the clock; they start from this process and reload on changed code."""
    environment = environment_of(host, port)
    # Settings that were read here hold for forked processes, so they must name the same address.
    may_fork = environment["SITE_URL"] == settings.SITE_URL
    connections.close_all()

    def child(name: str, command: str, *arguments: str) -> Child:
        def first_run() -> None:
            os.environ[DJANGO_AUTORELOAD_ENV] = "true"
            call_command(command, *arguments, skip_checks=True)

        return Child(name, [*MANAGE, command, *arguments, "--skip-checks"], environment, first_run if may_fork else None)

    return [
        child("web server", "runserver", f"{host}:{port}"),
        child("background worker", "db_worker", "--queue-name", "*", "--reload"),
        child("clock", "tick", "--forever"),
    ]


def environment_of(host: str, port: int) -> dict[str, str]:
    """Environment of the processes; links in mail use the address of the site."""
    own = {"SITE_URL": f"http://{host}:{port}", "PYTHONUNBUFFERED": "1", "DJANGO_RUNSERVER_HIDE_WARNING": "true"}
    return own | os.environ


def granian(host: str, port: int) -> list[str]:
    """Command line of one production server; it ends when its worker dies, and replaces one that uses too much memory."""
    return [
        str(Path(sys.executable).parent / "granian"),
        *("--interface", "wsgi", "--host", host, "--port", str(port)),
        *("--workers", "1", "--blocking-threads", "4", "--workers-max-rss", "600"),
        *("--no-ws", "--log-level", "warning"),
        "knowledge_hub.wsgi:application",
    ]
