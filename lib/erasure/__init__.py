"""Erasing for good: chats, and all that is known of a person."""
