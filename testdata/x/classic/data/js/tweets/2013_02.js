Grailbird.data.tweets_2013_02 = 
 [
  {
    "source" : "web",
    "entities" : {
      "user_mentions" : [],
      "media" : [],
      "hashtags" : [],
      "urls" : [
        {
          "url" : "http://t.co/cl1",
          "expanded_url" : "http://example.org/rain?a=1&b=2",
          "display_url" : "example.org/rain?a=1&b=2",
          "indices" : [
            12,
            34
          ]
        }
      ]
    },
    "geo" : {},
    "id_str" : "299999998374838273",
    "text" : "cold &amp; wet \ud83c\udf27 http://t.co/cl1",
    "id" : 299999998374838273,
    "created_at" : "2013-02-08 21:55:48 +0000",
    "user" : {
      "name" : "Noor Example",
      "screen_name" : "noor_example",
      "protected" : false,
      "id_str" : "2468013579",
      "profile_image_url_https" : "https://example.org/a.png",
      "id" : 2468013579,
      "verified" : false
    }
  },
  {
    "source" : "web",
    "entities" : {
      "user_mentions" : [],
      "media" : [],
      "hashtags" : [],
      "urls" : []
    },
    "geo" : {},
    "retweeted_status" : {
      "source" : "web",
      "entities" : {
        "user_mentions" : [],
        "media" : [],
        "hashtags" : [],
        "urls" : [
          {
            "url" : "http://t.co/cl2",
            "expanded_url" : "http://example.org/two",
            "display_url" : "example.org/two",
            "indices" : [
              40,
              62
            ]
          }
        ]
      },
      "geo" : {},
      "id_str" : "300167149777846273",
      "text" : "The nested one is whole, this row is cut http://t.co/cl2",
      "id" : 300167149777846273,
      "created_at" : "2013-02-09 09:00:00 +0000",
      "user" : {
        "name" : "Gina",
        "screen_name" : "gina_example",
        "protected" : false,
        "id_str" : "333",
        "profile_image_url_https" : "https://example.org/a.png",
        "id" : 333,
        "verified" : false
      }
    },
    "id_str" : "300182249272246273",
    "text" : "RT @gina_example: The nested one is whole, this row is c...",
    "id" : 300182249272246273,
    "created_at" : "2013-02-09 10:00:00 +0000",
    "user" : {
      "name" : "Noor Example",
      "screen_name" : "noor_example",
      "protected" : false,
      "id_str" : "2468013579",
      "profile_image_url_https" : "https://example.org/a.png",
      "id" : 2468013579,
      "verified" : false
    }
  },
  {
    "source" : "web",
    "entities" : {
      "user_mentions" : [],
      "media" : [],
      "hashtags" : [],
      "urls" : []
    },
    "geo" : {},
    "in_reply_to_status_id_str" : "300000000000000009",
    "in_reply_to_status_id" : 300000000000000009,
    "in_reply_to_screen_name" : "harry_ex",
    "in_reply_to_user_id" : 444,
    "id_str" : "300544637137846273",
    "text" : "@harry_ex yes",
    "id" : 300544637137846273,
    "created_at" : "2013-02-10 10:00:00 +0000",
    "user" : {
      "name" : "Noor Example",
      "screen_name" : "noor_example",
      "protected" : false,
      "id_str" : "2468013579",
      "profile_image_url_https" : "https://example.org/a.png",
      "id" : 2468013579,
      "verified" : false
    }
  },
  {
    "source" : "web",
    "entities" : {
      "user_mentions" : [],
      "media" : [],
      "hashtags" : [],
      "urls" : []
    },
    "geo" : {},
    "id_str" : "300907025003446273",
    "text" : "early archives write dates so",
    "id" : 300907025003446273,
    "created_at" : "Mon Feb 11 10:00:00 +0000 2013",
    "user" : {
      "name" : "Noor Example",
      "screen_name" : "noor_example",
      "protected" : false,
      "id_str" : "2468013579",
      "profile_image_url_https" : "https://example.org/a.png",
      "id" : 2468013579,
      "verified" : false
    }
  }
]