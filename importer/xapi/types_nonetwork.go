//go:build nonetwork

package xapi

// The shapes of X's API, version 1.1, as far as they are read, with the names
// that go-twitter gives to them.
type status struct {
	CreatedAt            string            `json:"created_at"`
	Entities             *entities         `json:"entities"`
	ExtendedEntities     *extendedEntities `json:"extended_entities"`
	ExtendedTweet        *extendedTweet    `json:"extended_tweet"`
	Favorited            bool              `json:"favorited"`
	FullText             string            `json:"full_text"`
	ID                   int64             `json:"id"`
	IDStr                string            `json:"id_str"`
	InReplyToScreenName  string            `json:"in_reply_to_screen_name"`
	InReplyToStatusIDStr string            `json:"in_reply_to_status_id_str"`
	InReplyToStatusID    int64             `json:"in_reply_to_status_id"`
	InReplyToUserIDStr   string            `json:"in_reply_to_user_id_str"`
	InReplyToUserID      int64             `json:"in_reply_to_user_id"`
	QuotedStatus         *status           `json:"quoted_status"`
	QuotedStatusIDStr    string            `json:"quoted_status_id_str"`
	RetweetedStatus      *status           `json:"retweeted_status"`
	Text                 string            `json:"text"`
	Truncated            bool              `json:"truncated"`
	User                 *user             `json:"user"`
}

type extendedTweet struct {
	FullText         string            `json:"full_text"`
	Entities         *entities         `json:"entities"`
	ExtendedEntities *extendedEntities `json:"extended_entities"`
}

type extendedEntities struct {
	Media []media `json:"media"`
}

type entities struct {
	Urls  []link  `json:"urls"`
	Media []media `json:"media"`
}

type link struct {
	URL         string `json:"url"`
	ExpandedURL string `json:"expanded_url"`
}

type media struct {
	link
	IDStr         string `json:"id_str"`
	MediaURL      string `json:"media_url"`
	MediaURLHttps string `json:"media_url_https"`
	Type          string `json:"type"`
}

type user struct {
	CreatedAt   string `json:"created_at"`
	Description string `json:"description"`
	ID          int64  `json:"id"`
	IDStr       string `json:"id_str"`
	Location    string `json:"location"`
	Name        string `json:"name"`
	Protected   bool   `json:"protected"`
	ScreenName  string `json:"screen_name"`
}
