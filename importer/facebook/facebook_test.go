package facebook_test

import (
	"testing"

	"lookback/importer/facebook"
	"lookback/importer/importertest"
)

const fixtures = "../../testdata/facebook"

func TestConformance(t *testing.T) { importertest.Run(t, facebook.New(), fixtures) }
