# A thin front for the CMake presets (CMakePresets.json) and the scripts beside it; `make help` lists the targets.
# scripts/setup installs what the distribution must provide, and does nothing when nothing is missing. Who has the tools
# from elsewhere leaves it out with `make SETUP=true TARGET`.
SETUP = scripts/setup
PREFIX = /usr/local
DESTDIR =
export DESTDIR
SECONDS = 60
TARGET =
WORK =
COMPARE =
ROUNDS =
program = percept percept_program

.DEFAULT_GOAL := build
.PHONY: build demo test test-all fuzz lint format bench install uninstall deb python playground clean help
.NOTPARALLEL: # each step uses all cores by itself

build: ## the program and the library, into build/release (also plain `make`)
	@$(SETUP) build mpi
	@scripts/build release $(program)

demo: ## train on Fashion-MNIST and show the result
	@$(SETUP) build mpi demo
	@scripts/build release $(program)
	@scripts/demo

test: ## all tests but the long ones; the units also with memory checks
	@$(SETUP) build mpi test browser
	@scripts/build release
	@scripts/build asan unit_tests
	@scripts/build fuzz fuzz_targets
	@scripts/run-tests release asan fuzz

test-all: ## `test`, the long tests, data races, valgrind, a second compiler, AArch64, other software's answers
	@$(SETUP) build mpi test browser check arm64 firmware
	@scripts/sysroot arm64
	@scripts/python venv || echo "build/python-venv cannot be made; going on without it" >&2
	@scripts/build release
	@scripts/build asan
	@for preset in debug clang tsan valgrind arm64; do scripts/build $$preset unit_tests || exit 1; done
	@scripts/build cblas unit_cpu unit_cpu_bf16 unit_cpu_training
	@scripts/build fuzz fuzz_targets
	@PERCEPT_PYTHON=$${PERCEPT_PYTHON:-$$(scripts/interop-venv)} \
		scripts/run-tests release long asan asan-program fuzz debug clang tsan valgrind arm64 cblas

fuzz: ## make up hostile files, SECONDS=60 for each reader, or for TARGET alone
	@$(SETUP) build test
	@scripts/build fuzz fuzz_targets
	@scripts/fuzz '$(SECONDS)' $(TARGET)

lint: ## layout, rooms, warnings of gcc and clang, clang-tidy, cppcheck
	@$(SETUP) build mpi lint
	@scripts/build debug
	@scripts/build debug benchmarks
	@scripts/build clang
	@scripts/build clang benchmarks
	@scripts/lint

format: ## lay out all C and the live page's scripts as .clang-format says
	@$(SETUP) lint
	@find src include tests examples bench web -name '*.[ch]' -o -path 'src/*.js' | xargs clang-format -i

bench: ## speed beside other packages; WORK=W1 for one row of the table, COMPARE=REV beside another commit
	@$(SETUP) build bench
	@scripts/build release $(program) benchmarks
	@scripts/bench $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(COMPARE),--compare $(COMPARE)) $(WORK)

install: ## copy program, libraries, header, recipes, … to PREFIX (/usr/local) inside DESTDIR
	@$(SETUP) build mpi
	@scripts/build release installable
	@scripts/install build/release '$(PREFIX)'

uninstall: ## remove what `make install` copied there, and the folders that it made
	@scripts/install --remove '$(PREFIX)'

deb: ## the Debian packages, checked by lintian, in build/deb
	@$(SETUP) build deb
	@scripts/deb

python: ## the Python package: a wheel in build/python, tested in build/python-venv
	@$(SETUP) library python
	@scripts/build release percept_program
	@scripts/python wheel
	@PERCEPT=$(CURDIR)/build/release/percept scripts/python test
	@scripts/python bare

playground: ## the page on which networks learn in a browser, in build/playground
	@$(SETUP) build playground
	@scripts/playground

clean: ## remove everything that was built (build/); runs/ stays
	@rm -rf build

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1 /p' Makefile | \
		while read -r target what; do printf '  make %-10s %s\n' "$$target" "$$what"; done
