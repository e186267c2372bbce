"""What the application's role may do with the index."""

from django.db import migrations

from efile.kernel.schema import FULL, application_may


class Migration(migrations.Migration):
    dependencies = [("search", "0001_tables"), ("kernel", "0002_keys_and_rights")]

    operations = [application_may(FULL, "search_indexedcase")]
