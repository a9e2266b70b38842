from django.db import migrations

ROWS = """
ALTER TABLE intake_formrow ENABLE ROW LEVEL SECURITY;
CREATE POLICY intake_formrow_scope ON intake_formrow
  USING (hoaban_sees(commune_code) OR hoaban_is(person_id)) WITH CHECK (true);

ALTER TABLE intake_finding ENABLE ROW LEVEL SECURITY;
CREATE POLICY intake_finding_scope ON intake_finding
  USING (hoaban_sees_all() OR EXISTS (SELECT FROM intake_formrow r WHERE r.id = intake_finding.row_id))
  WITH CHECK (true);

ALTER TABLE intake_share ENABLE ROW LEVEL SECURITY;
CREATE POLICY intake_share_scope ON intake_share USING (hoaban_sees(commune_code)) WITH CHECK (true);
"""
UNDO = """
DROP POLICY intake_share_scope ON intake_share;
ALTER TABLE intake_share DISABLE ROW LEVEL SECURITY;
DROP POLICY intake_finding_scope ON intake_finding;
ALTER TABLE intake_finding DISABLE ROW LEVEL SECURITY;
DROP POLICY intake_formrow_scope ON intake_formrow;
ALTER TABLE intake_formrow DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial"), ("audit", "0002_seals_and_walls")]
    operations = [migrations.RunSQL(ROWS, UNDO)]
