from django.db import migrations

# Whoever sees the person sees that there is an account; what people share with whom only they see.
ACCOUNTS = """
ALTER TABLE eid_account ENABLE ROW LEVEL SECURITY;
CREATE POLICY eid_account_scope ON eid_account
  USING (hoaban_sees_all() OR EXISTS (SELECT FROM people_person p WHERE p.id = eid_account.person_id))
  WITH CHECK (true);

ALTER TABLE eid_slip ENABLE ROW LEVEL SECURITY;
CREATE POLICY eid_slip_scope ON eid_slip
  USING (hoaban_sees_all() OR EXISTS (SELECT FROM eid_account a WHERE a.id = eid_slip.account_id))
  WITH CHECK (true);
"""
OWN = """
ALTER TABLE eid_{0} ENABLE ROW LEVEL SECURITY;
CREATE POLICY eid_{0}_scope ON eid_{0}
  USING (hoaban_sees_all()
         OR EXISTS (SELECT FROM eid_account a WHERE a.id = eid_{0}.account_id AND hoaban_is(a.person_id)))
  WITH CHECK (true);
"""
TOKENS = """
ALTER TABLE eid_accesstoken ENABLE ROW LEVEL SECURITY;
CREATE POLICY eid_accesstoken_scope ON eid_accesstoken
  USING (hoaban_sees_all() OR EXISTS (SELECT FROM eid_authorizationcode c WHERE c.id = eid_accesstoken.code_id))
  WITH CHECK (true);
"""
UNDO = "DROP POLICY eid_{0}_scope ON eid_{0}; ALTER TABLE eid_{0} DISABLE ROW LEVEL SECURITY;"

# Somebody at the door may see no person yet. These run as the owner, past the policies, and give ids alone
# (and the name, to whoever holds an account's session). Who comes with a code or a token shows its hash.
DOOR = """
CREATE FUNCTION eid_under(wanted text) RETURNS TABLE (account_id bigint, person_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT a.id, a.person_id FROM people_person p JOIN eid_account a ON a.person_id = p.id
  WHERE p.number = wanted AND wanted <> '' AND a.state <> 'closed'
$$;

CREATE FUNCTION eid_citizen(wanted bigint, since bigint) RETURNS TABLE (person_id bigint, full_name varchar)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT p.id, p.full_name FROM eid_account a JOIN people_person p ON p.id = a.person_id
  WHERE a.id = wanted AND a.state = 'active' AND p.life = 'living'
    AND (since IS NULL OR a.sessions_since IS NULL OR since >= floor(extract(epoch FROM a.sessions_since)))
$$;

CREATE FUNCTION eid_person_of_code(wanted text) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT a.person_id FROM eid_authorizationcode c JOIN eid_account a ON a.id = c.account_id
  WHERE c.code_hash = wanted
$$;

CREATE FUNCTION eid_person_of_token(wanted text) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT a.person_id FROM eid_accesstoken t JOIN eid_authorizationcode c ON c.id = t.code_id
  JOIN eid_account a ON a.id = c.account_id
  WHERE t.token_hash = wanted
$$;
"""
SHUT = """
DROP FUNCTION eid_under(text); DROP FUNCTION eid_citizen(bigint, bigint);
DROP FUNCTION eid_person_of_code(text); DROP FUNCTION eid_person_of_token(text);
"""


class Migration(migrations.Migration):
    dependencies = [("eid", "0001_initial"), ("people", "0002_walls"), ("audit", "0002_seals_and_walls")]
    operations = [
        migrations.RunSQL(ACCOUNTS, UNDO.format("slip") + UNDO.format("account")),
        *(migrations.RunSQL(OWN.format(table), UNDO.format(table)) for table in ("consent", "authorizationcode")),
        migrations.RunSQL(TOKENS, UNDO.format("accesstoken")),
        migrations.RunSQL(DOOR, SHUT),
    ]
