"""Files to take along: chats and messages as CSV, JSON Lines or Parquet, with a manifest that proves them."""
