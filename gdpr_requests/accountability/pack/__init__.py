"""The pack for an inspector: every record and rule in one ZIP, and nothing about any contact.

`parts` says what is in it, `building` puts it together in the worker, `services` asks for it and lets it end.
"""
