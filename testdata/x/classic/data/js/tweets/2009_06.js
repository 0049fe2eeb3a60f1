Grailbird.data.tweets_2009_06 = 
 [
  {
    "source" : "web",
    "entities" : {
      "user_mentions" : [],
      "media" : [],
      "hashtags" : [],
      "urls" : []
    },
    "geo" : {},
    "id_str" : "2048000000",
    "text" : "Just setting things up &lt;3 &quot;hello&quot;",
    "id" : 2048000000,
    "created_at" : "2009-06-05 00:00:00 +0000",
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
    "id_str" : "2049000000",
    "text" : "so true RT @frank_example nothing like a night shift",
    "id" : 2049000000,
    "created_at" : "2009-06-06 00:00:00 +0000",
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