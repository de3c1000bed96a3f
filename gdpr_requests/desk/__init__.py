"""The register of people's requests: their clock, their history, and who has to do what (Art. 12)."""
