//go:build nonetwork

package main

import "context"

// checkLive refuses live accounts: this program was built without a network.
func (o *importOptions) checkLive() error {
	if len(o.live) == 0 {
		return nil
	}
	return usageHint("read the archive that the platform gives you, or use a build with network",
		"this build of lookback has no network, so --live cannot read an account")
}

// accounts has nothing to do: checkLive lets no live account through.
func (in *intake) accounts(context.Context) error { return nil }
