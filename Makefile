# What people and CI both use. `make` alone says what there is.
.DEFAULT_GOAL := help
.PHONY: help setup build test demo bench format format-check clean

CONFIGURATION ?= Release
SPEC ?= examples/shapes-mlp.yaml
SET ?=

help: ## Prints this
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Finds the package mode, installs what it needs (PACKAGES=nuget|compat, FEED=folder or address)
	@eng/setup "$(PACKAGES)" "$(FEED)"

build: setup ## Builds everything
	@dotnet build VaeCluster.sln --configuration $(CONFIGURATION) --verbosity quiet --nologo

test: build ## Runs every test (FILTER=Name for some of them)
	@eng/test "$(CONFIGURATION)" "$(FILTER)"

demo: ## Trains a VAE on two silos of this machine (SPEC=file SET='path=value ...')
	@eng/demo "$(SPEC)" $(SET)

bench: build ## Compares with PyTorch on this machine
	@tests/Benchmarks/run

format: build ## Formats the code
	@dotnet format VaeCluster.sln --no-restore

format-check: build ## Fails if the code is not formatted
	@dotnet format VaeCluster.sln --no-restore --verify-no-changes

clean: ## Removes what was built
	@rm -rf out
	@find src compat tests -type d \( -name bin -o -name obj \) -prune -exec rm -rf {} +
