"""The person's copy of everything held about them (Art. 15, 20), read from the data map.

`collect` reads, `information` adds what Art. 15(1) asks for, `document` puts both into words and order for people, and
`archive` packs it all as JSON, CSV, PDF and HTML. docs/export.md describes the result.
"""
