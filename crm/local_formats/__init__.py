"""How Django itself writes dates, in each language: like `crm.formats` does."""
