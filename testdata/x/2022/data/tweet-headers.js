window.YTD.tweet_headers.part0 = [
  {
    "tweet" : {
      "tweet_id" : "1789999998956470273",
      "user_id" : "2468013579",
      "created_at" : "Mon May 13 12:43:51 +0000 2024"
    }
  },
  {
    "tweet" : {
      "tweet_id" : "1789988963742646273",
      "user_id" : "2468013579",
      "created_at" : "Mon May 13 12:00:00 +0000 2024"
    }
  },
  {
    "tweet" : {
      "tweet_id" : "1789989215400886273",
      "user_id" : "2468013579",
      "created_at" : "Mon May 13 12:01:00 +0000 2024"
    }
  },
  {
    "tweet" : {
      "tweet_id" : "1789989467059126273",
      "user_id" : "2468013579",
      "created_at" : "Mon May 13 12:02:00 +0000 2024"
    }
  },
  {
    "tweet" : {
      "tweet_id" : "1612720899486646273",
      "user_id" : "2468013579",
      "created_at" : "Tue Jan 10 08:00:00 +0000 2023"
    }
  },
  {
    "tweet" : {
      "tweet_id" : "1613083287352246273",
      "user_id" : "2468013579",
      "created_at" : "Wed Jan 11 08:00:00 +0000 2023"
    }
  },
  {
    "tweet" : {
      "tweet_id" : "1620723631518646273",
      "user_id" : "2468013579",
      "created_at" : "Wed Feb 01 10:00:00 +0000 2023"
    }
  },
  {
    "tweet" : {
      "tweet_id" : "1621086019384246273",
      "user_id" : "2468013579",
      "created_at" : "Thu Feb 02 10:00:00 +0000 2023"
    }
  },
  {
    "tweet" : {
      "tweet_id" : "1621448407249846273",
      "user_id" : "2468013579",
      "created_at" : "Fri Feb 03 10:00:00 +0000 2023"
    }
  },
  {
    "tweet" : {
      "tweet_id" : "1621810795115446273",
      "user_id" : "2468013579",
      "created_at" : "Sat Feb 04 10:00:00 +0000 2023"
    }
  },
  {
    "tweet" : {
      "tweet_id" : "1630870491755446273",
      "user_id" : "2468013579",
      "created_at" : "Wed Mar 01 10:00:00 +0000 2023"
    }
  },
  {
    "tweet" : {
      "tweet_id" : "1631232879621046273",
      "user_id" : "2468013579",
      "created_at" : "Thu Mar 02 10:00:00 +0000 2023"
    }
  },
  {
    "tweet" : {
      "tweet_id" : "1763489351070646273",
      "user_id" : "2468013579",
      "created_at" : "Fri Mar 01 09:00:00 +0000 2024"
    }
  },
  {
    "tweet" : {
      "tweet_id" : "1763489854387126273",
      "user_id" : "2468013579",
      "created_at" : "Fri Mar 01 09:02:00 +0000 2024"
    }
  },
  {
    "tweet" : {
      "tweet_id" : "1774693175915446273",
      "user_id" : "2468013579",
      "created_at" : "Mon Apr 01 07:00:00 +0000 2024"
    }
  },
  {
    "tweet" : {
      "tweet_id" : "1774693175915446281",
      "user_id" : "2468013579",
      "created_at" : "Mon Apr 01 07:00:00 +0000 2024"
    }
  },
  {
    "tweet" : {
      "tweet_id" : "1775055563781046273",
      "user_id" : "2468013579",
      "created_at" : "Tue Apr 02 07:00:00 +0000 2024"
    }
  },
  {
    "tweet" : {
      "tweet_id" : "1962455388779446273",
      "user_id" : "2468013579",
      "created_at" : "Tue Nov 11 10:00:00 +0000 1997"
    }
  },
  {
    "tweet" : {
      "tweet_id" : "1763489602728886273",
      "user_id" : "2468013579",
      "created_at" : "Fri Mar 01 09:01:00 +0000 2024"
    }
  },
  {
    "tweet" : {
      "tweet_id" : "2048000000",
      "user_id" : "2468013579",
      "created_at" : "Fri Jun 05 21:14:00 +0000 2009"
    }
  },
  {
    "tweet" : {
      "tweet_id" : "2049000000",
      "user_id" : "2468013579",
      "created_at" : "Sat Jun 06 21:14:00 +0000 2009"
    }
  },
  {
    "tweet" : {
      "tweet_id" : "1588833499345846273",
      "user_id" : "2468013579",
      "created_at" : "Sat Nov 05 10:00:00 +0000 2022"
    }
  },
  {
    "tweet" : {
      "tweet_id" : "1233904779785142273",
      "user_id" : "2468013579",
      "created_at" : "Sat Feb 29 23:59:59 +0000 2020"
    }
  }
]