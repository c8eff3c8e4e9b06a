"""The inbox folder, whose files are imported without a click."""
