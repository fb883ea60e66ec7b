"""A real HTTP server on a free port of this machine, for tests of what talks to other services."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class LocalServer:
    """Answers while it is used as a context; a subclass says how in its handler."""

    def __init__(self):
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self._http.daemon_threads = True

    def handler(self) -> type[BaseHTTPRequestHandler]:
        """The class that answers requests."""
        raise NotImplementedError

    def __enter__(self):
        threading.Thread(target=self._http.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *error):
        self._http.shutdown()
        self._http.server_close()

    @property
    def address(self) -> str:
        """Host and port."""
        return "{}:{}".format(*self._http.server_address)

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://{self.address}/"


class SilentHandler(BaseHTTPRequestHandler):
    """Writes no log; a subclass answers in post()."""

    def do_POST(self):
        """What http.server calls."""
        self.post()

    def log_message(self, *args):
        """Say nothing."""
