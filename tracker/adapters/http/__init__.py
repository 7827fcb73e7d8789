"""The one HTTP client: guarded against private networks, endless answers and decompression bombs."""
