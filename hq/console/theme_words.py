"""The admin theme's own words that HQ's pages show: it ships no Chinese, so ours stand in the project's catalogue."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

WORDS = (
    _("Welcome back to"), _("Filters"), _("Apply Filters"), _("Reset filters"), _("Type to search"),
    _("Search apps and models..."), _("All applications"), _("No results found"), _("Go back"), _("General"),
    _("This page yielded into no results. Create a new item or reset your filters."), _("Light"), _("Dark"),
    _("System"), _("Return to site"), _("True"), _("False"), _("No data"), _("More actions"), _("Previous"), _("Next"),
    _("Select record"), _("Select action"), _("Select action to run"), _("Select all rows"), _("Select value"),
    _("Run"), _("Name"), _("Value"), _("Date"), _("From"), _("To"), _("Recent searches"), _("No recent searches"),
    _("No results matching your query"), _("Loading more results..."), _("This item will be deleted."),
    _("Click to cancel"), _("Toggle password visibility"), _("Expand row"), _("Object permissions"), _("Code"),
    _("You have been successfully logged out from the administration"),
    _("After you've created a user, you’ll be able to edit more user options."),
)  # fmt: skip
