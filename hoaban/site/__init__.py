"""Site: the only room that knows every room.

Settings, addresses, the command line, the doctor and who is acting in a request.
"""
