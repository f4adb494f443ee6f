"""The tabs of 管理."""
