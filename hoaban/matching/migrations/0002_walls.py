from django.db import migrations

# Whoever judges a pair covers both communes. Digests of prints are read by the program alone.
WALLS = """
ALTER TABLE matching_case ENABLE ROW LEVEL SECURITY;
CREATE POLICY matching_case_scope ON matching_case
  USING (hoaban_sees(commune_code) AND hoaban_sees(other_commune_code)) WITH CHECK (true);

ALTER TABLE matching_review ENABLE ROW LEVEL SECURITY;
CREATE POLICY matching_review_scope ON matching_review
  USING (hoaban_sees_all() OR EXISTS (SELECT FROM matching_case c WHERE c.id = matching_review.case_id))
  WITH CHECK (true);

ALTER TABLE matching_look ENABLE ROW LEVEL SECURITY;
CREATE POLICY matching_look_scope ON matching_look
  USING (hoaban_sees(commune_code)) WITH CHECK (true);

ALTER TABLE matching_print ENABLE ROW LEVEL SECURITY;
CREATE POLICY matching_print_scope ON matching_print
  USING (hoaban_sees_all()) WITH CHECK (hoaban_sees_all());
"""


class Migration(migrations.Migration):
    dependencies = [("matching", "0001_initial"), ("audit", "0002_seals_and_walls")]
    operations = [
        migrations.RunSQL(
            WALLS,
            "".join(
                f"DROP POLICY matching_{table}_scope ON matching_{table};"
                f"ALTER TABLE matching_{table} DISABLE ROW LEVEL SECURITY;"
                for table in ("print", "look", "review", "case")
            ),
        ),
    ]
