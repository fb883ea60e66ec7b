"""Synonyms, maintained by staff in the admin and applied when a query is compiled; the index does not contain them."""

import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.db.models.signals import post_delete, post_save

from knowledge_hub.core.signals import initial_content_loaded
from knowledge_hub.search.words.analysis import words as split_words

# Usual abbreviations of offices, loaded with the initial content; staff can change them in the admin.
INITIAL_GROUPS = (
    "pemko, pemerintah kota",
    "pemda, pemerintah daerah",
    "pemkab, pemerintah kabupaten",
    "pemprov, pemerintah provinsi",
    "opd, perangkat daerah, skpd",
    "dprd, dewan perwakilan rakyat daerah",
    "spbe, sistem pemerintahan berbasis elektronik, egov, digital government, pemerintahan digital",
    "polmed, politeknik negeri medan",
    "sekda, sekretaris daerah",
    "diskominfo, kominfo, dinas komunikasi dan informatika",
    "bappeda, badan perencanaan pembangunan daerah",
    "umkm, usaha mikro kecil menengah, ukm",
    "bcc, binjai command center, command center, pusat kendali, pusat komando",
    "smart city, kota cerdas, kota pintar",
    "studi banding, studi tiru, kaji tiru",
    "kunker, kunjungan kerja",
    "risiko, resiko",
    "basis data, database, pangkalan data",
    "daring, online",
    "unduh, download",
    "apbd, anggaran pendapatan dan belanja daerah",
    "rpjmd, rencana pembangunan jangka menengah daerah",
    "musrenbang, musyawarah perencanaan pembangunan",
    "mou, nota kesepahaman",
    "pks, perjanjian kerja sama",
    "perda, peraturan daerah",
    "perwal, peraturan wali kota",
    "perbup, peraturan bupati",
    "sop, prosedur operasi standar",
    "asn, aparatur sipil negara, pns, pegawai negeri",
    "ktp, kartu tanda penduduk",
    "kk, kartu keluarga",
    "disdukcapil, dukcapil, kependudukan dan pencatatan sipil",
    "imb, izin mendirikan bangunan, pbg, persetujuan bangunan gedung",
    "pbb, pajak bumi dan bangunan",
    "ppdb, penerimaan peserta didik baru, spmb",
    "rsud, rumah sakit umum daerah",
    "puskesmas, pusat kesehatan masyarakat",
    "bansos, bantuan sosial",
    "tpa, tempat pembuangan akhir, tempat pemrosesan akhir",
    "mpp, mal pelayanan publik",
    "bumd, badan usaha milik daerah",
    "bumdes, badan usaha milik desa",
)
# Seconds after which other processes see a change at the latest.
MAX_AGE = 30.0
MAX_SYNONYMS = 10

Group = tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]

_lock = threading.Lock()
_known: dict[str, list[Group]] = {}
_read_at = float("-inf")


def alternatives(words: Sequence[str]) -> list[Group]:
    """Split a query into words or groups of words, each with its synonyms.

    Args:
        words: folded words of a query.

    Returns:
        In order, each group as typed with its synonyms; each is a tuple of words.
    """
    known = _groups()
    found, at = [], 0
    while at < len(words):
        fitting = [(term, others) for term, others in known.get(words[at], ()) if tuple(words[at : at + len(term)]) == term]
        group = max(fitting, key=lambda entry: len(entry[0])) if fitting else ((words[at],), ())
        found.append(group)
        at += len(group[0])
    return found


def with_synonyms(text: str) -> str:
    """A text followed by the synonyms of its words; for highlighting."""
    others = [word for _, synonyms in alternatives(split_words(text)) for synonym in synonyms for word in synonym]
    return " ".join([text, *others])


def _groups_model() -> Any:
    # Not imported, because other projects can use the backend without our models.
    return apps.get_model("knowledge_hub", "SynonymGroup")


def connect() -> None:
    """Connect the receivers; called once when the app is ready."""
    model = _groups_model()
    post_save.connect(invalidate, sender=model, dispatch_uid="search-synonyms-save")
    post_delete.connect(invalidate, sender=model, dispatch_uid="search-synonyms-delete")
    initial_content_loaded.connect(load_initial, dispatch_uid="search-synonyms-initial")


def invalidate(**kwargs: Any) -> None:
    """Reload the synonyms for the next query."""
    global _read_at
    _read_at = float("-inf")


def load_initial(**kwargs: Any) -> None:
    """Store the initial synonyms, unless there are any."""
    model = _groups_model()
    if not model.objects.exists():
        model.objects.bulk_create([model(terms=terms) for terms in INITIAL_GROUPS])
        invalidate()


def _groups() -> dict[str, list[Group]]:
    global _known, _read_at
    if not apps.is_installed("knowledge_hub"):
        return {}
    with _lock:
        if time.monotonic() - _read_at > MAX_AGE:
            _known, _read_at = _read(), time.monotonic()
        return _known


def _read() -> dict[str, list[Group]]:
    known = defaultdict(list)
    for group in _groups_model().objects.all():
        terms = [term for term in (tuple(split_words(text)) for text in group.split_terms()) if term]
        for term in terms:
            others = tuple(other for other in dict.fromkeys(terms) if other != term)
            known[term[0]].append((term, others[:MAX_SYNONYMS]))
    return dict(known)
