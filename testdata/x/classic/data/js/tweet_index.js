var tweet_index =  [
  {
    "file_name": "data/js/tweets/2013_02.js",
    "year": 2013,
    "var_name": "tweets_2013_02",
    "tweet_count": 4,
    "month": 2
  },
  {
    "file_name": "data/js/tweets/2009_06.js",
    "year": 2009,
    "var_name": "tweets_2009_06",
    "tweet_count": 2,
    "month": 6
  }
]