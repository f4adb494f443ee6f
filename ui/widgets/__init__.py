"""Parts shared by pages; none of them knows a page."""
