"""Web: what every page is made of.

The page frame, components, styles, server-drawn charts and maps, the gallery of all of them, and
`Actor`: who is acting, what they may do and what the database shows them. Knows no person.
"""
