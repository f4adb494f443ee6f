"""Places: outlines of areas and their topology, the county's gazetteer, addresses in people's words (domain.md §2)."""
