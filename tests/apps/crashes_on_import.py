"""An application whose import fails."""

raise RuntimeError("the database is not configured")
