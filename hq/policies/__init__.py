"""Policies that customers agree to, and settings of the tablets."""
