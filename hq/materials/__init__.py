"""The material library: versions of material, who did what with them, and the rows that tablets have of them."""
