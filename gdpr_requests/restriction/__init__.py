"""Restriction of processing (Art. 18): a card that is stored and nothing else, until the person was told otherwise."""
