"""The export of the day: when it is due, the one freeze transaction, and the file made of it."""
