"""Django's registration of the composition root: commands and health."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "backoffice.config"
    label = "config"
