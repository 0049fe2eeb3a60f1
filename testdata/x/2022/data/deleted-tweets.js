window.YTD.deleted_tweets.part0 = [
  {
    "tweet" : {
      "retweeted" : false,
      "source" : "<a href=\"https://mobile.twitter.com\" rel=\"nofollow\">Twitter Web App</a>",
      "entities" : {
        "hashtags" : [ ],
        "symbols" : [ ],
        "user_mentions" : [ ],
        "urls" : [ ]
      },
      "display_text_range" : [
        "0",
        "27"
      ],
      "favorite_count" : "3",
      "id_str" : "2028047592453046273",
      "truncated" : false,
      "retweet_count" : "0",
      "id" : "2028047592453046273",
      "possibly_sensitive" : false,
      "created_at" : "Sun Mar 01 10:00:00 +0000 2026",
      "favorited" : false,
      "full_text" : "I should not have said that",
      "lang" : "en",
      "deleted_at" : "Thu Mar 05 16:08:05 +0000 2026"
    }
  }
]