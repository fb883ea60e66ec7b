"""Papers: tagged, archivable PDF documents with reproducible bytes. The only package that imports WeasyPrint.

WeasyPrint, Pango and the fonts are loaded by the first call of :func:`renderer`, so that web processes, which draw nothing,
use no memory for them.
"""

from knowledge_hub.papers.errors import PaperRefused, PapersUnavailable
from knowledge_hub.papers.paper import FillablePage, Paper, Sheet, Slot, SlotValues
from knowledge_hub.papers.process_renderer import renderer

__all__ = ["SlotValues", "FillablePage", "Paper", "PaperRefused", "PapersUnavailable", "Sheet", "Slot", "renderer"]
