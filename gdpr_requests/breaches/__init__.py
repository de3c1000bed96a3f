"""Breaches: the register, the 72-hour clock, whose data it was, and the notices (Art. 33, 34)."""
