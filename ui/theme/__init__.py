"""Colours, fonts and icons: the only place with a colour literal."""
