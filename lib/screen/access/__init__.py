"""Who may do what, and who has which role."""
