"""Keys that include the tenant, the application's rights, and the guard of closed cases."""

from django.db import migrations

from efile.kernel.schema import APPEND_ONLY, FULL, application_may, tenant_key

# A closed case is read-only, whoever writes. KEY SHARE lets writers of the case's parts run side
# by side, and makes them wait for a closing that has locked the case FOR UPDATE. Of a part that
# would move to another case, both cases must be open.
GUARD = """
CREATE FUNCTION efile_refuse_when_closed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  closed timestamptz;
BEGIN
  FOR closed IN SELECT closed_at FROM efile_case WHERE id IN (OLD.case_id, NEW.case_id)
                 ORDER BY id FOR KEY SHARE
  LOOP
    IF closed IS NOT NULL THEN
      RAISE EXCEPTION 'the case is closed' USING ERRCODE = 'LM001';
    END IF;
  END LOOP;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE FUNCTION efile_refuse_version_when_closed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  closed timestamptz;
BEGIN
  SELECT c.closed_at INTO closed FROM efile_document d JOIN efile_case c ON c.id = d.case_id
   WHERE d.id = NEW.document_id FOR KEY SHARE OF c;
  IF closed IS NOT NULL THEN
    RAISE EXCEPTION 'the case is closed' USING ERRCODE = 'LM001';
  END IF;
  RETURN NEW;
END $$;

-- Of a closed case only the closing itself may change; references of any case never do. The scope
-- follows from unit and class, and has not been computed yet when this runs.
CREATE FUNCTION efile_keep_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.reference <> OLD.reference OR NEW.tenant_id <> OLD.tenant_id THEN
    RAISE EXCEPTION 'a reference does not change' USING ERRCODE = 'LM002';
  END IF;
  IF OLD.closed_at IS NOT NULL AND
     to_jsonb(NEW) - ARRAY['closed_at', 'retained_until', 'scope']
     <> to_jsonb(OLD) - ARRAY['closed_at', 'retained_until', 'scope'] THEN
    RAISE EXCEPTION 'the case is closed' USING ERRCODE = 'LM001';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION efile_keep_file_reference() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.reference <> OLD.reference OR NEW.tenant_id <> OLD.tenant_id THEN
    RAISE EXCEPTION 'a reference does not change' USING ERRCODE = 'LM002';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER keep_case BEFORE UPDATE ON efile_case
  FOR EACH ROW EXECUTE FUNCTION efile_keep_case();
CREATE TRIGGER keep_reference BEFORE UPDATE ON efile_casefile
  FOR EACH ROW EXECUTE FUNCTION efile_keep_file_reference();
CREATE TRIGGER closed_is_closed BEFORE INSERT OR UPDATE OR DELETE ON efile_party
  FOR EACH ROW EXECUTE FUNCTION efile_refuse_when_closed();
CREATE TRIGGER closed_is_closed BEFORE INSERT OR UPDATE OR DELETE ON efile_document
  FOR EACH ROW EXECUTE FUNCTION efile_refuse_when_closed();
CREATE TRIGGER closed_is_closed BEFORE INSERT OR UPDATE OR DELETE ON efile_message
  FOR EACH ROW EXECUTE FUNCTION efile_refuse_when_closed();
CREATE TRIGGER closed_is_closed BEFORE INSERT OR UPDATE OR DELETE ON efile_note
  FOR EACH ROW EXECUTE FUNCTION efile_refuse_when_closed();
CREATE TRIGGER closed_is_closed BEFORE INSERT OR UPDATE ON efile_documentversion
  FOR EACH ROW EXECUTE FUNCTION efile_refuse_version_when_closed();
"""

UNGUARD = """
DROP FUNCTION efile_refuse_when_closed() CASCADE;
DROP FUNCTION efile_refuse_version_when_closed() CASCADE;
DROP FUNCTION efile_keep_case() CASCADE;
DROP FUNCTION efile_keep_file_reference() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("efile", "0001_tables"), ("kernel", "0002_keys_and_rights")]

    operations = [
        tenant_key("efile_fileplanposition", "plan_id", "efile_fileplan"),
        tenant_key("efile_fileplanposition", "parent_id", "efile_fileplanposition"),
        tenant_key("efile_casefile", "position_id", "efile_fileplanposition"),
        tenant_key("efile_case", "case_file_id", "efile_casefile"),
        tenant_key("efile_case", "lead_unit_id", "kernel_unit"),
        tenant_key("efile_casegrant", "content_object_id", "efile_case", on_delete="CASCADE"),
        tenant_key("efile_casegrant", "user_id", "kernel_user", on_delete="CASCADE"),
        tenant_key("efile_casedenial", "case_id", "efile_case", on_delete="CASCADE"),
        tenant_key("efile_casedenial", "user_id", "kernel_user", on_delete="CASCADE"),
        tenant_key("efile_party", "case_id", "efile_case"),
        tenant_key("efile_document", "case_id", "efile_case"),
        tenant_key("efile_documentversion", "document_id", "efile_document"),
        tenant_key("efile_documentversion", "content_id", "efile_content"),
        tenant_key("efile_upload", "content_id", "efile_content"),
        tenant_key("efile_message", "case_id", "efile_case"),
        tenant_key("efile_note", "case_id", "efile_case"),
        migrations.RunSQL(GUARD, UNGUARD),
        application_may(
            FULL,
            "efile_fileplan",
            "efile_fileplanposition",
            "efile_casefile",
            "efile_case",
            "efile_casegrant",
            "efile_casedenial",
            "efile_party",
            "efile_document",
            "efile_content",
            "efile_upload",
            "efile_message",
            "efile_note",
            "efile_numberscope",
        ),
        application_may(APPEND_ONLY, "efile_documentversion"),
    ]
