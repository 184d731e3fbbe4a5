"""Receipt printers: what is sent to them, how it gets there, and what they say about themselves."""
