"""Thin Qt shells over the mirror, and the pure arithmetic they stand on."""
