"""The wall display: what needs someone now, readable from eight metres, for weeks."""
