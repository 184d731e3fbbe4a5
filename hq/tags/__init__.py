"""Rules by which members are tagged: written here, judged here and on every tablet by the same code."""
