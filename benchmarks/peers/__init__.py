"""The same screens on the same chats in the product, pandas, Polars, SQLite and PostgreSQL."""
