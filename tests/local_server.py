"""A real HTTP server on a free local port, for tests of code that calls other services."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class LocalServer:
    """A context manager that answers requests; a subclass provides the handler."""

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
        """Host and port, joined by a colon."""
        return "{}:{}".format(*self._http.server_address)

    @property
    def url(self) -> str:
        """The base URL."""
        return f"http://{self.address}/"


class SilentHandler(BaseHTTPRequestHandler):
    """Writes no log; a subclass answers POST requests in post()."""

    def do_POST(self):
        """Called by http.server for a POST request."""
        self.post()

    def log_message(self, *args):
        """Write no log line."""
