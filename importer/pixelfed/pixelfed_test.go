package pixelfed_test

import (
	"testing"

	"lookback/importer/importertest"
	"lookback/importer/pixelfed"
)

const fixtures = "../../testdata/pixelfed"

func TestConformance(t *testing.T) {
	importertest.Run(t, pixelfed.New(), fixtures)
}
