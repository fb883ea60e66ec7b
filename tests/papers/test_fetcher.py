"""Papers load pictures from allowed folders only, and never from the network or from other files."""

import base64
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO

import pikepdf
import pytest
from PIL import Image

from knowledge_hub.papers import Paper, PaperRefused, Sheet
from knowledge_hub.papers.fonts import own_fonts
from knowledge_hub.papers.weasyprint_renderer import Renderer

SHEET = Sheet(css="body { font-family: 'Plus Jakarta Sans' }")
SECRET = "KATA-RAHASIA"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9">{}</svg>'


def png() -> bytes:
    kept = BytesIO()
    Image.new("RGB", (4, 4), "#aa2200").save(kept, "PNG")
    return kept.getvalue()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder of allowed pictures, with a secret file beside it."""
    base = tmp_path_factory.mktemp("papers")
    roots = base / "pictures"
    roots.mkdir()
    (base / "secret.txt").write_text(SECRET)
    (base / "secret.png").write_bytes(png())
    (roots / "good.png").write_bytes(png())
    (roots / "good.svg").write_text(SVG.format('<path fill="#aa2200" d="M0 0H9V9Z"/>'))
    (roots / "text.png").write_text("this is no picture")
    (roots / "notes.txt").write_text(SECRET)
    (roots / "script.svg").write_text(SVG.format("<script>alert(1)</script>"))
    (roots / "entity.svg").write_text('<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + SVG.format("<text>&x;</text>"))
    (roots / "outside.svg").write_text(SVG.format('<image xlink:href="file:///etc/passwd"/>'))
    (roots / "link.png").symlink_to(base / "secret.png")
    return roots


@pytest.fixture(scope="module")
def picture_renderer(folder):
    with own_fonts():
        return Renderer([folder])


@pytest.fixture(scope="module")
def listener():
    """A local server that records requested paths in ``asked``."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            """Write no log line."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    server.asked = asked
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def draw(picture_renderer, body: str, css: str = "") -> bytes:
    return picture_renderer.draw(Paper(body=body, title="Uji"), Sheet(css=SHEET.css + css))


@pytest.mark.parametrize("address", ["good.png", "/good.png", "good.svg", "data:image/png;base64," + base64.b64encode(png()).decode()])
def test_allowed_pictures_are_drawn(picture_renderer, address):
    assert draw(picture_renderer, f'<img src="{address}" alt="Gambar">').startswith(b"%PDF")


ATTACKS = [
    '<img src="http://{host}/a.png" alt="x">',
    '<img src="HTTP://{host}/a.png" alt="x">',
    '<img src="//{host}/a.png" alt="x">',
    '<img src="https://papers.invalid@{host}/a.png" alt="x">',
    '<img src="https://papers.invalid.{host}/a.png" alt="x">',
    '<img src="https://papers.invalid:443/good.png" alt="x">',
    '<img src="ftp://{host}/a.png" alt="x">',
    '<img src="file://{secret}" alt="x">',
    '<img src="file:{secret}" alt="x">',
    '<img src="../secret.png" alt="x">',
    '<img src="%2e%2e/secret.png" alt="x">',
    '<img src="..%2fsecret.png" alt="x">',
    '<img src="..%252fsecret.png" alt="x">',
    '<img src="..\\secret.png" alt="x">',
    '<img src="//secret.png" alt="x">',
    '<img src="link.png" alt="x">',
    '<img src="text.png" alt="x">',
    '<img src="notes.txt" alt="x">',
    '<img src="missing.png" alt="x">',
    '<img src="good.png%00.txt" alt="x">',
    '<img src="script.svg" alt="x">',
    '<img src="entity.svg" alt="x">',
    '<img src="outside.svg" alt="x">',
    '<img src="data:text/html;base64,PHA+" alt="x">',
    '<img src="data:image/svg+xml,%3Csvg/%3E" alt="x">',
    '<img src="data:image/png;base64,AAAA" alt="x">',
    '<object data="http://{host}/a.svg"></object>',
    '<embed src="file://{secret}">',
    '<link rel="stylesheet" href="http://{host}/a.css"><p>x</p>',
    '<style>@import "http://{host}/a.css";</style><p>x</p>',
    "<style>p {{ background: url(http://{host}/a.png) }}</style><p>x</p>",
    "<style>@font-face {{ font-family: f; src: url(http://{host}/a.ttf) }} p {{ font-family: f }}</style><p>x</p>",
    "<style>@font-face {{ font-family: f; src: url(file:///usr/share/fonts/truetype/noto/NotoSans-Regular.ttf) }}</style><p>x</p>",
    '<svg width="9" height="9"><image href="http://{host}/a.png" width="9" height="9"/></svg>',
    '<base href="http://{host}/"><img src="a.png" alt="x">',
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_other_addresses_are_refused_without_a_request(picture_renderer, folder, listener, attack):
    host = f"127.0.0.1:{listener.server_port}"
    secret = folder.parent / "secret.txt"

    with pytest.raises(PaperRefused):
        draw(picture_renderer, attack.format(host=host, secret=secret))

    assert listener.asked == []


def test_a_refused_picture_does_not_affect_later_papers(picture_renderer):
    with pytest.raises(PaperRefused):
        draw(picture_renderer, '<img src="missing.png" alt="x">')

    assert draw(picture_renderer, "<p>Baik</p>").startswith(b"%PDF")


@pytest.mark.parametrize(
    "attack",
    ['<link rel="attachment" href="file://{secret}"><p>x</p>', '<svg width="9" height="9"><use href="file://{secret}#a"/></svg>'],
)
def test_attachments_and_references_are_never_read(picture_renderer, folder, attack):
    pdf = draw(picture_renderer, attack.format(secret=folder.parent / "secret.txt"))

    with pikepdf.open(BytesIO(pdf)) as document:
        assert "/AF" not in document.Root
        assert not document.attachments
        streams = [item.read_bytes() for item in document.objects if isinstance(item, pikepdf.Stream)]
    assert not any(SECRET.encode() in stream for stream in streams)
