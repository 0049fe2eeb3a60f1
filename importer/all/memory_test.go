//go:build !race

package all_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"lookback/importer"
	"lookback/importer/all"
	"lookback/importer/importertest"
)

// list is a stream of records with commas between them.
func list(name, head, tail string, record func(i int) string) importertest.Stream {
	return importertest.Stream{Name: name, Head: head, Tail: tail, Record: func(i int) string {
		if i == 0 {
			return record(i)
		}
		return ",\n" + record(i)
	}}
}

// lines is a stream of records that end their own lines.
func lines(name, head, tail string, record func(i int) string) importertest.Stream {
	return importertest.Stream{Name: name, Head: head, Tail: tail, Record: record}
}

// at is the time of a record: one every seven minutes since 2010 and, where
// that would pass beyond today, from 2010 again with other seconds.
func at(i int) time.Time {
	const round = 1_000_000
	return time.Unix(1262304000+int64(i%round)*420+int64(i/round), 0).UTC()
}

func words(i int) string {
	return fmt.Sprintf("what I wrote on the day that has number %d, at some length", i)
}

const (
	metaPage  = `<html><head><title>t</title></head><body><div class="_a706" role="main">`
	metaEnd   = `</div></body></html>`
	stampOf   = "2006-01-02 15:04:05"
	boxOf     = `<div class="pam _a6-g"><div class="_2ph_ _a6-h">Ana</div><div class="_2ph_ _a6-p"><div>%s</div></div><div class="_3-94 _a6-o">%s</div></div>`
	instaOf   = `<div class="pam _a6-g"><div class="_a6-p"><table><tr><td class="_a6_q">Comment<div><div>%s</div></div></td></tr><tr><td class="_a6_q">Media Owner<div><div>bo</div></div></td></tr><tr><td class="_a6_q">Time</td><td class="_a6_r">%s</td></tr></table></div></div>`
	instaDay  = "Jan 02, 2006 3:04 pm"
	fbDay     = "Jan 02, 2006 3:04:05 pm"
	discordAt = 1420070400000
)

// big are the formats that grow with what somebody wrote.
var big = []struct {
	platform, form string
	me             string
	small          []importertest.File
	stream         importertest.Stream
}{
	{"telegram", "result.json", "", nil, list("result.json",
		`{"about":"x","personal_information":{"user_id":111,"first_name":"Ana","last_name":"","username":"@ana_ex"},"chats":{"about":"x","list":[{"name":"Choir","type":"private_group","id":4,"messages":[`, "]}]}}",
		func(i int) string {
			return fmt.Sprintf("     {\n      \"id\": %d,\n      \"type\": \"message\",\n      \"date\": \"%s\",\n      \"date_unixtime\": \"%d\",\n      \"from\": \"Ana\",\n      \"from_id\": \"user111\",\n      \"text\": \"%s\"\n     }",
				i+1, at(i).Format("2006-01-02T15:04:05"), at(i).Unix(), words(i))
		})},
	{"telegram", "messages.html", "Ana", []importertest.File{importertest.Text("css/style.css", ""), importertest.Text("js/script.js", "")}, lines("messages.html",
		`<html><head><link href="css/style.css" rel="stylesheet"/></head><body><div class="page_wrap"><div class="page_header"><div class="text bold">Choir</div></div><div class="history">`, "</div></div></body></html>",
		func(i int) string {
			return fmt.Sprintf(`<div class="message default clearfix" id="message%d"><div class="body"><div class="pull_right date details" title="%s UTC+01:00">x</div><div class="from_name">Ana</div><div class="text">%s</div></div></div>`+"\n",
				i+1, at(i).Format("02.01.2006 15:04:05"), words(i))
		})},
	{"whatsapp", "_chat.txt", "Ana", nil, lines("_chat.txt", "", "", func(i int) string {
		return fmt.Sprintf("[%s] Ana: %s\r\n", at(i).Format("02/01/2006, 15:04:05"), words(i))
	})},
	{"snapchat", "chat_history.json", "", []importertest.File{importertest.Text("json/account.json", `{"Basic Information":{"Username":"ana_ex"}}`)}, list("json/chat_history.json", `{"bo":[`, "]}",
		func(i int) string {
			return fmt.Sprintf(`{"From":"ana_ex","Media Type":"TEXT","Created":"%s UTC","Content":"%s","IsSender":true,"Created(microseconds)":%d}`, at(i).Format(stampOf), words(i), at(i).UnixMilli())
		})},
	{"discord", "messages.json", "", []importertest.File{
		importertest.Text("Account/user.json", `{"id":"300000000000000001","username":"ana","discriminator":"0"}`),
		importertest.Text("Messages/c100000000000000101/channel.json", `{"id":"100000000000000101","type":"GUILD_TEXT","name":"general","guild":{"id":"200000000000000201","name":"Bread"}}`),
	}, list("Messages/c100000000000000101/messages.json", "[", "]", func(i int) string {
		return fmt.Sprintf(`{"ID": %d, "Timestamp": "%s", "Contents": "%s", "Attachments": ""}`, (at(i).UnixMilli()-discordAt+200_000_000_000)<<22, at(i).Format(stampOf), words(i))
	})},
	{"discord", "messages.csv", "", []importertest.File{
		importertest.Text("account/user.json", `{"id":"300000000000000001","username":"ana","discriminator":"0"}`),
		importertest.Text("messages/c100000000000000101/channel.json", `{"id":"100000000000000101","type":0,"name":"general","guild":{"id":"200000000000000201","name":"Bread"}}`),
	}, lines("messages/c100000000000000101/messages.csv", "ID,Timestamp,Contents,Attachments\r\n", "", func(i int) string {
		return fmt.Sprintf("%d,%s.305000+00:00,\"%s\",\r\n", (at(i).UnixMilli()-discordAt+200_000_000_000)<<22, at(i).Format(stampOf), words(i))
	})},
	{"linkedin", "Comments.csv", "", []importertest.File{importertest.Text("Profile.csv", "First Name,Last Name,Headline\nAna,Example,Nurse\n")}, lines("Comments.csv", "Date,Link,Message\n", "", func(i int) string {
		return fmt.Sprintf("%s,https://www.linkedin.com/feed/update/urn%%3Ali%%3Aactivity%%3A7%018d,\"%s\"\n", at(i).Format(stampOf), i, words(i))
	})},
	{"youtube", "comments.csv", "", nil, lines("Takeout/YouTube and YouTube Music/comments/comments.csv",
		"Comment ID,Channel ID,Comment Create Timestamp,Price,Parent Comment ID,Post ID,Video ID,Comment Text,Top-Level Comment ID\n", "", func(i int) string {
			return fmt.Sprintf(`Ugx%023d,UCaaaaaaaaaaaaaaaaaaaaaa,%s,0,,,dQbbbbbbbbb,"{""text"":""%s""}",`+"\n", i, at(i).Format(time.RFC3339), words(i))
		})},
	{"youtube", "my-comments.html", "", []importertest.File{importertest.Text("Takeout/archive_browser.html", "<html></html>")}, lines("Takeout/YouTube and YouTube Music/my-comments/my-comments.html",
		"<html><head><title>My comments</title></head><body><ul>", "</ul></body></html>", func(i int) string {
			return fmt.Sprintf(`<li>Sent at %s UTC while watching <a href="http://www.youtube.com/watch?v=dQaaaaaaaaa">A video</a>.<br/>%s</li>`, at(i).Format(stampOf), words(i))
		})},
	{"reddit", "comments.csv", "", []importertest.File{importertest.Text("statistics.csv", "statistic,value\naccount name,tea_example\n")}, lines("comments.csv",
		"id,permalink,date,ip,subreddit,gildings,link,parent,body,media\r\n", "", func(i int) string {
			return fmt.Sprintf("k%07d,https://www.reddit.com/r/bread/comments/1aaaaa/x/k%07d/,%s UTC,,bread,0,https://www.reddit.com/r/bread/comments/1aaaaa/x/,,\"%s\",\r\n", i, i, at(i).Format(stampOf), words(i))
		})},
	{"tumblr", "posts.xml", "", nil, lines("posts/posts.xml", `<?xml version="1.0" encoding="UTF-8"?><tumblr version="1.0"><posts>`, "</posts></tumblr>", func(i int) string {
		return fmt.Sprintf(`<post id="1%011d" url="https://ann.tumblr.com/post/1%011d" type="regular" unix-timestamp="%d" format="html" state="published" is_reblog="false" tumblelog="ann"><regular-body>&lt;p&gt;%s&lt;/p&gt;</regular-body></post>`+"\n", i, i, at(i).Unix(), words(i))
	})},
	{"mastodon", "outbox.json", "", []importertest.File{importertest.Text("actor.json", `{"id":"https://m.example/users/ann","type":"Person","preferredUsername":"ann","url":"https://m.example/@ann","outbox":"https://m.example/users/ann/outbox"}`)},
		list("outbox.json", `{"@context":"x","id":"outbox.json","type":"OrderedCollection","orderedItems":[`, "]}", func(i int) string {
			id := fmt.Sprintf("https://m.example/users/ann/statuses/1%011d", i)
			return fmt.Sprintf(`{"id":"%s/activity","type":"Create","actor":"https://m.example/users/ann","published":"%s","to":["https://www.w3.org/ns/activitystreams#Public"],"object":{"id":"%s","type":"Note","published":"%s","attributedTo":"https://m.example/users/ann","to":["https://www.w3.org/ns/activitystreams#Public"],"content":"<p>%s</p>"}}`,
				id, at(i).Format(time.RFC3339), id, at(i).Format(time.RFC3339), words(i))
		})},
	{"misskey", "notes.json", "ann@mk.example", nil, list("notes-2023-07-01-08-09-10.json", "[", "]", func(i int) string {
		return fmt.Sprintf(`{"id":"9f%08d","text":"%s","createdAt":"%s","fileIds":[],"replyId":null,"renoteId":null,"poll":null,"cw":null,"visibility":"public"}`, i, words(i), at(i).Format("2006-01-02T15:04:05.000Z"))
	})},
	{"pixelfed", "pixelfed-statuses.json", "", nil, list("pixelfed-statuses.json", "[", "]", func(i int) string {
		return fmt.Sprintf(`{"_v":1,"id":"7%017d","url":"https://pix.example/p/ann/7%017d","pf_type":"text","content":"%s","content_text":"%s","created_at":"%s","visibility":"public","account":{"id":"7","username":"ann","acct":"ann","url":"https://pix.example/ann"}}`,
			i, i, words(i), words(i), at(i).Format("2006-01-02T15:04:05.000Z"))
	})},
	{"instagram", "message_1.json", "", []importertest.File{
		importertest.Text("personal_information/personal_information/personal_information.json", `{"profile_user":[{"string_map_data":{"Username":{"value":"ana_ex"},"Name":{"value":"Ana"}}}]}`),
	}, list("your_instagram_activity/messages/inbox/bo_1/message_1.json", `{"participants":[{"name":"Bo"},{"name":"Ana"}],"messages":[`, `],"title":"Bo"}`, func(i int) string {
		return fmt.Sprintf(`{"sender_name":"Ana","timestamp_ms":%d,"content":"%s","is_geoblocked_for_viewer":false}`, at(i).UnixMilli(), words(i))
	})},
	{"instagram", "post_comments_1.html", "", []importertest.File{
		importertest.Text("personal_information/personal_information/personal_information.html", metaPage+metaEnd),
	}, lines("your_instagram_activity/comments/post_comments_1.html", metaPage, metaEnd, func(i int) string {
		return fmt.Sprintf(instaOf, words(i), at(i).Format(instaDay))
	})},
	{"threads", "threads_and_replies.json", "", nil, list("threads/threads_and_replies.json", `{"text_post_app_text_posts":[`, "]}", func(i int) string {
		return fmt.Sprintf(`{"media":[{"uri":"","creation_timestamp":%d,"title":"%s","text_app_post":{"is_reply":false}}]}`, at(i).Unix(), words(i))
	})},
	{"facebook", "comments.json", "", nil, list("your_facebook_activity/comments_and_reactions/comments.json", `{"comments_v2":[`, "]}", func(i int) string {
		return fmt.Sprintf(`{"timestamp":%d,"data":[{"comment":{"comment":"%s"}}]}`, at(i).Unix(), words(i))
	})},
	{"facebook", "message_1.json", "", []importertest.File{
		importertest.Text("personal_information/profile_information/profile_information.json", `{"profile_v2":{"name":{"full_name":"Ana"}}}`),
	}, list("your_facebook_activity/messages/inbox/bo_1/message_1.json", `{"participants":[{"name":"Bo"},{"name":"Ana"},{"name":"Cy"}],"messages":[`, `],"title":"Choir"}`, func(i int) string {
		return fmt.Sprintf(`{"sender_name":"Ana","timestamp_ms":%d,"content":"%s","is_geoblocked_for_viewer":false}`, at(i).UnixMilli(), words(i))
	})},
	{"facebook", "comments.html", "", nil, lines("your_facebook_activity/comments_and_reactions/comments.html", metaPage, metaEnd, func(i int) string {
		return fmt.Sprintf(boxOf, words(i), at(i).Format(fbDay))
	})},
	{"pinterest", "pins.html", "", nil, lines("pins.html", `<html><head><title>Your Pinterest data</title></head><body><div id="contents"><h1 id="pins">Pins</h1>`, "</div></body></html>", func(i int) string {
		return fmt.Sprintf(`<a href="https://www.pinterest.com/pin/1%017d/">x</a><br>Title: %s,<br>Board Name: Wool,<br>Username: ana_ex,<br>Created at: %s,<br>Is a repin: False,<br>Private: False<br><br>`+"\n",
			i, words(i), at(i).Format("2006/01/02 15:04:05"))
	})},
	{"tiktok", "user_data_tiktok.json", "", nil, list("user_data_tiktok.json", `{"Profile":{"Profile Information":{"ProfileMap":{"userName":"ana_ex"}}},"Comment":{"Comments":{"CommentsList":[`, "]}}}", func(i int) string {
		return fmt.Sprintf(`{"date":"%s","comment":"%s"}`, at(i).Format(stampOf), words(i))
	})},
	{"tiktok", "Comments.txt", "", []importertest.File{importertest.Text("TikTok/Profile and Settings/Profile Info.txt", "Username: ana_ex\n")}, lines("TikTok/Comments/Comments.txt", "", "", func(i int) string {
		return fmt.Sprintf("Date: %s UTC\nComment: %s\n\n", at(i).Format(stampOf), words(i))
	})},
	{"x", "tweets.js", "", []importertest.File{importertest.Text("data/account.js", `window.YTD.account.part0 = [{"account":{"username":"noor","accountId":"24","accountDisplayName":"Noor"}}]`)},
		list("data/tweets.js", "window.YTD.tweets.part0 = [", "]", func(i int) string {
			return fmt.Sprintf(`{"tweet":{"id_str":"1%018d","created_at":"%s","full_text":"%s"}}`, i, at(i).Format("Mon Jan 02 15:04:05 -0700 2006"), words(i))
		})},
	{"xapi", "tweets.jsonl", "noor", nil, lines("tweets.jsonl", "", "", func(i int) string {
		return fmt.Sprintf(`{"id_str":"1%018d","created_at":"%s","full_text":"%s","user":{"id_str":"24","screen_name":"noor","name":"Noor"}}`+"\n", i, at(i).Format("Mon Jan 02 15:04:05 -0700 2006"), words(i))
	})},
}

// TestMemory holds that what an importer keeps does not grow with the archive. The
// race detector needs memory of its own, and far more time.
func TestMemory(t *testing.T) {
	platforms := map[string]importer.Importer{}
	for _, imp := range all.List {
		platforms[imp.Name()] = imp
	}
	for _, b := range big {
		t.Run(b.platform+"/"+strings.ReplaceAll(b.form, "/", "-"), func(t *testing.T) {
			imp := platforms[b.platform]
			if imp == nil {
				t.Fatal("no such importer")
			}
			importertest.Memory(t, imp, importer.Options{Messages: true, Me: b.me}, b.small, b.stream)
		})
	}
}
