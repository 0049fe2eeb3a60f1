package scanner

import (
	"testing"

	"lookback/store"
)

// ordinary are everyday posts in the proportions of an archive: most hold
// nothing for any rule.
var ordinary = []string{
	"Finally got my library card sorted, only took me three weeks to remember to bring ID 😂",
	"RT @bbcweather: A cold front moves across Scotland tonight with heavy rain in the west and gales later https://t.co/abc123",
	"Can't believe the season is over already. What a ride, what a team! #COYB",
	"so tired after that shift, feet are killing me, but the team was amazing as always",
	"@friend_99 happy birthday mate hope you have a great day and see you at the weekend x",
	"Anyone got recommendations for a decent plumber in Leeds? Boiler's gone again and it's freezing",
	"Just watched the finale. Not over it. Don't talk to me for a week.",
	"New blog post is up! Five things I learned in my first year at uni, link in bio",
	"Revision is going about as well as you'd expect, which is to say I have cleaned the whole kitchen twice",
	"Lovely walk round the reservoir this morning, dog came home covered in mud as usual 🐶",
	"trains are cancelled again so that's me stuck in Manchester until half ten at least",
	"Proud of our society for raising £450 for the food bank, thank you to everyone who came along!",
}

func BenchmarkScan(b *testing.B) {
	e := loadPacks(b)
	posts := make([]store.Post, len(ordinary))
	size := 0
	for i, s := range ordinary {
		posts[i] = store.Post{Kind: store.KindPost, Own: true, Text: s}
		size += len(s)
	}
	b.SetBytes(int64(size / len(ordinary)))
	b.ReportAllocs()
	b.ResetTimer()
	n, cpu := 0, cpuTime()
	for b.Loop() {
		e.Scan(&posts[n%len(posts)], nil)
		n++
	}
	b.ReportMetric(float64(n)/(cpuTime()-cpu).Seconds(), "posts/cpu-s")
}

// BenchmarkStart is what check of one line waits for.
func BenchmarkStart(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		rules, err := Load(LoadOptions{Learned: true})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := New(rules); err != nil {
			b.Fatal(err)
		}
	}
}
