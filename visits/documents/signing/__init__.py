"""Seals on papers. The only package that imports pyHanko.

``chosen()`` gives the signer of the settings; ``check_issued()`` checks every sealed file before a certificate is issued;
``inspect()`` reads uploaded files.
"""

from visits.documents.signing.checks import NotAsOrdered, check_issued
from visits.documents.signing.choice import chosen
from visits.documents.signing.interface import Drawn, Refused, Sealed, Secrets, Signer, SigningStopped
from visits.documents.signing.reading import inspect

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
    "inspect",
]
