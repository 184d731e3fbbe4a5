"""Tablets: enrolment, grants, revocation."""
