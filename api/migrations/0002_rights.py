"""What the application's role may do with the tables of the API and of its libraries."""

from django.db import migrations

from efile.kernel.schema import FULL, READ_ONLY, application_may


class Migration(migrations.Migration):
    dependencies = [
        ("api", "0001_tables"),
        ("kernel", "0002_keys_and_rights"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("sessions", "0001_initial"),
        ("axes", "0009_add_session_hash"),
        ("oauth2_provider", "0001_initial"),
    ]

    operations = [
        application_may(
            FULL,
            "api_portalclient",
            "oauth2_provider_accesstoken",
            "django_session",
            "axes_accessattempt",
            "axes_accesslog",
        ),
        application_may(READ_ONLY, "django_migrations", "django_content_type", "auth_permission"),
    ]
