window.YTD.tweet.part0 = [
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
        "22"
      ],
      "favorite_count" : "3",
      "id_str" : "1388433009669046273",
      "truncated" : false,
      "retweet_count" : "0",
      "id" : "1388433009669046273",
      "possibly_sensitive" : false,
      "created_at" : "Sat May 01 10:00:00 +0000 2021",
      "favorited" : false,
      "full_text" : "Era C, number 1 &gt; 0",
      "lang" : "en"
    }
  },
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
        "22"
      ],
      "favorite_count" : "3",
      "id_str" : "1388795397534646273",
      "truncated" : false,
      "retweet_count" : "0",
      "id" : "1388795397534646273",
      "possibly_sensitive" : false,
      "created_at" : "Sun May 02 10:00:00 +0000 2021",
      "favorited" : false,
      "full_text" : "Era C, number 2 &gt; 0",
      "lang" : "en"
    }
  },
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
        "22"
      ],
      "favorite_count" : "3",
      "id_str" : "1389157785400246273",
      "truncated" : false,
      "retweet_count" : "0",
      "id" : "1389157785400246273",
      "possibly_sensitive" : false,
      "created_at" : "Mon May 03 10:00:00 +0000 2021",
      "favorited" : false,
      "full_text" : "Era C, number 3 &gt; 0",
      "lang" : "en"
    }
  }
]