"""Importing a file as a batch: uploaded, decided, run row by row, reported, and undone where it was a mistake."""
