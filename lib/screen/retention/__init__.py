"""The page of retention rules and legal holds."""
