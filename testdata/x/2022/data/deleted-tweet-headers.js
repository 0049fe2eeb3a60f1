window.YTD.deleted_tweet_headers.part0 = [
  {
    "tweet" : {
      "tweet_id" : "2028047592453046273",
      "user_id" : "2468013579",
      "created_at" : "Sun Mar 01 10:00:00 +0000 2026",
      "deleted_at" : "Thu Mar 05 16:08:05 +0000 2026"
    }
  }
]