package tiktok_test

import (
	"testing"

	"lookback/importer/importertest"
	"lookback/importer/tiktok"
)

func TestConformance(t *testing.T) { importertest.Run(t, tiktok.New(), fixtures) }
