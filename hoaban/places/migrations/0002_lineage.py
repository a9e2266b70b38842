from django.db import migrations

LINEAGE = """
CREATE FUNCTION places_lineage(unit_key text, whole_only boolean) RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE AS
$$
WITH RECURSIVE back AS (
  SELECT id FROM places_unit WHERE key = unit_key
  UNION
  SELECT s.old_id FROM back b JOIN places_succession s ON s.new_id = b.id WHERE s.whole OR NOT whole_only
)
SELECT coalesce(array_agg(u.key ORDER BY u.key), '{}') FROM back JOIN places_unit u USING (id)
$$;
"""

# The communes in a unit on a day, or on its own last day, and all that went into them. A child may hang on what
# the unit was before it was renamed.
COMMUNES_UNDER = """
CREATE FUNCTION places_communes_under(unit_key text, unit_level text, day date) RETURNS text[]
LANGUAGE sql STABLE PARALLEL SAFE AS
$$
WITH RECURSIVE down AS (
  SELECT id, level, greatest(valid_from, least(day, valid_to)) AS seen_on
    FROM places_unit WHERE key = unit_key AND level = unit_level
  UNION
  SELECT u.id, u.level, d.seen_on FROM down d JOIN places_unit u
      ON (u.parent_id = d.id AND u.valid_from <= d.seen_on AND (u.valid_to IS NULL OR u.valid_to >= d.seen_on))
      OR (d.level <> 'commune' AND u.id IN (SELECT old_id FROM places_succession WHERE new_id = d.id AND whole))
), back AS (
  SELECT id FROM down
  UNION
  SELECT s.old_id FROM back b JOIN places_succession s ON s.new_id = b.id
)
SELECT coalesce(array_agg(u.key ORDER BY u.key), '{}') FROM back JOIN places_unit u USING (id) WHERE u.level = 'commune'
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("places", "0001_initial")]
    operations = [
        migrations.RunSQL(LINEAGE, "DROP FUNCTION places_lineage(text, boolean);"),
        migrations.RunSQL(COMMUNES_UNDER, "DROP FUNCTION places_communes_under(text, text, date);"),
    ]
