window.YTD.tweets.part2 = [
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
        "47"
      ],
      "favorite_count" : "3",
      "id_str" : "1233904779785142273",
      "truncated" : false,
      "retweet_count" : "0",
      "id" : "1233904779785142273",
      "possibly_sensitive" : false,
      "created_at" : "Sat Feb 29 23:59:59 +0000 2020",
      "favorited" : false,
      "full_text" : "Newest parts are not the last https://t.co/none",
      "lang" : "en"
    }
  }
]