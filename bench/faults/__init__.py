"""Faults: workers that are killed while they send mail."""
