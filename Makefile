# A clone and a Python 3.11 or newer are enough: tools/bootstrap.py sees to everything else, once.
# Without make: python tools/bootstrap.py TARGET

python := $(shell .venv/bin/python -S -c '' 2>/dev/null && echo '.venv/bin/python -S' || command -v python3 || command -v python)

.PHONY: run test bench screens install lint fmt

run:      ## the centre on its demo county, in a window or, without a display, as pictures in out/screens/
test:     ## lint, format, types, import contracts and all tests
bench:    ## the measurements, as a table and in out/bench.json
screens:  ## a picture of every page in out/screens/
install:  ## only the preparation
lint:     ## everything of test but the tests
fmt:      ## let ruff mend what it can

run test bench screens install lint fmt:
	@$(if $(python),$(python) tools/bootstrap.py $@ $(ARGS),echo 'Python 3.11 or newer is needed: install python3, then retry.' >&2; exit 1)
