"""A reporting package as PDF: title, contents with page numbers, chapters; tables that are wide lie down."""

from __future__ import annotations

from ledger.interchange.package import Paket
from ledger.interchange.pdf import SIZE, WIDE_SIZE, body, compiled, literal, preamble


def as_pdf_package(paket: Paket) -> bytes:
    """The package as the bytes of a PDF."""
    return compiled(document(paket))


def document(paket: Paket) -> str:
    """The package in the language of typst."""
    lines = [
        preamble(f"{paket.rubrik}, {paket.vinjett}".rstrip(", "), paket.first.tryck),
        f'#text(size: 9pt, weight: "semibold", fill: luma(60), {literal(paket.vinjett)})',
        f"#heading(level: 1, {literal(paket.rubrik)})",
        f"#text(fill: luma(60), {literal(paket.underrubrik)})",
        f"#v(8pt) #par(text(size: 11pt, {literal(paket.ingress)}))",
        "#v(14pt) #outline(title: none, depth: 2, target: heading.where(level: 2))",
    ]
    wide = False
    for avsnitt in paket.avsnitt:
        if avsnitt.tryck.is_wide != wide:
            wide = not wide
            size = WIDE_SIZE if wide else SIZE
            lines.append(f"#set page(flipped: {'true' if wide else 'false'})\n#set text(size: {size}pt)")
        lines.append(f"#heading(level: 2, {literal(avsnitt.tryck.rubrik)})")
        lines += body(avsnitt.tryck, avsnitt.diagram, level=3)
    return "\n".join(lines)
