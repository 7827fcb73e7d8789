"""Sentence encoder and pair model on onnxruntime."""
