"""How long tests wait for what comes by itself, before they say that it does not come."""

PATIENCE_S = 60.0
"""Never waited out where all is well; a machine that has other things to do may need it."""
