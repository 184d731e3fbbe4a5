"""HQ's history: people who are erased, what is trimmed, restores, forks, and the proof that nothing is missing."""
