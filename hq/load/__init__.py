"""Loading a set of data: the year of baskets of the Complete Journey, turned into a chain of our own.

Everything that the source does not have (names, phones, staff, Chinese words, barcodes, stock, talks …) is made from a
seed and said to be synthetic. DuckDB reads the source and writes the rows, PostgreSQL takes them by COPY.
"""
