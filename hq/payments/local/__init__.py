"""A provider of payments of one's own: a small HTTP server that behaves as real ones do, for trials and tests."""
