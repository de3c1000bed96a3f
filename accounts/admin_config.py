"""Django's admin with our own site; see admin_site.py."""

from django.contrib.admin.apps import AdminConfig


class AdministrationConfig(AdminConfig):
    default_site = "accounts.admin_site.AdministrationSite"
