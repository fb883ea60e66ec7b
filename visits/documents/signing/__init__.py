"""Seals on papers: who seals is a setting, and every sealed file is examined before it counts. The only importer of pyHanko.

``chosen()`` gives the signer of the settings; ``check_issued()`` is the last check before a certificate is issued;
``examine()`` reads what a stranger hands in.
"""

from visits.documents.signing.checks import NotAsOrdered, check_issued
from visits.documents.signing.choice import chosen
from visits.documents.signing.interface import Drawn, Refused, Sealed, Secrets, Signer, SigningStopped
from visits.documents.signing.reading import examine

__all__ = [
    "Drawn",
    "NotAsOrdered",
    "Refused",
    "Sealed",
    "Secrets",
    "Signer",
    "SigningStopped",
    "check_issued",
    "chosen",
    "examine",
]
