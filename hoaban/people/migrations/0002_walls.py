from django.db import migrations

# Decree 137/2015 art. 13: the fourth digit gives century and sex, the next two the year of birth.
NUMBER = """
ALTER TABLE people_person ADD CONSTRAINT number_agrees_with_sex_and_birth_year CHECK (
  number = '' OR (
    number ~ '^[0-9]{12}$'
    AND substr(number, 4, 1)::int % 2 = (sex = 'F')::int
    AND 1900 + 100 * (substr(number, 4, 1)::int / 2) + substr(number, 5, 2)::int = substr(born, 1, 4)::int
  )
);
"""

# Asked for inside a SELECT of their own these are computed once for a statement, not once for a row.
ASKED_ONCE = """
CREATE FUNCTION hoaban_area() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(string_to_array(current_setting('hoaban.communes', true), ','), '{}') $$;

CREATE FUNCTION hoaban_self() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('hoaban.person', true), '')::bigint $$;
"""

IN_AREA = "(SELECT hoaban_sees_all()) OR commune_code = ANY ((SELECT hoaban_area())::text[])"
PEOPLE = f"""
ALTER TABLE people_person ENABLE ROW LEVEL SECURITY;
CREATE POLICY people_person_scope ON people_person
  USING ({IN_AREA} OR id = (SELECT hoaban_self())) WITH CHECK (true);

ALTER TABLE people_namekey ENABLE ROW LEVEL SECURITY;
CREATE POLICY people_namekey_scope ON people_namekey
  USING ({IN_AREA} OR person_id = (SELECT hoaban_self())) WITH CHECK (true);

ALTER TABLE people_household ENABLE ROW LEVEL SECURITY;
CREATE POLICY people_household_scope ON people_household
  USING ({IN_AREA} OR EXISTS (SELECT FROM people_person p WHERE p.household_id = people_household.id))
  WITH CHECK (true);

ALTER TABLE people_organisation ENABLE ROW LEVEL SECURITY;
CREATE POLICY people_organisation_scope ON people_organisation
  USING ({IN_AREA} OR representative_id = (SELECT hoaban_self())) WITH CHECK (true);

ALTER TABLE people_join ENABLE ROW LEVEL SECURITY;
CREATE POLICY people_join_scope ON people_join
  USING ((SELECT hoaban_sees_all()) OR EXISTS (
    SELECT FROM people_person p WHERE p.id IN (people_join.stays_id, people_join.goes_id)))
  WITH CHECK (true);

ALTER TABLE people_groupchange ENABLE ROW LEVEL SECURITY;
CREATE POLICY people_groupchange_scope ON people_groupchange
  USING ((SELECT hoaban_sees_all())
         OR EXISTS (SELECT FROM people_household h WHERE h.id = people_groupchange.household_id)
         OR EXISTS (SELECT FROM people_organisation o WHERE o.id = people_groupchange.organisation_id))
  WITH CHECK (true);
"""

# What belongs to a person is seen by who sees the person: the person's own policy answers inside.
BELONGING = """
ALTER TABLE people_{0} ENABLE ROW LEVEL SECURITY;
CREATE POLICY people_{0}_scope ON people_{0}
  USING ((SELECT hoaban_sees_all()) OR EXISTS (SELECT FROM people_person p WHERE p.id = people_{0}.person_id))
  WITH CHECK (true);
"""
UNDO = "DROP POLICY people_{0}_scope ON people_{0}; ALTER TABLE people_{0} DISABLE ROW LEVEL SECURITY;"
OWN = ("person", "namekey", "household", "organisation", "join", "groupchange")
OF_A_PERSON = ("number", "relation", "residence", "change")


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial"), ("audit", "0002_seals_and_walls")]
    operations = [
        migrations.RunSQL(
            NUMBER, "ALTER TABLE people_person DROP CONSTRAINT number_agrees_with_sex_and_birth_year"
        ),
        migrations.RunSQL(ASKED_ONCE, "DROP FUNCTION hoaban_area(); DROP FUNCTION hoaban_self();"),
        migrations.RunSQL(PEOPLE, "".join(UNDO.format(table) for table in reversed(OWN))),
        *(migrations.RunSQL(BELONGING.format(table), UNDO.format(table)) for table in OF_A_PERSON),
    ]
