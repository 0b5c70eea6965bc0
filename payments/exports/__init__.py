"""Statements as files: CSV for tables, OFX for accounting, PDF to read and print."""

from payments.exports.files import File, csv_file, ofx_file
from payments.exports.pdf import pdf_file

__all__ = ["KINDS", "File"]

KINDS = {"csv": csv_file, "ofx": ofx_file, "pdf": pdf_file}
