"""大屏 as a page: what the hall sees, on one's own desk."""

from ui.wall.view import WallView as WallPage

__all__ = ["WallPage"]
