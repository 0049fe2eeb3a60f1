package report

import (
	_ "embed"
	"sync"

	"lookback/store"

	"go.yaml.in/yaml/v3"
)

//go:embed steps.yaml
var stepsFile []byte

// anyPlatform has the steps for platforms and kinds that have none of their own.
const anyPlatform = "any"

var removalSteps = sync.OnceValue(func() map[string]map[store.Kind][]string {
	var m map[string]map[store.Kind][]string
	if err := yaml.Unmarshal(stepsFile, &m); err != nil {
		panic(err) // the file is compiled in
	}
	return m
})

// Steps says how a text of this kind is removed from a platform, step by step.
func Steps(platform string, k store.Kind) []string {
	all := removalSteps()
	if s := all[platform][k]; len(s) > 0 {
		return s
	}
	// What a platform calls a post, it mostly also does with replies.
	if k == store.KindReply || k == store.KindQuote || k == store.KindComment {
		if s := all[platform][store.KindPost]; len(s) > 0 {
			return s
		}
	}
	if s := all[anyPlatform][k]; len(s) > 0 {
		return s
	}
	return all[anyPlatform][store.KindPost]
}
