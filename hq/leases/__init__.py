"""Value that tablets may spend with no network: instruments, and their leases."""
