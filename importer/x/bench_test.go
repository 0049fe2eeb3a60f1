package x

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"lookback/importer"
	"lookback/importer/jsonstream"
	"lookback/store"
)

// bigTweets writes n posts in the exact shape of tweets.js, pretty-printed,
// with a link in each third and a mention in each fourth.
func bigTweets(n int) []byte {
	var b bytes.Buffer
	b.WriteString("window.YTD.tweets.part0 = [")
	at := time.Date(2012, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		at = at.Add(41 * time.Minute)
		id := (at.UnixMilli()-epoch)<<22 + 1
		urls, text := "[ ]", "Nights again &amp; the kettle is broken, number %d 🫖"
		if i%3 == 0 {
			urls = `[ { "url" : "https://t.co/abcdefghij", "expanded_url" : "https://example.org/a?b=1&c=2", "display_url" : "example.org/a", "indices" : [ "30", "53" ] } ]`
			text += " https://t.co/abcdefghij"
		}
		fmt.Fprintf(&b, bigTweet, id, at.Format("2006-01-02T15:04:05.000Z"), urls, id, id, at.Format(rubyLayout), fmt.Sprintf(text, i))
	}
	b.WriteString("\n]")
	return b.Bytes()
}

const bigTweet = `
  {
    "tweet" : {
      "edit_info" : {
        "initial" : {
          "editTweetIds" : [
            "%d"
          ],
          "editableUntil" : "%s",
          "editsRemaining" : "5",
          "isEditEligible" : false
        }
      },
      "retweeted" : false,
      "source" : "<a href=\"https://mobile.twitter.com\" rel=\"nofollow\">Twitter Web App</a>",
      "entities" : {
        "hashtags" : [ ],
        "symbols" : [ ],
        "user_mentions" : [
          {
            "name" : "Ann Example",
            "screen_name" : "ann_example",
            "indices" : [
              "0",
              "12"
            ],
            "id_str" : "111",
            "id" : "111"
          }
        ],
        "urls" : %s
      },
      "display_text_range" : [
        "0",
        "53"
      ],
      "favorite_count" : "3",
      "id_str" : "%d",
      "truncated" : false,
      "retweet_count" : "0",
      "id" : "%d",
      "possibly_sensitive" : false,
      "created_at" : "%s",
      "favorited" : false,
      "full_text" : "%s",
      "lang" : "en"
    }
  }`

type discard struct{ posts int }

func (*discard) Account(store.Account) error { return nil }
func (d *discard) Post(store.Post) error     { d.posts++; return nil }
func (*discard) Skip(store.Skip) error       { return nil }
func (*discard) Fact(importer.Fact) error    { return nil }

func BenchmarkImport(b *testing.B) {
	const n = 40_000
	data := bigTweets(n)
	fsys := fstest.MapFS{"data/tweets.js": {Data: data}}
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		out := &discard{}
		if err := New().Import(context.Background(), fsys, importer.Options{}, out); err != nil || out.posts != n {
			b.Fatal(out.posts, err)
		}
	}
}

// BenchmarkDecode compares this package's decoding, on one goroutine, with
// what a plain program would do.
func BenchmarkDecode(b *testing.B) {
	data := bigTweets(40_000)
	b.Run("split", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		for b.Loop() {
			err := jsonstream.Split(bytes.NewReader(data), jsonstream.Options{}, func(int, []byte, error) error { return nil })
			if err != nil {
				b.Fatal(err)
			}
		}
	})
	for _, workers := range []int{1, 2} {
		b.Run(fmt.Sprintf("jsonstream-%d", workers), func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				_, err := jsonstream.Decode(bytes.NewReader(data), jsonstream.Options{Workers: workers}, parseTweet,
					func(int, *tweet, error) error { return nil })
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("encoding-json", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		b.ReportAllocs()
		for b.Loop() {
			plainDecode(b, data)
		}
	})
}

func plainDecode(b *testing.B, data []byte) {
	type row struct {
		Tweet struct {
			ID       string `json:"id_str"`
			Created  string `json:"created_at"`
			Text     string `json:"full_text"`
			Entities struct {
				URLs []struct {
					URL      string `json:"url"`
					Expanded string `json:"expanded_url"`
				} `json:"urls"`
			} `json:"entities"`
			EditInfo struct {
				Initial struct {
					IDs []string `json:"editTweetIds"`
				} `json:"initial"`
			} `json:"edit_info"`
		} `json:"tweet"`
	}
	_, after, _ := strings.Cut(string(data[:64]), "=")
	dec := json.NewDecoder(io.MultiReader(strings.NewReader(after), bytes.NewReader(data[64:])))
	if _, err := dec.Token(); err != nil {
		b.Fatal(err)
	}
	for dec.More() {
		var r row
		if err := dec.Decode(&r); err != nil {
			b.Fatal(err)
		}
	}
}
