"""The library's pages in the console: material is brought, ordered, reviewed, published and withdrawn there."""
