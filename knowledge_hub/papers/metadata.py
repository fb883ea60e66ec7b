"""XMP metadata for PDF/A-3a and PDF/UA-1 together."""

from weasyprint.pdf.metadata import DocumentMetadata

from knowledge_hub.papers.paper import Paper

# PDF/A allows properties of other standards only with a description (ISO 19005-3, 6.6.2.3), here for "part" of PDF/UA.
PDF_UA = b"""\
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>\
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"\
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">\
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">\
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>\
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">\
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
<pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>Part of ISO 14289</pdfaProperty:description>\
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"""
END = b"</rdf:RDF>"
# The identifier is the same in every file (XMP specification part 1, 7.3.2).
PACKET = b"""\
<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
%b
</x:xmpmeta>
<?xpacket end="r"?>"""


class PaperMetadata(DocumentMetadata):
    """Metadata of one paper. Make a new object for each paper: WeasyPrint changes it when it writes."""

    @classmethod
    def of(cls, paper: Paper) -> "PaperMetadata":
        """Metadata from the fields of a paper."""
        return cls(
            title=paper.title,
            authors=[paper.author] if paper.author else None,
            description=paper.subject or None,
            created=paper.created.isoformat() if paper.created else None,
            modified=paper.created.isoformat() if paper.created else None,
            lang=paper.language,
        )

    def generate_rdf_metadata(self, variant: str, version: int, conformance: str) -> bytes:
        """The RDF element of WeasyPrint with the properties of PDF/UA added; both standards require a single element."""
        rdf = super().generate_rdf_metadata(variant, version, conformance)
        head, end, rest = rdf.rpartition(END)
        return head + PDF_UA + end + rest

    def packet(self) -> bytes:
        """The entire metadata stream, as WeasyPrint writes it."""
        return PACKET % self.generate_rdf_metadata("a", 3, "A")
