"""The gateway: apps deliver by Open311 GeoReport v2, citizens by a page behind a QR code, and both look back."""
