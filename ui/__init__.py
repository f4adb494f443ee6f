"""The Qt desktop: shows the mirror, calls services; no SQL here."""
