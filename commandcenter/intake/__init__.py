"""Files of other systems: reading, understanding, converting."""
