"""Orders with lines, discounts and payments."""
