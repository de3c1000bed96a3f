"""The embedded installation: one command that runs web, worker and beat together and stops them together."""
