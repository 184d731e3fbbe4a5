"""The duplicate radar: for each store a small set by which its tablets tell who is probably a member elsewhere."""
