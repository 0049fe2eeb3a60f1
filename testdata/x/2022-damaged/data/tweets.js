window.YTD.tweets.part0 = [
  {
    "tweet" : {
      "edit_info" : {
        "initial" : {
          "editTweetIds" : [
            "1741761178629046273"
          ],
          "editableUntil" : "2024-01-01T10:00:00.000Z",
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
        "20"
      ],
      "favorite_count" : "3",
      "id_str" : "1741761178629046273",
      "truncated" : false,
      "retweet_count" : "0",
      "id" : "1741761178629046273",
      "possibly_sensitive" : false,
      "created_at" : "Mon Jan 01 10:00:00 +0000 2024",
      "favorited" : false,
      "full_text" : "Good record number 1",
      "lang" : "en"
    }
  },
  {
    "tweet" : {
      "edit_info" : {
        "initial" : {
          "editTweetIds" : [
            "1742123566494646273"
          ],
          "editableUntil" : "2024-01-02T10:00:00.000Z",
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
        "20"
      ],
      "favorite_count" : "3",
      "id_str" : "1742123566494646273",
      "truncated" : false,
      "retweet_count" : "0",
      "id" : "1742123566494646273",
      "possibly_sensitive" : false,
      "created_at" : "Tue Jan 02 10:00:00 +0000 2024",
      "favorited" : false,
      "full_text" : "Broken "record number 2,
      "lang" : "en"
    }
  },
  {
    "tweet" : {
      "edit_info" : {
        "initial" : {
          "editTweetIds" : [
            "1742485954360246273"
          ],
          "editableUntil" : "2024-01-03T10:00:00.000Z",
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
        "20"
      ],
      "favorite_count" : "3",
      "id_str" : "1742485954360246273",
      "truncated" : false,
      "retweet_count" : "0",
      "id" : "1742485954360246273",
      "possibly_sensitive" : false,
      "created_at" : "Wed Jan 03 10:00:00 +0000 2024",
      "favorited" : false,
      "full_text" : "Good record number 3",
      "lang" : "en"
    }
  },
  {
    "tweet" : {
      "edit_info" : {
        "initial" : {
          "editTweetIds" : [
            "1742848342225846273"
          ],
          "editableUntil" : "2024-01-04T10:00:00.000Z",
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
        "20"
      ],
      "favorite_count" : "3",
      "id_str" : "1742848342225846273",
      "truncated" : false,
      "retweet_count" : "0",
      "id" : "1742848342225846273",
      "possibly_sensitive" : false,
      "created_at" : "Thu Jan 04 10:00:00 +0000 2024",
      "favorited" : false,
      "full_text" : "Bad bytes \udead in number 4",
      "lang" : "en"
    }
  },
  {
    "tweet" : {
      "edit_info" : {
        "initial" : {
          "editTweetIds" : [
            "1743210730091446273"
          ],
          "editableUntil" : "2024-01-05T10:00:00.000Z",
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
        "20"
      ],
      "favorite_count" : "3",
      "id_str" : "1743210730091446273",
      "truncated" : false,
      "retweet_count" : "0",
      "id" : "1743210730091446273",
      "possibly_sensitive" : false,
      "created_at" : "Fri Jan 05 10:00:00 +0000 2024",
      "favorited" : false,
      "full_text" : "Good record number 5",
      "lang" : "en"
    }
  }
]