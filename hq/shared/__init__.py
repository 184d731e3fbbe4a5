"""What the processes of one HQ have in common on one machine; each is right in a single process too."""
