from django.db import migrations

SCOPE = """
CREATE FUNCTION hoaban_sees_all() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(current_setting('hoaban.communes', true) = '*', false) $$;

CREATE FUNCTION hoaban_sees(commune text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(current_setting('hoaban.communes', true) = '*'
       OR commune = ANY (string_to_array(current_setting('hoaban.communes', true), ',')), false) $$;

CREATE FUNCTION hoaban_is(person bigint) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(person = nullif(current_setting('hoaban.person', true), '')::bigint, false) $$;
"""

ENTRIES = """
ALTER TABLE audit_entry ADD COLUMN xid xid8 NOT NULL DEFAULT pg_current_xact_id();
CREATE INDEX audit_about_person ON audit_entry USING gin (person_ids);
DO $$ BEGIN
  IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'hoaban_app') THEN
    REVOKE UPDATE, DELETE ON audit_entry, audit_epoch FROM hoaban_app;
    GRANT UPDATE (epoch_id, position) ON audit_entry TO hoaban_app;
  END IF;
END $$;

CREATE FUNCTION audit_seal_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.epoch_id IS NOT NULL THEN
    RAISE EXCEPTION 'entry % is sealed', OLD.ulid;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER audit_seal_once BEFORE UPDATE ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_seal_once();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [
        migrations.RunSQL(
            SCOPE,
            "DROP FUNCTION hoaban_sees_all(); DROP FUNCTION hoaban_sees(text); DROP FUNCTION hoaban_is(bigint);",
        ),
        migrations.RunSQL(
            ENTRIES,
            "DROP TRIGGER audit_seal_once ON audit_entry; DROP FUNCTION audit_seal_once();"
            "DROP INDEX audit_about_person; ALTER TABLE audit_entry DROP COLUMN xid;",
        ),
    ]
