"""Writes the demo's findings. Nothing here is read by hubtriage itself, only the files that it writes."""
