"""The signer that the settings name, and a signer that does not seal."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from visits.documents.signing.bsre import Account, BsreSigner
from visits.documents.signing.interface import Drawn, Sealed, Secrets, Signer, SigningStopped
from visits.documents.signing.local import LocalSigner
from visits.enums import SealLevel


class NoSigner:
    """A signer that returns papers unchanged."""

    level = SealLevel.NONE
    asks_for = ()

    def seal(self, papers: Sequence[Drawn], secrets: Secrets) -> Iterator[Sealed]:
        """Yield the papers unchanged."""
        for paper in papers:
            yield Sealed(paper.key, paper.pdf)


def chosen() -> Signer:
    """The signer that ``SIGNING`` in the settings names: ``none``, ``local`` or ``bsre``.

    Raises:
        SigningStopped: its settings are incomplete, or its key cannot be read; the text says which.
    """
    wanted = settings.SIGNING
    if wanted["signer"] == "none":
        return NoSigner()
    if wanted["signer"] == "local":
        return _local(Path(wanted["pkcs12_file"]), wanted["pkcs12_password"], wanted["tsa_url"])
    if wanted["signer"] == "bsre":
        return BsreSigner(Account(**wanted["bsre"]))
    raise SigningStopped(_("SIGNER names an unknown signer: %(name)s. Choose none, local or bsre.") % {"name": wanted["signer"]})


@lru_cache(maxsize=1)
def _local(path: Path, password: str, tsa_url: str) -> LocalSigner:
    # Cached, because opening the key takes as long as twenty seals.
    return LocalSigner.open(path, password, tsa_url=tsa_url)
