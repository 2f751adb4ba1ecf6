"""The two engines that carry the background work: a thread beside the web over SQLite, Procrastinate over PostgreSQL."""
