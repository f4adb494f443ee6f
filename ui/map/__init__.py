"""The live map: a folium page in the web engine with a canvas layer of our own, or a native painter instead of it."""
