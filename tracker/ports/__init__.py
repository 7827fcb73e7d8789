"""What the application needs of the world, as small protocols, and the values they trade."""
