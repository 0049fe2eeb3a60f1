window.YTD.community_tweet.part0 = [
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
        "36"
      ],
      "favorite_count" : "3",
      "id_str" : "1796844134200246273",
      "truncated" : false,
      "retweet_count" : "0",
      "id" : "1796844134200246273",
      "possibly_sensitive" : false,
      "created_at" : "Sat Jun 01 10:00:00 +0000 2024",
      "favorited" : false,
      "full_text" : "Asking the nurses here: which shoes?",
      "lang" : "en",
      "scopes" : {
        "followers" : false
      },
      "community_id" : "1493446837214187523",
      "community_id_str" : "1493446837214187523"
    }
  }
]