# What people and CI both use. `make` alone says what there is.
.DEFAULT_GOAL := help
.PHONY: help setup build lock test demo bench exact chaos fuzz format format-check clean

CONFIGURATION ?= Release
SPEC ?= examples/shapes-mlp.yaml
SET ?=
FAULTS ?= 60
SEED ?= 1
CASES ?= 100000
KIND ?=
EVERY ?= 1
ARGS ?=

help: ## Prints this
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Checks what the build needs
	@eng/setup

build: setup ## Builds everything
	@dotnet build VaeCluster.sln --configuration $(CONFIGURATION) --verbosity quiet --nologo

lock: ## Writes the lock files of the packages anew, after a change in Directory.Packages.props or in a project
	@dotnet restore VaeCluster.sln --force-evaluate -p:RestoreLockedMode=false

test: build ## Runs every test (FILTER=Name for some of them)
	@eng/test "$(CONFIGURATION)" "$(FILTER)"

demo: ## Trains a VAE on two silos of this machine (SPEC=file SET='path=value ...')
	@eng/demo "$(SPEC)" $(SET)

bench: build ## Compares with TorchSharp and PyTorch on this machine, a quarter of an hour long (ARGS='--rounds 5 --rows mlp,conv28')
	@tests/Benchmarks/bin/$(CONFIGURATION)/net10.0/VaeCluster.Benchmarks $(ARGS)

exact: build ## Proves that the weights are the same bits, for 1 to 4 trainers in 1 to 3 processes
	@eng/prove exact "$(CONFIGURATION)"

chaos: build ## Proves it while silos are killed, stopped and restarted (FAULTS=60 SEED=1 EVERY=seconds KIND='part of a name' SET='path=value ...')
	@VAECLUSTER_CHAOS_EVERY="$(EVERY)" VAECLUSTER_CHAOS_FAULTS="$(FAULTS)" VAECLUSTER_CHAOS_SEED="$(SEED)" VAECLUSTER_CHAOS_KIND="$(KIND)" VAECLUSTER_CHAOS_SET="$(SET)" eng/prove chaos "$(CONFIGURATION)"

fuzz: build ## Gives readers and a silo changed and made-up input (SEED=1 CASES=100000)
	@VAECLUSTER_FUZZ_SEED="$(SEED)" VAECLUSTER_FUZZ_CASES="$(CASES)" tests/Fuzz/bin/$(CONFIGURATION)/net10.0/VaeCluster.Fuzz.Tests -noLogo -noColor -diagnostics

format: build ## Formats the code
	@dotnet format VaeCluster.sln --no-restore

format-check: build ## Fails if the code is not formatted
	@dotnet format VaeCluster.sln --no-restore --verify-no-changes

clean: ## Removes what was built
	@rm -rf out
	@find src tests eng -type d \( -name bin -o -name obj \) -prune -exec rm -rf {} +
