from django.db import migrations

# What waits for a second officer names people and what is to change: it's seen in its commune alone.
SCOPE = """
ALTER TABLE officers_approval ENABLE ROW LEVEL SECURITY;
CREATE POLICY officers_approval_scope ON officers_approval
  USING (hoaban_sees_all() OR hoaban_sees(commune_code)) WITH CHECK (true);
"""
UNDO = """
DROP POLICY officers_approval_scope ON officers_approval;
ALTER TABLE officers_approval DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("officers", "0001_initial"), ("audit", "0002_seals_and_walls")]
    operations = [migrations.RunSQL(SCOPE, UNDO)]
