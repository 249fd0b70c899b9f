"""What another program reads in a PDF."""

import subprocess


def words_of(pdf: bytes) -> str:
    """All words of a PDF with single blanks between them."""
    read = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(read.stdout.decode().split())
