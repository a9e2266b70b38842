from django.db import migrations

# A plan is seen by whoever sees one of its communes, and so is everything in it: the days of a team make
# sense only whole. No person stands in these tables.
PLAN = """
ALTER TABLE campaign_plan ENABLE ROW LEVEL SECURITY;
CREATE POLICY campaign_plan_scope ON campaign_plan
  USING (hoaban_sees_all() OR EXISTS (SELECT FROM unnest(commune_codes) AS c WHERE hoaban_sees(c)))
  WITH CHECK (true);
"""
SHIFT = """
ALTER TABLE campaign_shift ENABLE ROW LEVEL SECURITY;
CREATE POLICY campaign_shift_scope ON campaign_shift
  USING (hoaban_sees_all() OR EXISTS (SELECT FROM campaign_plan p WHERE p.id = campaign_shift.plan_id))
  WITH CHECK (true);
"""
STOP = """
ALTER TABLE campaign_stop ENABLE ROW LEVEL SECURITY;
CREATE POLICY campaign_stop_scope ON campaign_stop
  USING (hoaban_sees_all() OR EXISTS (SELECT FROM campaign_shift s WHERE s.id = campaign_stop.shift_id))
  WITH CHECK (true);
"""
UNDO = "DROP POLICY campaign_{0}_scope ON campaign_{0}; ALTER TABLE campaign_{0} DISABLE ROW LEVEL SECURITY;"


class Migration(migrations.Migration):
    dependencies = [("campaign", "0001_initial"), ("audit", "0002_seals_and_walls")]
    operations = [
        migrations.RunSQL(PLAN, UNDO.format("plan")),
        migrations.RunSQL(SHIFT, UNDO.format("shift")),
        migrations.RunSQL(STOP, UNDO.format("stop")),
    ]
