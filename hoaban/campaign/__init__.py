"""Campaign: who is left, why, who goes where and when?

Targets, segments, teams and the week's plan. What it promises to people it writes into `visits`,
where the citizen's page and the station's list read it.
"""
