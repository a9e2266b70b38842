from django.db import migrations

# Officers and jobs see the audit as before (their pages ask for a permission); a citizen or an agency sees
# what concerns the person whom they act for, and what they did themselves; nobody sees nothing. The settings
# are asked once a query, not once a row.
ENTRIES = """
ALTER TABLE audit_entry ENABLE ROW LEVEL SECURITY;
CREATE POLICY audit_entry_scope ON audit_entry
  USING ((SELECT coalesce(current_setting('hoaban.communes', true), '') <> '')
         OR person_ids @> ARRAY[(SELECT nullif(current_setting('hoaban.person', true), '')::bigint)]
         OR actor_id = (SELECT nullif(current_setting('hoaban.actor', true), '')))
  WITH CHECK (true);
"""
# Under a policy the index on person_ids can't serve (@> isn't leakproof: 340 ms against 9 in a million entries),
# so this looks past the policy and asks the same itself.
TOUCHING = """
CREATE FUNCTION audit_touching(person bigint) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp ROWS 50 AS $$
  SELECT id FROM audit_entry
  WHERE person_ids @> ARRAY[person]
    AND (coalesce(current_setting('hoaban.communes', true), '') <> '' OR hoaban_is(person))
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_seals_and_walls")]
    operations = [
        migrations.RunSQL(
            ENTRIES, "DROP POLICY audit_entry_scope ON audit_entry; ALTER TABLE audit_entry DISABLE ROW LEVEL SECURITY;"
        ),
        migrations.RunSQL(TOUCHING, "DROP FUNCTION audit_touching(bigint);"),
    ]
