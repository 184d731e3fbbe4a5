"""Where the provider of payments tells what became of them."""
