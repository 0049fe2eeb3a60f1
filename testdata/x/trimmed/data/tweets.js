window.YTD.tweets.part0 = [
  {
    "tweet" : {
      "edit_info" : {
        "initial" : {
          "editTweetIds" : [
            "1652976151557046273"
          ],
          "editableUntil" : "2023-05-01T10:00:00.000Z",
          "editsRemaining" : "5",
          "isEditEligible" : true
        }
      },
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
        "16"
      ],
      "favorite_count" : "3",
      "id_str" : "1652976151557046273",
      "truncated" : false,
      "retweet_count" : "0",
      "id" : "1652976151557046273",
      "possibly_sensitive" : false,
      "created_at" : "Mon May 01 10:00:00 +0000 2023",
      "favorited" : false,
      "full_text" : "All that is left",
      "lang" : "en"
    }
  }
]