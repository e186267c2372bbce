"""Django's registration of the composition root: commands and health."""

from django.apps import AppConfig
from prometheus_client import REGISTRY


class ConfigConfig(AppConfig):
    name = "backoffice.config"
    label = "config"

    def ready(self) -> None:
        from backoffice.config.gauges import CallbackGauges

        REGISTRY.register(CallbackGauges())
