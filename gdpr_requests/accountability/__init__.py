"""Showing that the rules are kept (Art. 5(2), 24, 30): notice, record of processing, proof of consent, pack.

docs/accountability.md describes what comes out.
"""
