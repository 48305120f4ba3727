"""What the edge is given: the ledger, the desk that answers reports, and how the edge is to behave.

`ledger.main` builds all of it and calls `ledger.web.app.create_app`.
"""

from __future__ import annotations
