package activitypub

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestContent(t *testing.T) {
	tests := []struct{ name, html, want string }{
		{"plain", "a &amp; b", "a & b"},
		{"decoded once", "<p>&amp;lt;b&amp;gt; &lt;3</p>", "&lt;b&gt; <3"},
		{"no tags keeps lines", "one\n two", "one\n two"},
		{"paragraphs", "<p>one</p><p>two<br />three<br>four</p>", "one\n\ntwo\nthree\nfour"},
		{"double break", "a<br/><br/>b", "a\n\nb"},
		{"white space", "<p>a\n  b\t c </p>\n<p> d</p>", "a b c\n\nd"},
		{"entities in addresses", `<a href="https://e.org/?a=1&amp;copy=2">https://e.org/?a=1&amp;copy=2</a>`, "https://e.org/?a=1&copy=2"},
		{"mastodon's link", `<a href="https://e.org/long/path"><span class="invisible">https://</span><span class="ellipsis">e.org/long</span><span class="invisible">/path</span></a>!`, "https://e.org/long/path!"},
		{"shortened link", `see <a href="https://www.e.org/long/path">e.org/lo…</a>`, "see https://www.e.org/long/path"},
		{"shortened by dots", `<a href="http://e.org/long/path">e.org/lo...</a>`, "http://e.org/long/path"},
		{"named link", `read <a href="https://e.org/x">this story</a> now`, "read this story (https://e.org/x) now"},
		{"misleading link", `<a href="https://evil.example/">good.example</a>`, "good.example (https://evil.example/)"},
		{"empty link", `a <a href="https://e.org/x"></a>`, "a https://e.org/x"},
		{"picture in a link", `<a href="https://e.org/x"><img alt="a cat"></a>`, "a cat (https://e.org/x)"},
		{"mention", `<span class="h-card"><a href="https://o.example/@bob" class="u-url mention">@<span>bob</span></a></span> hi`, "@bob hi"},
		{"hashtag", `<a href="https://m.example/tags/Bread" class="mention hashtag" rel="tag">#<span>Bread</span></a>`, "#Bread"},
		{"other schemes", `<a href="javascript:alert(1)">x</a>`, "x"},
		{"link without an end", `<a href="https://e.org/x">abc`, "abc (https://e.org/x)"},
		{"list", "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul><p>d</p>", "- a\n- b\n- c\n\nd"},
		{"numbers", "<ol><li>a</li><li>b</li></ol>", "1. a\n2. b"},
		{"quotation", "<blockquote><p>a</p><p>b</p></blockquote><p>c</p>", "> a\n\n> b\n\nc"},
		{"quotations in each other", "<blockquote>a<blockquote>b</blockquote></blockquote>", "> a\n\n> > b"},
		{"code", "<pre><code>if a {\n\tb\n}</code></pre>", "if a {\n\tb\n}"},
		{"inline", "<p>I <strong>do</strong> <em>no</em><del>t</del></p>", "I do not"},
		{"emoji", `x <img class="emoji" alt=":cat:" src="y">`, "x :cat:"},
		{"scripts", "a<script>b</script><style>c</style>d", "ad"},
		{"headings", "<h1>Why</h1><p>Because</p>", "Why\n\nBecause"},
		{"table", "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"},
		{"stray ends", "</p></blockquote></ul></a></span>a</div>", "a"},
	}
	for _, tt := range tests {
		if got := Text(tt.html); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestContentQuote(t *testing.T) {
	tests := []struct{ html, text, quoted string }{
		{`<p class="quote-inline">RE: <a href="https://o.example/1">o.example/1</a></p><p>yes</p>`, "yes", "https://o.example/1"},
		{`yes<span class="quote-inline"><br/>RE: <span><a href="https://o.example/1">x</a></span></span>`, "yes", "https://o.example/1"},
		{`<p>RE: <a href="https://o.example/1">https://o.example/1</a></p>`, "RE: https://o.example/1", ""},
	}
	for _, tt := range tests {
		if text, quoted := Content(tt.html); text != tt.text || quoted != tt.quoted {
			t.Errorf("%s: got %q and %q", tt.html, text, quoted)
		}
	}
}

func TestDeepNesting(t *testing.T) {
	deep := strings.Repeat("<blockquote><ul><li>", 5000) + "x"
	if got := Text(deep); len(got) > 5000*(2*mostNesting+8) || !strings.HasSuffix(got, "x") {
		t.Errorf("%d bytes", len(got))
	}
}

func FuzzContent(f *testing.F) {
	f.Add(`<p class="quote-inline">RE: <a href="https://o.example/1">x</a></p><blockquote><ul><li>a<br>b</li></ul></blockquote>`)
	f.Add(`<a href="https://e.org/x">e.org/…</a><pre>a
b</pre>&amp;lt;`)
	f.Fuzz(func(t *testing.T, src string) {
		src = strings.ToValidUTF8(src, "\uFFFD") // as the JSON decoder leaves it
		text, quoted := Content(src)
		if !utf8.ValidString(text) || !utf8.ValidString(quoted) {
			t.Fatalf("not UTF-8: %q", text)
		}
		if !strings.ContainsAny(src, "<&") && text != strings.TrimSpace(src) {
			t.Fatalf("plain text changed: %q", text)
		}
	})
}
