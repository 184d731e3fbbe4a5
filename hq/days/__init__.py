"""Days of the shops: what was sold and taken, and who closed them with what figures."""
