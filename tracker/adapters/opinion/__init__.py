"""Second opinions of a language model behind an OpenAI-compatible API."""
