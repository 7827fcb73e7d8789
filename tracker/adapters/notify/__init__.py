"""Mail and webhook notifiers."""
