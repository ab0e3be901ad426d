# What can be made here; `make` alone lists it. Each target takes Rust, a C compiler and make, and first
# brings what else it needs from Debian's packages, or says what is to be installed.

.DEFAULT_GOAL := help
.PHONY: help demo test bench soak lint package

help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo "They take Rust 1.95, a C compiler and make. What else they need they bring from Debian's packages when root"
	@echo "runs them, and say so: perl; for test and soak curl, jq, libfaketime, PostgreSQL, PgBouncer, nginx, Caddy, Postfix, dpkg-dev"
	@echo "and systemd too, and for clients nodejs, npm, python3-venv, default-jre-headless, php-cli, php-curl, php-mbstring and"
	@echo "php-guzzlehttp-guzzle; for soak g++; for bench PostgreSQL; for package dpkg-dev. Others are told."

demo: ## build, then walk the main path over HTTP and mail on a throw-away SQLite file (DATABASE_URL chooses another)
	@scripts/need cargo cc perl
	@echo "demo: building (some minutes the first time), then showing the main path; Ctrl-C ends the server"
	@cargo run --locked -- demo $(ARGS)

test: ## every test, on SQLite and on a private PostgreSQL that is started and removed; ends with the count
	@scripts/test

bench: ## measure the release binary on both databases against limits taken in the same run
	@scripts/bench

soak: ## the tests of faults and races at full length (kill -9 thirty times, ...), then the fuzzer, minutes for each parser
	@GRAPEVINE_SOAK=1 scripts/test
	@scripts/fuzz $${GRAPEVINE_FUZZ_SECONDS:-180}

package: ## build the release and a Debian package of it, in target/debian
	@scripts/package

lint: ## formatting, clippy, documentation, licences and bans
	@scripts/lint
