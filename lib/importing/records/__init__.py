"""The records of our own format: their fields, checked and made ready to be merged."""
