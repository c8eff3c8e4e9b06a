"""Who may do what, who did what, and who saw what."""
