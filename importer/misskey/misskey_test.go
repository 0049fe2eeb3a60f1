package misskey_test

import (
	"testing"

	"lookback/importer/importertest"
	"lookback/importer/misskey"
)

const fixtures = "../../testdata/misskey"

func TestConformance(t *testing.T) {
	importertest.Run(t, misskey.New(), fixtures)
}
