"""Statistics without Django: how the truth of the register is drawn, checked and told.

`acceptance` and `switching` choose plans, `sampling` draws; `estimate`, `care` and `rates` say what is left wrong,
`agreement` who found what, `coverage`, `overcount` and `dependence` who is missing or shouldn't be there, and
`signs_of_life` who still lives here. What each promises, and how often it was right, is in docs/truth.md.
"""
