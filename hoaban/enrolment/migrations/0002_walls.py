from django.db import migrations

WALL = """
ALTER TABLE enrolment_enrolment ENABLE ROW LEVEL SECURITY;
CREATE POLICY enrolment_enrolment_scope ON enrolment_enrolment
  USING (hoaban_sees(commune_code) OR hoaban_is(person_id)) WITH CHECK (true);

ALTER TABLE enrolment_kitperson ENABLE ROW LEVEL SECURITY;
CREATE POLICY enrolment_kitperson_scope ON enrolment_kitperson
  USING (hoaban_sees_all() OR EXISTS (SELECT FROM people_person p WHERE p.id = enrolment_kitperson.person_id))
  WITH CHECK (true);
"""
UNDO = """
DROP POLICY enrolment_kitperson_scope ON enrolment_kitperson;
ALTER TABLE enrolment_kitperson DISABLE ROW LEVEL SECURITY;
DROP POLICY enrolment_enrolment_scope ON enrolment_enrolment;
ALTER TABLE enrolment_enrolment DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("enrolment", "0001_initial"), ("audit", "0002_seals_and_walls")]
    operations = [migrations.RunSQL(WALL, UNDO)]
