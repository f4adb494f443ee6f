"""Finding repeats (一事多投): the same matter, told again."""
