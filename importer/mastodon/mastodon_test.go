package mastodon_test

import (
	"testing"

	"lookback/importer/importertest"
	"lookback/importer/mastodon"
)

const fixtures = "../../testdata/mastodon"

func TestConformance(t *testing.T) {
	importertest.Run(t, mastodon.New(), fixtures)
}
