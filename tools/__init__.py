"""What sets up a clone and checks it; nothing of it is installed."""
