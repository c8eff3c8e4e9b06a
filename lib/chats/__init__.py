"""Chats: which ones are meant, the list, one chat, and what can be done with it."""
