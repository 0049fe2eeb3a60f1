package whatsapp_test

import (
	"testing"

	"lookback/importer/importertest"
	"lookback/importer/whatsapp"
)

func TestConformance(t *testing.T) {
	importertest.Run(t, whatsapp.New(), "../../testdata/whatsapp")
}
