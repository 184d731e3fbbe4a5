"""Limits of PDFs, apart from their readers: words name them, and only a worker loads the readers."""

PDF_BYTES, PDF_PAGES = 50 << 20, 60
