"""Files that tests upload: small valid ones, and ones that must not be stored as they are."""

import io
import socket
import struct
import threading
import zipfile
from contextlib import contextmanager

import pikepdf
from pikepdf import Array, Dictionary, Name, String

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def saved(pdf: pikepdf.Pdf, **options) -> bytes:
    """The bytes of a PDF."""
    written = io.BytesIO()
    pdf.save(written, **options)
    return written.getvalue()


def pdf(title: str = "contoh") -> bytes:
    """A PDF with one empty page; different titles give different bytes."""
    document = pikepdf.new()
    document.add_blank_page(page_size=(200, 200))
    document.docinfo["/Title"] = title
    return saved(document)


def active_pdf(**changes) -> bytes:
    """A PDF with everything that acts: scripts, actions, embedded files, a form of XFA, links to programs and to a web page."""
    document = pikepdf.new()
    page = document.add_blank_page(page_size=(200, 200)).obj
    script = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))

    def link(**action):
        return Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=Dictionary(**action))

    embedded = Dictionary(Type=Name.Filespec, F=String("a.exe"), EF=Dictionary(F=document.make_stream(b"MZ program")))
    page.AA = Dictionary(O=script)
    page.Annots = Array(
        [
            link(S=Name.Launch, F=String("cmd.exe")),
            link(S=Name.URI, URI=String("https://binjai.example/")),
            link(S=Name.URI, URI=String("file:///etc/passwd")),
            link(S=Name.GoTo, D=Array([page, Name.Fit]), Next=script),
            link(S=Name.GoToR, F=String("lain.pdf")),
            link(S=Name.SubmitForm, F=String("https://binjai.example/terima")),
            Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, Rect=[0, 0, 9, 9], FS=embedded),
            document.make_indirect(
                Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("a"), Rect=[0, 0, 9, 9], AA=Dictionary(K=script))
            ),
        ]
    )
    document.attachments["surat.exe"] = b"MZ program"
    document.Root.OpenAction = script
    document.Root.AcroForm = Dictionary(Fields=Array([page.Annots[7]]), XFA=document.make_stream(b"<xdp/>"))
    document.Root.Names.JavaScript = Dictionary(Names=Array([String("a"), script]))
    for key, value in changes.items():
        document.Root[f"/{key}"] = value
    return saved(document)


def signed_pdf(**keys) -> bytes:
    """A PDF with the field of a signature, and more entries of its root."""
    document = pikepdf.new()
    document.add_blank_page(page_size=(200, 200))
    signature = Dictionary(Type=Name.Sig, ByteRange=[0, 10, 20, 10], Contents=String("x" * 20))
    document.Root.AcroForm = Dictionary(SigFlags=3, Fields=Array([document.make_indirect(Dictionary(FT=Name.Sig, V=signature))]))
    for key, value in keys.items():
        document.Root[f"/{key}"] = value
    return saved(document)


def plain(content: bytes) -> bytes:
    """A PDF with all its objects as readable text."""
    with pikepdf.open(io.BytesIO(content)) as document:
        return saved(
            document,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
        )


def package(*parts: str, **contents: str) -> bytes:
    """An office file (DOCX unless ``parts`` name another main part) with parts of these names, and parts with contents."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (dict.fromkeys(parts or ("word/document.xml",), "<x/>") | contents).items():
            archive.writestr(name, content)
    return written.getvalue()


def relationship(kind: str, target: str) -> str:
    """The XML of one relationship to something outside of the file."""
    return f'<Relationships><Relationship Type="{RELATIONSHIPS}/{kind}" Target="{target}" TargetMode="External"/></Relationships>'


@contextmanager
def fake_clamd(answer=None):
    """A clamd that finds EICAR only, listening on a port of this machine; yields its address.

    Args:
        answer: what it says to everything instead; an empty text closes the connection without a word.
    """

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as stream:
                command = b""
                while not command.endswith(b"\0"):
                    command += stream.read(1)
                received = b""
                while command == b"zINSTREAM\0" and (size := struct.unpack(">I", stream.read(4))[0]):
                    received += stream.read(size)
                said = b"PONG" if command == b"zPING\0" else b"stream: Eicar-Test FOUND" if EICAR in received else b"stream: OK"
                said = said if answer is None else answer
                if said:
                    connection.sendall(said + b"\0")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield f"tcp://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            listener.shutdown(socket.SHUT_RDWR)
    thread.join(5)
