window.YTD.twitter_circle_tweet.part0 = [
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
        "33"
      ],
      "favorite_count" : "3",
      "id_str" : "1588833499345846273",
      "truncated" : false,
      "retweet_count" : "0",
      "id" : "1588833499345846273",
      "possibly_sensitive" : false,
      "created_at" : "Sat Nov 05 10:00:00 +0000 2022",
      "favorited" : false,
      "full_text" : "Only for the circle, listed twice",
      "lang" : "en"
    }
  }
]