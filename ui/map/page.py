"""The map's HTML page: built once by folium, with every script and style sheet our own or from a local package."""

import functools
from typing import Any

import folium
from branca.element import MacroElement
from folium.template import Template

_SCRIPTS = ("leaflet.js", "qwebchannel.js", "points.js", "raster.js", "ground.js", "layer.js")
_STYLES = ("leaflet.css", "map.css")
_ASSET = "cc://app/asset/"

MIN_ZOOM, MAX_ZOOM = 7, 19


class _CaseLayer(MacroElement):
    """Starts our canvas layer on the folium map it is added to."""

    _template = Template("{% macro script(this, kwargs) %}startCaseLayer({{ this._parent.get_name() }});{% endmacro %}")

    def __init__(self) -> None:
        super().__init__()
        self._name = "CaseLayer"


def offline_map(**options: Any) -> folium.Map:
    """A folium map without tiles whose scripts and styles come from ``cc://app/asset/`` only."""
    made = folium.Map(
        location=[36.0, 118.0],
        tiles=None,
        zoom_start=8,
        zoom_control=False,
        minZoom=MIN_ZOOM,  # folium's own min_zoom and max_zoom reach only a tile layer, and there is none
        maxZoom=MAX_ZOOM,
        **options,
    )
    made.default_js = [(name, _ASSET + name) for name in _SCRIPTS]
    made.default_css = [(name, _ASSET + name) for name in _STYLES]
    return made


@functools.cache
def page_html() -> str:
    """The whole page, the same for every desk: data, colours and areas arrive later, through the scheme."""
    made = offline_map(
        attribution_control=False,
        box_zoom=False,  # shift+drag selects cases instead
        double_click_zoom=True,
        zoom_animation=False,  # the canvas is drawn anew at once; a scaled picture in between would only blur
        fade_animation=False,
        zoom_snap=0.25,
        zoom_delta=0.5,
        wheel_px_per_zoom_level=90,
    )
    made.add_child(_CaseLayer())
    return str(made.get_root().render())
