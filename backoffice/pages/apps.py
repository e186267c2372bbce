"""Django's registration of the caseworkers' pages."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "backoffice.pages"
    label = "pages"
    default_auto_field = "django.db.models.BigAutoField"
