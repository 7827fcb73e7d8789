"""The ports on real parts: SQL, HTTP, SMTP, ONNX."""
