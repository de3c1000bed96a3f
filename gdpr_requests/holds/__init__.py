"""Legal holds: data that are needed for a claim or by an authority are not erased meanwhile (Art. 17(3))."""
