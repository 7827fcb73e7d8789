"""Jobs on PostgreSQL, handed out by procrastinate; imported only where that is the database."""
