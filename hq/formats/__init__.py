"""How HQ's pages write dates; Chinese ones are Django's own."""
