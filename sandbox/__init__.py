"""A pretend Telegram on loopback: an honest Bot API server, people with phones for tests, and a phone page.

Read in this order: `server` (the Sandbox and how a call runs), `telegram` (what it knows), `methods/` (what a bot may
do), `hands` (what a person may do), `people` (the driver for tests), `phone` with `page/` (the phone in a browser).
"""

from sandbox.faults import Fault, Faults, Limits
from sandbox.messages import Button, Document, Message
from sandbox.people import Group, Person
from sandbox.server import Sandbox, Send

__all__ = ["Button", "Document", "Fault", "Faults", "Group", "Limits", "Message", "Person", "Sandbox", "Send"]
