package reddit_test

import (
	"testing"

	"lookback/importer/importertest"
	"lookback/importer/reddit"
)

const fixtures = "../../testdata/reddit"

func TestConformance(t *testing.T) {
	importertest.Run(t, reddit.New(), fixtures)
}
