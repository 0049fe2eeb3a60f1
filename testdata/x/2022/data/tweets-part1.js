window.YTD.tweets.part1 = [
  {
    "tweet" : {
      "edit_info" : {
        "initial" : {
          "editTweetIds" : [
            "1962455388779446273"
          ],
          "editableUntil" : "2025-09-01T10:00:00.000Z",
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
        "29"
      ],
      "favorite_count" : "3",
      "id_str" : "1962455388779446273",
      "truncated" : false,
      "retweet_count" : "0",
      "id" : "1962455388779446273",
      "possibly_sensitive" : false,
      "created_at" : "Tue Nov 11 10:00:00 +0000 1997",
      "favorited" : false,
      "full_text" : "The date of this one is wrong",
      "lang" : "en"
    }
  },
  {
    "tweet" : {
      "edit_info" : {
        "edit" : {
          "initialTweetId" : "1763489351070646273",
          "editControlInitial" : {
            "editTweetIds" : [
              "1763489351070646273",
              "1763489602728886273",
              "1763489854387126273"
            ],
            "editableUntil" : "2024-03-01T10:00:00.000Z",
            "editsRemaining" : "3",
            "isEditEligible" : true
          }
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
        "14"
      ],
      "favorite_count" : "3",
      "id_str" : "1763489602728886273",
      "truncated" : false,
      "retweet_count" : "0",
      "id" : "1763489602728886273",
      "possibly_sensitive" : false,
      "created_at" : "Fri Mar 01 09:01:00 +0000 2024",
      "favorited" : false,
      "full_text" : "Second version",
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
        "28"
      ],
      "favorite_count" : "3",
      "id_str" : "2048000000",
      "truncated" : false,
      "retweet_count" : "0",
      "id" : "2048000000",
      "possibly_sensitive" : false,
      "created_at" : "Fri Jun 05 21:14:00 +0000 2009",
      "favorited" : false,
      "full_text" : "Just setting things up &lt;3",
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
        "44"
      ],
      "favorite_count" : "3",
      "id_str" : "2049000000",
      "truncated" : false,
      "retweet_count" : "0",
      "id" : "2049000000",
      "possibly_sensitive" : false,
      "created_at" : "Sat Jun 06 21:14:00 +0000 2009",
      "favorited" : false,
      "full_text" : "RT @frank_example nothing like a night shift",
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