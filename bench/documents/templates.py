"""The certificate in typst's language."""

TYPST = """
#set document(title: sys.inputs.title)
#set page(width: 297mm, height: 210mm, margin: 0mm)
#set text(lang: "id")
#place(top + left, pdf.artifact(image("art.svg", width: 297mm, height: 210mm)))
#for line in json(bytes(sys.inputs.lines)) {
  place(top + left, dx: 38mm, dy: line.top * 1mm - line.size * 1pt, box(width: 221mm, align(center,
    text(font: line.face.at(0), weight: line.face.at(1), style: line.face.at(2), size: line.size * 1pt, line.text))))
}
#place(top + left, dx: 39mm, dy: 157.8mm, pdf.artifact(image(bytes(sys.inputs.code), format: "svg", width: 23mm)))
"""
