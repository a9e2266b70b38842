from django.db import migrations

SCOPE = """
ALTER TABLE visits_appointment ENABLE ROW LEVEL SECURITY;
CREATE POLICY visits_appointment_scope ON visits_appointment
  USING (hoaban_sees(commune_code) OR hoaban_is(person_id)) WITH CHECK (true);
"""


class Migration(migrations.Migration):
    dependencies = [("visits", "0001_initial"), ("audit", "0002_seals_and_walls")]
    operations = [
        migrations.RunSQL(
            SCOPE,
            "DROP POLICY visits_appointment_scope ON visits_appointment;"
            "ALTER TABLE visits_appointment DISABLE ROW LEVEL SECURITY;",
        )
    ]
