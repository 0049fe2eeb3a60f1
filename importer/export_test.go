package importer

import (
	"context"
	"io"
)

// Limits are the limits that tests make small.
type Limits struct {
	Members                                             int
	RatioFree, TotalFree, Total, Cache, InMemory, Whole int64
}

// OpenLimited opens an archive with smaller limits; zeros leave a limit.
func OpenLimited(ctx context.Context, name string, r io.ReaderAt, size int64, l Limits) (*Archive, error) {
	lim := defaultLimits
	set := func(to *int64, v int64) {
		if v != 0 {
			*to = v
		}
	}
	if l.Members != 0 {
		lim.members = l.Members
	}
	set(&lim.ratioFree, l.RatioFree)
	set(&lim.totalFree, l.TotalFree)
	set(&lim.total, l.Total)
	set(&lim.cache, l.Cache)
	set(&lim.inMemory, l.InMemory)
	set(&lim.whole, l.Whole)
	return openReader(ctx, name, r, size, nil, lim)
}

// MissingParts is what Notes says of the parts' names.
func MissingParts(names ...string) bool { return len(missingParts(names)) > 0 }
