from django.db import migrations

# An application is seen by who sent it, by whom it is about, and by the officers of the commune that decides.
SCOPE = """
ALTER TABLE services_application ENABLE ROW LEVEL SECURITY;
CREATE POLICY services_application_scope ON services_application
  USING (hoaban_is(applicant_id) OR hoaban_is(about_id) OR hoaban_sees(commune_code)) WITH CHECK (true);
"""


class Migration(migrations.Migration):
    dependencies = [("services", "0001_initial"), ("audit", "0002_seals_and_walls")]
    operations = [
        migrations.RunSQL(
            SCOPE,
            "DROP POLICY services_application_scope ON services_application;"
            "ALTER TABLE services_application DISABLE ROW LEVEL SECURITY;",
        )
    ]
