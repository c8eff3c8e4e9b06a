"""What stands between the network and the app: which names are answered, and what every answer says of itself."""
