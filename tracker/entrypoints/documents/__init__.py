"""Documents on what only the ports hold: feeds, deliveries, subscriptions. See `tracker.rendering.documents`."""
