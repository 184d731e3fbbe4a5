"""The second thing that somebody signs in to the console with: a code from their own device, or a recovery code."""
