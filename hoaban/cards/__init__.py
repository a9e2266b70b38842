"""Cards: from a cleared enrolment to a card in its holder's hand.

Knows applications, production batches, chips, handover and withdrawal. Doesn't know who ought to
have a card (campaign) nor what a card proves online (eid).
"""
