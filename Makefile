# Pullkey. `make help` lists the targets.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := build

BUILD_DIR := build
NAMES := crio-credential-provider generic-credential-provider
REGISTRIES_CONF ?= /etc/containers/registries.conf
SECONDS ?= 60
SEED ?=
GOOS ?= linux
GOARCH ?= $(patsubst aarch64,arm64,$(patsubst x86_64,amd64,$(shell uname -m)))

BUN := node_modules/.bin/bun
BIOME := node_modules/.bin/biome
TSC := node_modules/.bin/tsc
SOURCES := $(shell find src -type f -name '*.ts') package.json $(wildcard scripts/*.ts) scripts/bytecode-order.txt
SHELL_FILES := .ci/run $(shell find scripts test -name '*.sh')

##@ Everyday

.PHONY: build
build: $(BUILD_DIR)/pullkey ## Build build/pullkey and its other names (GOOS, GOARCH, REGISTRIES_CONF)

# The settings of a build decide its content, so a change of one builds anew.
SETTINGS := $(GOOS) $(GOARCH) $(REGISTRIES_CONF)
$(BUILD_DIR)/.settings: FORCE
	@mkdir -p $(BUILD_DIR)
	@[[ "$$(cat $@ 2>/dev/null)" == "$(SETTINGS)" ]] || printf '%s\n' "$(SETTINGS)" > $@

$(BUILD_DIR)/pullkey: $(SOURCES) $(BUILD_DIR)/.settings node_modules/.package-lock.json
	GOOS=$(GOOS) GOARCH=$(GOARCH) REGISTRIES_CONF=$(REGISTRIES_CONF) $(BUN) scripts/build.ts $@
	@for name in $(NAMES); do ln -sf pullkey $(BUILD_DIR)/$$name; done

.PHONY: demo
demo: build ## Pull an image through a password-protected mirror, and be refused in another namespace
	@$(BUILD_DIR)/pullkey demo

.PHONY: test
test: build ## Run all tests; coverage goes to build/coverage
	scripts/test.sh

.PHONY: conformance
conformance: node_modules/.package-lock.json ## Run the conformance cases alone, a line per file
	$(BUN) test/conformance/report.ts

.PHONY: lint
lint: node_modules/.package-lock.json ## Check format, lint rules, types and shell scripts
	$(BIOME) check --error-on-warnings
	$(TSC)
	scripts/lint-shell.sh $(SHELL_FILES)

.PHONY: format
format: node_modules/.package-lock.json ## Write the format that lint asks for
	$(BIOME) check --write

##@ Other

.PHONY: examples
examples: node_modules/.package-lock.json ## Write the rendered files under deploy/ and examples/ anew
	$(BUN) scripts/rendered-examples.ts

.PHONY: test-cluster
test-cluster: build ## Run the tests that face a cluster against a real one (KUBECONFIG)
	scripts/test-cluster.sh

.PHONY: e2e
e2e: build ## Pull images on this machine, a node with kubelet and CRI-O (E2E_REGISTRY, E2E_USER, E2E_PASSWORD)
	scripts/e2e.sh

.PHONY: fuzz
fuzz: build ## Try made-up input for SECONDS; SEED tries the same again
	scripts/fuzz.sh $(SECONDS) $(SEED)

.PHONY: bench
bench: build ## Measure the plugins' time and memory (PROVIDER, RUNS, BENCH_JSON; BASELINE, BASELINE_GENERIC to compare)
	@$(BUN) bench/run.ts $(BUILD_DIR)

.PHONY: bytecode-order
bytecode-order: build ## Record anew in which order a pull uses functions, which make lays them out by
	@$(BUN) scripts/bytecode-order.ts $(BUILD_DIR) > $(BUILD_DIR)/bytecode-order.txt
	@mv $(BUILD_DIR)/bytecode-order.txt scripts/bytecode-order.txt

.PHONY: clean
clean: ## Remove what a build makes
	rm -rf $(BUILD_DIR)

.PHONY: help
help: ## Show this help
	@awk 'BEGIN { FS = ":.*## " } \
		/^##@/ { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z0-9-]+:.*## / { printf "  %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

node_modules/.package-lock.json: package.json package-lock.json
	npm ci --no-audit --no-fund
	@touch $@

.PHONY: FORCE
FORCE:
