"""The steps of 导入."""
