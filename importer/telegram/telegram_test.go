package telegram_test

import (
	"testing"

	"lookback/importer/importertest"
	"lookback/importer/telegram"
)

func TestConformance(t *testing.T) {
	importertest.Run(t, telegram.New(), "../../testdata/telegram")
}
