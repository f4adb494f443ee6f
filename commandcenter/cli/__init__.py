"""The command line: one command a file, each printing one clear answer."""
