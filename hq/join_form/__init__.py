"""The form on the customer's own phone: pages with no script and no cookie, behind a link that a tablet signed."""
