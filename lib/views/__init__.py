"""Views that are kept: what links stand for, and views that somebody saved under a name."""
