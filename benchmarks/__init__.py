"""Measures how fast the store answers what the pages ask."""
