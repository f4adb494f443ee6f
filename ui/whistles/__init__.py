"""The parts of 吹哨 and 应哨."""
