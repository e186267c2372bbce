"""Django's registration of the kernel."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "efile.kernel"
    label = "kernel"
    default_auto_field = "django.db.models.BigAutoField"
