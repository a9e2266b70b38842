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

# The audit is added to and never changed: the app's role lacks the right, and a trigger stops the owner too, who
# would have to remove it first. Hashes are as random bytes, so they are kept as they are, without compressing.
ENTRIES = """
ALTER TABLE audit_entry ADD COLUMN xid xid8 NOT NULL DEFAULT pg_current_xact_id();
CREATE INDEX audit_by_transaction ON audit_entry (xid, id);
CREATE INDEX audit_about_person ON audit_entry USING gin (person_ids);
ALTER TABLE audit_epoch ALTER COLUMN leaves SET STORAGE EXTERNAL;
DO $$ BEGIN
  IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'hoaban_app') THEN
    REVOKE UPDATE, DELETE ON audit_entry, audit_epoch FROM hoaban_app;
  END IF;
END $$;

CREATE FUNCTION audit_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit is never changed';
END $$;
CREATE TRIGGER audit_entry_stays BEFORE UPDATE OR DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_stays();
CREATE TRIGGER audit_epoch_stays BEFORE UPDATE OR DELETE ON audit_epoch FOR EACH ROW EXECUTE FUNCTION audit_stays();
"""
# `audit_hold` waits for whoever writes and holds writers off until the transaction ends: once after a restore.
# `audit_place_of` answers in which commune people live, null where they live in several: the room above that knows
# people fills it in.
ASKED = """
CREATE FUNCTION audit_hold() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  LOCK TABLE audit_entry IN SHARE MODE;
END $$;

CREATE FUNCTION audit_place_of(people bigint[]) RETURNS text LANGUAGE sql STABLE AS $$ SELECT NULL::text $$;
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
            "DROP TRIGGER audit_entry_stays ON audit_entry; DROP TRIGGER audit_epoch_stays ON audit_epoch;"
            "DROP FUNCTION audit_stays(); DROP INDEX audit_about_person; DROP INDEX audit_by_transaction;"
            "ALTER TABLE audit_entry DROP COLUMN xid;",
        ),
        migrations.RunSQL(ASKED, "DROP FUNCTION audit_hold(); DROP FUNCTION audit_place_of(bigint[]);"),
    ]
