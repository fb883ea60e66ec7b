"""A server with the part of OpenSearch's HTTP interface that the site uses. It records all requests.

It stores documents and finds those that contain every word of a query, without ranking or stemming. It shows that the site sends
the right requests, not how OpenSearch answers them.
"""

import json
import re
import threading
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from tests.local_server import LocalServer, SilentHandler


@dataclass(frozen=True)
class Request:
    """A recorded request."""

    method: str
    path: str
    body: object


class Stub(LocalServer):
    """The server, a context manager. ``requests`` holds all requests in order."""

    def __init__(self):
        self.requests: list[Request] = []
        self.indexes: dict[str, dict[str, dict]] = {}
        self.aliases: dict[str, set[str]] = {}
        self._lock = threading.Lock()
        super().__init__()

    def handler(stub):  # noqa: N805 -- "self" is the handler in the class below
        class Handler(SilentHandler):
            protocol_version = "HTTP/1.1"

            def answer(self):
                """Record the request, act on it, and answer in JSON."""
                length = int(self.headers.get("Content-Length") or 0)
                text = self.rfile.read(length).decode()
                path = unquote(urlsplit(self.path).path)
                lines = [json.loads(line) for line in text.splitlines() if line.strip()]
                body = lines if path.endswith("_bulk") else (lines[0] if lines else None)
                with stub._lock:
                    stub.requests.append(Request(self.command, path, body))
                    status, answer = stub.act(self.command, path.strip("/").split("/"), body)
                encoded = b"" if self.command == "HEAD" else json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(encoded)))
                self.end_headers()
                self.wfile.write(encoded)

            do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = answer  # noqa: N815 -- names that http.server calls

        return Handler

    def asked(self, method: str, pattern: str) -> list[Request]:
        """The recorded requests with this method whose path matches the pattern."""
        return [request for request in self.requests if request.method == method and re.fullmatch(pattern, request.path)]

    def act(self, method: str, path: list[str], body) -> tuple[int, object]:
        """Do what OpenSearch would do; returns the status and the answer."""
        match (method, *path):
            case ("HEAD", "_alias", name):
                return (200 if name in self.aliases else 404), None
            case ("GET", "_alias", name):
                return 200, {index: {"aliases": {name: {}}} for index in self.aliases.get(name, ())}
            case ("PUT", index, "_alias", name):
                self.aliases[name] = {index}
            case ("PUT", index):
                self.indexes[index] = {}
            case ("DELETE", index):
                return (200, {}) if self.indexes.pop(index, None) is not None else (404, {"error": "index_not_found"})
            case _:
                return self._act_on_documents(method, path, body)
        return 200, {"acknowledged": True}

    def _act_on_documents(self, method: str, path: list[str], body) -> tuple[int, object]:
        match (method, *path):
            case ("POST", *_, "_bulk"):
                for action, document in zip(body[::2], body[1::2], strict=True):
                    self._documents(action["index"].get("_index", path[0]))[action["index"]["_id"]] = document
                return 200, {"errors": False, "items": [{"index": {"status": 201}} for _ in body[::2]]}
            case ("PUT", index, "_doc", key):
                self._documents(index)[key] = body
            case ("DELETE", index, "_doc", key):
                return (200, {}) if self._documents(index).pop(key, None) else (404, {"result": "not_found"})
            case ("POST", index, "_count"):
                return 200, {"count": len(self._found(index, body))}
            case ("POST", index, "_search"):
                return 200, self._search(index, body)
        return 200, {"acknowledged": True}

    def _documents(self, name: str) -> dict[str, dict]:
        index = next(iter(self.aliases.get(name, ())), name)
        return self.indexes.setdefault(index, {})

    def _found(self, index: str, body: dict) -> list[dict]:
        words = " ".join(re.findall(r'"query": "([^"]*)"', json.dumps(body["query"], ensure_ascii=False))).lower().split()
        return [
            document
            for document in self._documents(index).values()
            if all(word in json.dumps(document, ensure_ascii=False).lower() for word in words)
        ]

    def _search(self, index: str, body: dict) -> dict:
        found = self._found(index, body)
        hits = [{"_id": document["pk"], "_score": 1.0, "fields": {"pk": [document["pk"]]}} for document in found]
        answer = {"hits": {"hits": hits, "total": {"value": len(hits)}}}
        for name, aggregation in body.get("aggregations", {}).items():
            values = [document.get(aggregation["terms"]["field"]) for document in found]
            buckets = [{"key": value, "doc_count": values.count(value)} for value in dict.fromkeys(values)]
            answer["aggregations"] = {name: {"buckets": buckets}}
        return answer
