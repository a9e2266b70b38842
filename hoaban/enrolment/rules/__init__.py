"""What the station and the server agree on: packets, lists, what is captured and when it is enough.

`station` is how it joins, `worklist` what it is told, `capture` what it takes of a person, `packet`
the wire and `review` what the server thinks of an enrolment. The station imports these and nothing else of this room.
"""
