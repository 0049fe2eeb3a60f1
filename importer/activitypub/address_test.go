package activitypub

import (
	"testing"
	"time"

	"lookback/store"
)

func TestHandle(t *testing.T) {
	for address, want := range map[string]string{
		"https://m.example/users/ann":                      "ann@m.example",
		"https://M.example/users/ann/statuses/1":           "ann@m.example",
		"https://m.example/@ann/1":                         "ann@m.example",
		"https://m.example/@bob@o.example/1":               "bob@o.example",
		"https://pix.example/p/ann/711111111111111101":     "ann@pix.example",
		"https://m.example/ap/users/115000000000000009":    "",
		"https://m.example/users/115000000000000009":       "",
		"https://p.example/objects/5f1e":                   "",
		"https://mk.example/notes/9abc":                    "",
		"tag:m.example,2018-04-01:objectId=1:objectType=x": "",
		"http://m.example:8080/users/ann":                  "ann@m.example:8080",
		"":                                                 "", "users/ann": "", "https://": "", "https://m.example/users": "", "https://m.example/%zz": "",
	} {
		if got := Handle(address); got != want {
			t.Errorf("%s: got %q, want %q", address, got, want)
		}
	}
}

func TestID(t *testing.T) {
	for address, want := range map[string]string{
		"https://m.example/users/ann/statuses/110291000000000001":           "110291000000000001",
		"https://m.example/users/ann/statuses/110291000000000001/activity":  "110291000000000001",
		"https://m.example/ap/users/115/statuses/110291000000000001":        "110291000000000001",
		"https://m.example/@ann/110291000000000001":                         "110291000000000001",
		"https://m.example/users/ann/statuses/110291000000000001#updates/1": "110291000000000001",
		"https://p.example/objects/5f1e0000-0000-4000-8000-000000000001":    "5f1e0000-0000-4000-8000-000000000001",
		"https://g.example/users/ann/statuses/01HZZZZZZZZZZZZZZZZZZZZZ01":   "01HZZZZZZZZZZZZZZZZZZZZZ01",
		"https://blog.example/a-post":                                       "https://blog.example/a-post",
		"tag:m.example,2018-04-01:objectId=1:objectType=Status":             "tag:m.example,2018-04-01:objectId=1:objectType=Status",
		"": "",
	} {
		if got := ID(address); got != want {
			t.Errorf("%s: got %q, want %q", address, got, want)
		}
	}
}

func TestAudience(t *testing.T) {
	const public, followers, bob = "https://www.w3.org/ns/activitystreams#Public", "https://m.example/users/ann/followers", "https://o.example/users/bob"
	tests := []struct {
		name   string
		to, cc []string
		want   store.Audience
	}{
		{"public", []string{public}, []string{followers}, store.AudiencePublic},
		{"short names", []string{"as:Public"}, nil, store.AudiencePublic},
		{"bare", nil, []string{"Public"}, store.AudienceUnlisted},
		{"unlisted", []string{followers}, []string{public}, store.AudienceUnlisted},
		{"followers", []string{followers}, []string{bob}, store.AudienceFollowers},
		{"followers in cc", []string{bob}, []string{followers}, store.AudienceFollowers},
		{"direct", []string{bob}, nil, store.AudienceDirect},
		{"a list", []string{"https://p.example/lists/7"}, nil, store.AudienceCircle},
		{"its own server", []string{"https://p.example/#Public"}, nil, store.AudiencePublic},
		{"nobody said", nil, nil, store.AudienceUnknown},
	}
	for _, tt := range tests {
		if got := audience(tt.to, tt.cc); got != tt.want {
			t.Errorf("%s: got %q", tt.name, got)
		}
	}
}

func TestTimes(t *testing.T) {
	want := time.Date(2023, 5, 1, 2, 11, 44, 0, time.UTC)
	for _, s := range []string{"2023-05-01T02:11:44Z", "2023-05-01T04:11:44+02:00", "2023-05-01T02:11:44.987654Z", "2023-05-01T02:11:44"} {
		if got := Time(s); !got.Equal(want) {
			t.Errorf("%s: got %v", s, got)
		}
	}
	for _, s := range []string{"", "yesterday", "0001-01-01T00:00:00Z", "9999-01-01T00:00:00Z", "1970-01-01T00:00:00Z"} {
		if got := Time(s); !got.IsZero() {
			t.Errorf("%q: got %v", s, got)
		}
	}
	if got := snowflake("110291000000000001"); got.Year() != 2023 {
		t.Errorf("an id of 2023 gave %v", got)
	}
	for _, id := range []string{"1", "01HZZZZZZZZZZZZZZZZZZZZZ01", "99999999999999999999", ""} {
		if got := snowflake(id); !got.IsZero() {
			t.Errorf("%s: got %v", id, got)
		}
	}
}

func TestMe(t *testing.T) {
	for name, want := range map[string]string{
		"ann@m.example": "ann@m.example", "@ann@M.Example": "ann@m.example", "Ann Example": "", "ann": "", "@ann": "",
		"u/ann": "", "ann@localhost": "", "a@b.c@d.e": "", "": "",
	} {
		if got := Me(name); got != want {
			t.Errorf("%q: got %q", name, got)
		}
	}
}

func TestAlt(t *testing.T) {
	for text, want := range map[string]string{
		"IMG_2024.png": "", "a plate.jpg": "", " a plate ": "a plate", "My cat. JPG was never good": "My cat. JPG was never good", "": "",
	} {
		if got := Alt(text); got != want {
			t.Errorf("%q: got %q", text, got)
		}
	}
}
