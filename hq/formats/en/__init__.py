"""English as it is read everywhere: the day before the month's name, hours to 24."""
