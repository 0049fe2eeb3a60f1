window.YTD.tweet_headers.part0 = [
  {
    "tweet" : {
      "tweet_id" : "1652976151557046273",
      "user_id" : "2468013579",
      "created_at" : "Mon May 01 10:00:00 +0000 2023"
    }
  },
  {
    "tweet" : {
      "tweet_id" : "5",
      "user_id" : "2468013579",
      "created_at" : "Tue May 02 10:00:00 +0000 2023"
    }
  },
  {
    "tweet" : {
      "tweet_id" : "1653700927288246273",
      "user_id" : "2468013579",
      "created_at" : "Wed May 03 10:00:00 +0000 2023"
    }
  }
]