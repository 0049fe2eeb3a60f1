# lookback: `make help` lists what there is.

# The C driver of SQLite is the faster one. Where there is no C compiler, or
# with CGO_ENABLED=0, a driver in pure Go is built in behind the same file.
GO      ?= go
CGO     := $(shell $(GO) env CGO_ENABLED)
CC_HERE := $(shell command -v $(firstword $(shell $(GO) env CC)) 2>/dev/null)
ifeq ($(CGO),1)
ifneq ($(CC_HERE),)
TAGS := sqlite_fts5
else
export CGO_ENABLED := 0
endif
endif

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
COMMIT  ?= $(shell git rev-parse HEAD 2>/dev/null || echo unknown)
DATE    ?= $(shell git log -1 --format=%ct 2>/dev/null || echo 0)
LDFLAGS := -s -w -X main.version=$(VERSION) -X main.commit=$(COMMIT)
BUILD   := $(GO) build -trimpath -tags "$(TAGS)" -ldflags "$(LDFLAGS)"
TEST    := $(GO) test -tags "$(TAGS)"

STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
GOVULNCHECK := golang.org/x/vuln/cmd/govulncheck@v1.1.4

# Only for the test of accessibility; never part of the program.
AXE_VERSION := 4.14.1
AXE         := node_modules/axe-core/axe.min.js

# Where `make eval` finds labelled posts.
CASES  ?= ../shared/cases
CORPUS ?= ../shared/corpus

DEMO     := demo
FUZZTIME ?= 30s
KILLS    ?= 200

BENCHTIME    ?= 1s
BENCH_POSTS  ?= 10000,100000
BENCH_ROUNDS ?= 3

.DEFAULT_GOAL := help
.PHONY: help build nonetwork test race kill lint fuzz bench golden a11y screenshots eval model vuln check dist demo clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## write bin/lookback and bin/lookback-gen
	@mkdir -p bin
	$(BUILD) -o bin/ ./cmd/lookback ./cmd/lookback-gen

nonetwork: ## write bin/lookback without live accounts and judge: it asks no server
	@mkdir -p bin
	$(GO) test -tags "$(strip $(TAGS) nonetwork)" -run 'Network' ./cmd/lookback
	$(GO) build -trimpath -tags "$(strip $(TAGS) nonetwork)" -ldflags "$(LDFLAGS)" -o bin/ ./cmd/lookback

test: ## run the whole suite
	$(TEST) ./...

race: ## run the whole suite with the race detector (needs a C compiler)
	$(TEST) -race ./...

lint: ## gofmt, go vet and staticcheck (fetches staticcheck)
	@test -z "$$(gofmt -l .)" || { echo "not formatted:"; gofmt -l .; exit 1; }
	$(GO) vet -tags "$(TAGS)" ./...
	$(GO) run $(STATICCHECK) -tags "$(TAGS)" ./...

kill: ## kill imports, scans and audits KILLS times (200); the store must stay sound
	LOOKBACK_KILLS=$(KILLS) $(TEST) -count=1 -v -timeout 4h -run '^TestKill$$' ./store
	LOOKBACK_KILLS=$(KILLS) $(TEST) -count=1 -v -timeout 4h -run '^TestKillProgram$$' ./cmd/lookback

# What a target crashes on is written to testdata/fuzz beside it: commit it, and
# every later `make test` tries it again.
fuzz: ## run every fuzz target for FUZZTIME each (30s); crashers become seeds
	@failed=; for pkg in $$($(GO) list -tags "$(TAGS)" ./...); do \
	  for target in $$($(TEST) -list '^Fuzz' $$pkg | grep '^Fuzz' || true); do \
	    echo "$$pkg $$target"; \
	    $(TEST) -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x $$pkg || failed="$$failed $$target"; \
	  done; \
	done; test -z "$$failed" || { echo "crashed:$$failed; their seeds are in testdata/fuzz"; exit 1; }

# BENCH_POSTS=10000,100000,1000000 shows how the cost grows; that takes a while.
bench: build ## Go benchmarks, then whole runs beside inflating and other programs, as tables
	$(TEST) -run '^$$' -bench . -benchmem -benchtime $(BENCHTIME) ./...
	$(GO) run -tags "$(TAGS)" ./cmd/lookback-bench -posts $(BENCH_POSTS) -rounds $(BENCH_ROUNDS) -out bin/bench.md

golden: ## write the golden files and testscripts anew; look at the difference
	$(GO) generate ./scanner
	$(TEST) ./report $$(grep -rl lookback/importer/importertest --include='*_test.go' importer | xargs -n1 dirname | sort -u | sed 's,^,./,') -update
	$(TEST) ./cmd/lookback -run TestScript -update

a11y: ## look for what keeps people out of the page, with axe-core (fetches it by npm)
	@test -f $(AXE) || npm install --prefix . --no-save --no-audit --no-fund --silent axe-core@$(AXE_VERSION)
	AXE_PATH="$(abspath $(AXE))" $(TEST) ./cmd/lookback -run 'TestPageAccessible' -count=1 -v

screenshots: ## take the README's pictures anew (needs Chromium)
	@mkdir -p testdata/screens
	$(TEST) ./cmd/lookback -run 'TestScreens' -count=1 -screens "$(abspath testdata/screens)"

eval: build ## figures on labelled posts that nothing was made from (CASES, CORPUS)
	bin/lookback rules eval --short --whole $(CASES)/hcpc_dev.csv --whole '$(CORPUS)/dev/*.csv' --whole 'testdata/probes/*.csv' --held-back $(CASES)/train/*.csv testdata/cases/*.csv

model: ## train the learned classifiers anew (reads CASES and, where it is, CORPUS)
	$(GO) run -tags "$(TAGS)" ./cmd/lookback-train -seen "$(CASES)/train/*.csv" -corpus $(CORPUS)/train

# Only a list of holes that cannot be fetched lets the check go on, and it says so.
vuln: ## look for known holes in the dependencies (fetches govulncheck and its list)
	@out=$$(mktemp); trap 'rm -f "$$out"' EXIT; \
	if $(GO) run $(GOVULNCHECK) -tags "$(TAGS)" ./... >"$$out" 2>&1; then cat "$$out"; exit 0; fi; \
	cat "$$out"; \
	grep -q '^govulncheck: .*vuln\.go\.dev' "$$out" && ! grep -q '^Vulnerability #' "$$out" || exit 1; \
	echo "The list of known holes at vuln.go.dev cannot be reached from here: the dependencies were NOT checked."

check: lint test vuln ## lint, test, and look for known holes in the dependencies

dist: ## write the archives of a release for all systems to dist, and try those that run here
	$(GO) run ./cmd/lookback-dist -go "$(GO)" -version "$(VERSION)" -commit "$(COMMIT)" -date "$(DATE)" -out dist

demo: build ## audit an invented account of 2,000 posts, in a store of its own
	@mkdir -p $(DEMO)
	@bin/lookback-gen --demo $(DEMO)/twitter-2026-11-01-demo.zip >/dev/null
	@rm -f $(DEMO)/lookback.db $(DEMO)/lookback.db-wal $(DEMO)/lookback.db-shm
	@bin/lookback audit --db $(DEMO)/lookback.db --out $(DEMO)/lookback-report $(DEMO)/twitter-2026-11-01-demo.zip
	@echo
	@echo "Open $(DEMO)/lookback-report/report.html in a browser to look through the report."

clean: ## remove what make wrote
	rm -rf bin dist $(DEMO)
