"""Services: what must I do, what do you still need from me?

Service definitions as data, applications, decisions and their time limits; the citizen's home.
The facts that a decision changes are written by `people`.
"""
