"""Retention: the rules that purposes set, what will end, and the erasure of what no ground covers any more."""
