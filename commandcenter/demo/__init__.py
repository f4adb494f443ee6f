"""The generated demo county and its traffic."""
