from django.db import migrations

# Requests and withholdings are seen in their commune, a request by its citizen too. Notes on look-ups and breaches
# belong to no commune: officers alone see them, as they see the audit.
WALLS = """
ALTER TABLE oversight_request ENABLE ROW LEVEL SECURITY;
CREATE POLICY oversight_request_scope ON oversight_request
  USING (hoaban_sees(commune_code) OR hoaban_is(person_id)) WITH CHECK (true);
ALTER TABLE oversight_withholding ENABLE ROW LEVEL SECURITY;
CREATE POLICY oversight_withholding_scope ON oversight_withholding
  USING (hoaban_sees(commune_code)) WITH CHECK (true);
ALTER TABLE oversight_lookedinto ENABLE ROW LEVEL SECURITY;
CREATE POLICY oversight_lookedinto_scope ON oversight_lookedinto
  USING (coalesce(current_setting('hoaban.communes', true), '') <> '') WITH CHECK (true);
ALTER TABLE oversight_breach ENABLE ROW LEVEL SECURITY;
CREATE POLICY oversight_breach_scope ON oversight_breach
  USING (coalesce(current_setting('hoaban.communes', true), '') <> '') WITH CHECK (true);
"""
NO_WALLS = "".join(
    f"DROP POLICY oversight_{one}_scope ON oversight_{one}; ALTER TABLE oversight_{one} DISABLE ROW LEVEL SECURITY;"
    for one in ("request", "withholding", "lookedinto", "breach")
)

# In which commune the people of an entry live: the audit asks, and knows no people. Null where in several.
# In PL/pgSQL, which keeps the plan: planned anew for each entry it takes 90 us, so 8.
PLACE = """
CREATE OR REPLACE FUNCTION audit_place_of(people bigint[]) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  RETURN (SELECT CASE WHEN min(commune_code) = max(commune_code) THEN min(commune_code) END
          FROM people_person WHERE id = ANY (people));
END $$;
"""
NO_PLACE = """
CREATE OR REPLACE FUNCTION audit_place_of(people bigint[]) RETURNS text LANGUAGE sql STABLE AS $$ SELECT NULL::text $$;
"""

# The person whom a look is about isn't shown it while it is withheld, whichever page asks; how many there are, is.
# Parallel safe, as the policy asks it: else no walk over the entries has a second worker.
WITHHELD = """
CREATE FUNCTION oversight_withheld(who bigint, actor text, moment timestamptz) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (
    SELECT 1 FROM oversight_withholding w
    WHERE w.person_id = who AND w.actor_id = actor AND w.since <= moment
      AND w.approved_at IS NOT NULL AND w.ended_at IS NULL
      AND (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date <= w.until)
$$;

CREATE FUNCTION oversight_count_withheld(who bigint) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT count(*) FROM audit_entry e
  WHERE e.person_ids @> ARRAY[who] AND (coalesce(current_setting('hoaban.communes', true), '') <> '' OR hoaban_is(who))
    AND oversight_withheld(who, e.actor_id, e.at)
$$;

DROP POLICY audit_entry_scope ON audit_entry;
CREATE POLICY audit_entry_scope ON audit_entry
  USING ((SELECT coalesce(current_setting('hoaban.communes', true), '') <> '')
         OR (person_ids @> ARRAY[(SELECT nullif(current_setting('hoaban.person', true), '')::bigint)]
             AND NOT oversight_withheld((SELECT nullif(current_setting('hoaban.person', true), '')::bigint), actor_id, at))
         OR actor_id = (SELECT nullif(current_setting('hoaban.actor', true), '')))
  WITH CHECK (true);

CREATE OR REPLACE FUNCTION audit_touching(person bigint) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp ROWS 50 AS $$
  SELECT id FROM audit_entry
  WHERE person_ids @> ARRAY[person]
    AND (coalesce(current_setting('hoaban.communes', true), '') <> ''
         OR (hoaban_is(person) AND NOT oversight_withheld(person, actor_id, at)))
$$;
"""
ALL_SHOWN = """
DROP POLICY audit_entry_scope ON audit_entry;
CREATE POLICY audit_entry_scope ON audit_entry
  USING ((SELECT coalesce(current_setting('hoaban.communes', true), '') <> '')
         OR person_ids @> ARRAY[(SELECT nullif(current_setting('hoaban.person', true), '')::bigint)]
         OR actor_id = (SELECT nullif(current_setting('hoaban.actor', true), '')))
  WITH CHECK (true);

CREATE OR REPLACE FUNCTION audit_touching(person bigint) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp ROWS 50 AS $$
  SELECT id FROM audit_entry
  WHERE person_ids @> ARRAY[person]
    AND (coalesce(current_setting('hoaban.communes', true), '') <> '' OR hoaban_is(person))
$$;
DROP FUNCTION oversight_count_withheld(bigint);
DROP FUNCTION oversight_withheld(bigint, text, timestamptz);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("oversight", "0001_initial"),
        ("people", "0002_walls"),
        ("audit", "0003_citizens_see_their_own"),
    ]
    operations = [
        migrations.RunSQL(WALLS, NO_WALLS),
        migrations.RunSQL(PLACE, NO_PLACE),
        migrations.RunSQL(WITHHELD, ALL_SHOWN),
    ]
