window.YTD.tweet.part0 = [
  {
    "retweeted" : false,
    "source" : "<a href=\"https://mobile.twitter.com\" rel=\"nofollow\">Twitter Web App</a>",
    "entities" : {
      "hashtags" : [ ],
      "symbols" : [ ],
      "user_mentions" : [ ],
      "urls" : [
        {
          "url" : "https://t.co/b1",
          "expanded_url" : "https://example.org/1",
          "display_url" : "example.org/1",
          "indices" : [
            "30",
            "53"
          ]
        }
      ]
    },
    "display_text_range" : [
      "0",
      "48"
    ],
    "favorite_count" : "3",
    "id_str" : "1013361568773046273",
    "truncated" : false,
    "retweet_count" : "0",
    "id" : "1013361568773046273",
    "possibly_sensitive" : false,
    "created_at" : "Sun Jul 01 10:00:00 +0000 2018",
    "favorited" : false,
    "full_text" : "Bare tweet 1, fish &amp; chips 🐟 https://t.co/b1",
    "lang" : "en"
  },
  {
    "retweeted" : false,
    "source" : "<a href=\"https://mobile.twitter.com\" rel=\"nofollow\">Twitter Web App</a>",
    "entities" : {
      "hashtags" : [ ],
      "symbols" : [ ],
      "user_mentions" : [ ],
      "urls" : [
        {
          "url" : "https://t.co/b2",
          "expanded_url" : "https://example.org/2",
          "display_url" : "example.org/2",
          "indices" : [
            "30",
            "53"
          ]
        }
      ]
    },
    "display_text_range" : [
      "0",
      "48"
    ],
    "favorite_count" : "3",
    "id_str" : "1013723956638646273",
    "truncated" : false,
    "retweet_count" : "0",
    "id" : "1013723956638646273",
    "possibly_sensitive" : false,
    "created_at" : "Mon Jul 02 10:00:00 +0000 2018",
    "favorited" : false,
    "full_text" : "Bare tweet 2, fish &amp; chips 🐟 https://t.co/b2",
    "lang" : "en"
  },
  {
    "retweeted" : false,
    "source" : "<a href=\"https://mobile.twitter.com\" rel=\"nofollow\">Twitter Web App</a>",
    "entities" : {
      "hashtags" : [ ],
      "symbols" : [ ],
      "user_mentions" : [ ],
      "urls" : [
        {
          "url" : "https://t.co/b3",
          "expanded_url" : "https://example.org/3",
          "display_url" : "example.org/3",
          "indices" : [
            "30",
            "53"
          ]
        }
      ]
    },
    "display_text_range" : [
      "0",
      "48"
    ],
    "favorite_count" : "3",
    "id_str" : "1014086344504246273",
    "truncated" : false,
    "retweet_count" : "0",
    "id" : "1014086344504246273",
    "possibly_sensitive" : false,
    "created_at" : "Tue Jul 03 10:00:00 +0000 2018",
    "favorited" : false,
    "full_text" : "Bare tweet 3, fish &amp; chips 🐟 https://t.co/b3",
    "lang" : "en"
  }
]