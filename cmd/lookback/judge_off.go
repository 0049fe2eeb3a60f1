//go:build nonetwork

package main

import (
	"context"

	"lookback/scanner"
	"lookback/store"
)

// judging is nothing in this build.
type judging struct{}

// start refuses a judge: this program was built without a network.
func (o *judgeOptions) start(*scanner.Rules) (*judging, error) {
	if !o.wanted() {
		return nil, nil
	}
	return nil, usageHint("use a build with network", "this build of lookback has no network, so --judge cannot ask a model")
}

// store has nothing to do: start lets no judge through.
func (*judging) store(context.Context, *terminal, *store.Store, *scanner.Engine) (*opinionCounts, error) {
	return nil, nil
}

// check has nothing to do.
func (*judging) check(context.Context, *terminal, *scanner.Engine) (bad int, outcome, err error) {
	return 0, nil, nil
}
