"""Django's registration of the e-file."""

from django.apps import AppConfig


class EfileConfig(AppConfig):
    name = "efile"
    default_auto_field = "django.db.models.BigAutoField"
