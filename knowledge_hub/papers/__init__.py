"""Papers: PDF documents that are tagged, archival and the same bytes each time. The only room that imports WeasyPrint.

Import what you need from here. WeasyPrint, Pango and the fonts are loaded by the first call of :func:`renderer`, in the
worker; a web process that never draws never pays for them.
"""

from knowledge_hub.papers.errors import PaperRefused, PapersUnavailable
from knowledge_hub.papers.paper import Filling, Form, Paper, Sheet, Slot
from knowledge_hub.papers.shared import renderer

__all__ = ["Filling", "Form", "Paper", "PaperRefused", "PapersUnavailable", "Sheet", "Slot", "renderer"]
