# The front door: `make demo` and `make test` do everything, setup included, on a fresh Debian 12.
.DEFAULT_GOAL := help
.PHONY: help setup build image demo test bench lint format clean sanitizers fuzz

JOBS ?= $(shell nproc)

help: ## what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: ## install every dependency (root or sudo); nothing when all is there
	@setup/install

build: setup ## build/weir and build/weir-sample, as users run them
	@JOBS=$(JOBS) tools/build

image: build ## build/weir.oci.tar, an OCI image of build/weir, and its bill of materials
	@tools/image

demo: build ## the main job on the sample service: the fix passes, both outages are blocked
	@tools/demo

test: setup ## all tests
	@tools/test

sanitizers: setup ## the tests under ASan+UBSan and TSan
	@tools/test sanitizers

bench: build ## measure speed, memory and honesty beside peers
	@python3 bench/measure.py

lint: setup ## clang, clang-tidy and clang-format
	@tools/lint

format: ## rewrite sources as .clang-format says
	@git ls-files '*.cc' '*.h' | xargs clang-format-14 -i

fuzz: setup ## build the fuzzers and run each for a minute
	@cmake --preset fuzz >/dev/null
	@cmake --build build/fuzz --parallel $(JOBS) --target fuzzers
	@tools/fuzz

clean: ## remove what was built; third-party sources stay
	@find build -mindepth 1 -maxdepth 1 ! -name third_party -exec rm -rf {} +
