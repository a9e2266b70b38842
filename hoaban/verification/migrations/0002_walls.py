from django.db import migrations

OWN = """
ALTER TABLE verification_round ENABLE ROW LEVEL SECURITY;
CREATE POLICY verification_round_scope ON verification_round
  USING (hoaban_sees(commune_code)) WITH CHECK (true);

ALTER TABLE verification_sampledform ENABLE ROW LEVEL SECURITY;
CREATE POLICY verification_sampledform_scope ON verification_sampledform
  USING (hoaban_sees(commune_code) OR hoaban_is(person_id)) WITH CHECK (true);
"""

BELONGING = """
ALTER TABLE verification_lot ENABLE ROW LEVEL SECURITY;
CREATE POLICY verification_lot_scope ON verification_lot
  USING (hoaban_sees_all() OR EXISTS (SELECT FROM verification_round r WHERE r.id = verification_lot.round_id))
  WITH CHECK (true);

ALTER TABLE verification_finding ENABLE ROW LEVEL SECURITY;
CREATE POLICY verification_finding_scope ON verification_finding
  USING (hoaban_sees_all()
         OR EXISTS (SELECT FROM verification_sampledform f WHERE f.id = verification_finding.form_id))
  WITH CHECK (true);
"""


class Migration(migrations.Migration):
    dependencies = [("verification", "0001_initial"), ("audit", "0002_seals_and_walls")]
    operations = [
        migrations.RunSQL(
            OWN + BELONGING,
            "".join(
                f"DROP POLICY verification_{table}_scope ON verification_{table};"
                f"ALTER TABLE verification_{table} DISABLE ROW LEVEL SECURITY;"
                for table in ("finding", "lot", "sampledform", "round")
            ),
        ),
    ]
