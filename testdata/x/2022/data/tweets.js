window.YTD.tweets.part0 = [
  {
    "tweet" : {
      "edit_info" : {
        "initial" : {
          "editTweetIds" : [
            "1789999998956470273"
          ],
          "editableUntil" : "2024-05-13T12:43:51.000Z",
          "editsRemaining" : "5",
          "isEditEligible" : true
        }
      },
      "retweeted" : false,
      "source" : "<a href=\"https://mobile.twitter.com\" rel=\"nofollow\">Twitter Web App</a>",
      "entities" : {
        "hashtags" : [ ],
        "symbols" : [ ],
        "user_mentions" : [
          {
            "name" : "ann_example",
            "screen_name" : "ann_example",
            "indices" : [
              "0",
              "5"
            ],
            "id_str" : "111",
            "id" : "111"
          }
        ],
        "urls" : [
          {
            "url" : "https://t.co/abc",
            "expanded_url" : "https://example.org/a?b=1&copy=2",
            "display_url" : "example.org/a?b=1&copy",
            "indices" : [
              "30",
              "53"
            ]
          }
        ]
      },
      "display_text_range" : [
        "0",
        "60"
      ],
      "favorite_count" : "3",
      "id_str" : "1789999998956470273",
      "in_reply_to_status_id_str" : "1789999999999999999",
      "in_reply_to_status_id" : "1789999999999999999",
      "in_reply_to_user_id" : "111",
      "in_reply_to_user_id_str" : "111",
      "in_reply_to_screen_name" : "ann_example",
      "truncated" : false,
      "retweet_count" : "0",
      "id" : "1789999998956470273",
      "possibly_sensitive" : false,
      "created_at" : "Mon May 13 12:43:51 +0000 2024",
      "favorited" : false,
      "full_text" : "@ann_example salt &amp; vinegar &amp;lt; 🧂🧂 https://t.co/abc",
      "lang" : "en"
    }
  },
  {
    "tweet" : {
      "edit_info" : {
        "initial" : {
          "editTweetIds" : [
            "1789988963742646273"
          ],
          "editableUntil" : "2024-05-13T12:00:00.000Z",
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
        "urls" : [
          {
            "url" : "https://t.co/emo",
            "expanded_url" : "https://example.org/one",
            "display_url" : "example.org/one",
            "indices" : [
              "999",
              "1022"
            ]
          },
          {
            "url" : "https://t.co/emo2",
            "expanded_url" : "https://example.org/two",
            "display_url" : "example.org/two",
            "indices" : [
              "a",
              "b"
            ]
          }
        ]
      },
      "display_text_range" : [
        "0",
        "64"
      ],
      "favorite_count" : "3",
      "id_str" : "1789988963742646273",
      "truncated" : false,
      "retweet_count" : "0",
      "id" : "1789988963742646273",
      "possibly_sensitive" : false,
      "created_at" : "Mon May 13 12:00:00 +0000 2024",
      "favorited" : false,
      "full_text" : "First of a thread 👩🏽‍⚕️ 🏥 https://t.co/emo see https://t.co/emo2",
      "lang" : "en"
    }
  },
  {
    "tweet" : {
      "edit_info" : {
        "initial" : {
          "editTweetIds" : [
            "1789989215400886273"
          ],
          "editableUntil" : "2024-05-13T12:01:00.000Z",
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
      "id_str" : "1789989215400886273",
      "in_reply_to_status_id_str" : "1789988963742646273",
      "in_reply_to_status_id" : "1789988963742646273",
      "in_reply_to_user_id" : "2468013579",
      "in_reply_to_user_id_str" : "2468013579",
      "in_reply_to_screen_name" : "noor_example",
      "truncated" : false,
      "retweet_count" : "0",
      "id" : "1789989215400886273",
      "possibly_sensitive" : false,
      "created_at" : "Mon May 13 12:01:00 +0000 2024",
      "favorited" : false,
      "full_text" : "second of the thread",
      "lang" : "en"
    }
  },
  {
    "tweet" : {
      "edit_info" : {
        "initial" : {
          "editTweetIds" : [
            "1789989467059126273"
          ],
          "editableUntil" : "2024-05-13T12:02:00.000Z",
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
        "19"
      ],
      "favorite_count" : "3",
      "id_str" : "1789989467059126273",
      "in_reply_to_status_id_str" : "1789989215400886273",
      "in_reply_to_status_id" : "1789989215400886273",
      "in_reply_to_user_id" : "2468013579",
      "in_reply_to_user_id_str" : "2468013579",
      "in_reply_to_screen_name" : "noor_example",
      "truncated" : false,
      "retweet_count" : "0",
      "id" : "1789989467059126273",
      "possibly_sensitive" : false,
      "created_at" : "Mon May 13 12:02:00 +0000 2024",
      "favorited" : false,
      "full_text" : "third of the thread",
      "lang" : "en"
    }
  },
  {
    "tweet" : {
      "edit_info" : {
        "initial" : {
          "editTweetIds" : [
            "1612720899486646273"
          ],
          "editableUntil" : "2023-01-10T08:00:00.000Z",
          "editsRemaining" : "5",
          "isEditEligible" : true
        }
      },
      "retweeted" : false,
      "source" : "<a href=\"https://mobile.twitter.com\" rel=\"nofollow\">Twitter Web App</a>",
      "entities" : {
        "hashtags" : [ ],
        "symbols" : [ ],
        "user_mentions" : [
          {
            "name" : "bob_example",
            "screen_name" : "bob_example",
            "indices" : [
              "0",
              "5"
            ],
            "id_str" : "111",
            "id" : "111"
          }
        ],
        "urls" : [ ]
      },
      "display_text_range" : [
        "0",
        "136"
      ],
      "favorite_count" : "3",
      "id_str" : "1612720899486646273",
      "truncated" : false,
      "retweet_count" : "0",
      "id" : "1612720899486646273",
      "possibly_sensitive" : false,
      "created_at" : "Tue Jan 10 08:00:00 +0000 2023",
      "favorited" : false,
      "full_text" : "RT @bob_example: I cannot believe what the ward was like last night, nobody came when the bell rang and then the whole corridor went da…",
      "lang" : "en"
    }
  },
  {
    "tweet" : {
      "edit_info" : {
        "initial" : {
          "editTweetIds" : [
            "1613083287352246273"
          ],
          "editableUntil" : "2023-01-11T08:00:00.000Z",
          "editsRemaining" : "5",
          "isEditEligible" : true
        }
      },
      "retweeted" : false,
      "source" : "<a href=\"https://mobile.twitter.com\" rel=\"nofollow\">Twitter Web App</a>",
      "entities" : {
        "hashtags" : [ ],
        "symbols" : [ ],
        "user_mentions" : [
          {
            "name" : "carol_ex",
            "screen_name" : "carol_ex",
            "indices" : [
              "0",
              "5"
            ],
            "id_str" : "111",
            "id" : "111"
          }
        ],
        "urls" : [ ]
      },
      "display_text_range" : [
        "0",
        "31"
      ],
      "favorite_count" : "3",
      "id_str" : "1613083287352246273",
      "truncated" : false,
      "retweet_count" : "0",
      "id" : "1613083287352246273",
      "possibly_sensitive" : false,
      "created_at" : "Wed Jan 11 08:00:00 +0000 2023",
      "favorited" : false,
      "full_text" : "RT @carol_ex: short &amp; whole",
      "lang" : "en"
    }
  },
  {
    "tweet" : {
      "edit_info" : {
        "initial" : {
          "editTweetIds" : [
            "1620723631518646273"
          ],
          "editableUntil" : "2023-02-01T10:00:00.000Z",
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
        "urls" : [
          {
            "url" : "https://t.co/quo",
            "expanded_url" : "https://twitter.com/dan_example/status/1620000000000000000",
            "display_url" : "twitter.com/dan_exampl",
            "indices" : [
              "19",
              "42"
            ]
          }
        ]
      },
      "display_text_range" : [
        "0",
        "35"
      ],
      "favorite_count" : "3",
      "id_str" : "1620723631518646273",
      "truncated" : false,
      "retweet_count" : "0",
      "id" : "1620723631518646273",
      "possibly_sensitive" : false,
      "created_at" : "Wed Feb 01 10:00:00 +0000 2023",
      "favorited" : false,
      "full_text" : "This is exactly it https://t.co/quo",
      "lang" : "en"
    }
  },
  {
    "tweet" : {
      "edit_info" : {
        "initial" : {
          "editTweetIds" : [
            "1621086019384246273"
          ],
          "editableUntil" : "2023-02-02T10:00:00.000Z",
          "editsRemaining" : "5",
          "isEditEligible" : true
        }
      },
      "retweeted" : false,
      "source" : "<a href=\"https://mobile.twitter.com\" rel=\"nofollow\">Twitter Web App</a>",
      "entities" : {
        "hashtags" : [ ],
        "symbols" : [ ],
        "user_mentions" : [
          {
            "name" : "erin_example",
            "screen_name" : "erin_example",
            "indices" : [
              "0",
              "5"
            ],
            "id_str" : "111",
            "id" : "111"
          }
        ],
        "urls" : [ ]
      },
      "display_text_range" : [
        "0",
        "43"
      ],
      "favorite_count" : "3",
      "id_str" : "1621086019384246273",
      "truncated" : false,
      "retweet_count" : "0",
      "id" : "1621086019384246273",
      "possibly_sensitive" : false,
      "created_at" : "Thu Feb 02 10:00:00 +0000 2023",
      "favorited" : false,
      "full_text" : "So true! RT @erin_example: we are all tired",
      "lang" : "en"
    }
  },
  {
    "tweet" : {
      "edit_info" : {
        "initial" : {
          "editTweetIds" : [
            "1621448407249846273"
          ],
          "editableUntil" : "2023-02-03T10:00:00.000Z",
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
        "urls" : [ ],
        "media" : [
          {
            "expanded_url" : "https://twitter.com/noor_example/status/1/photo/1",
            "indices" : [
              "18",
              "41"
            ],
            "url" : "https://t.co/pic1",
            "media_url" : "http://pbs.twimg.com/media/AAA.jpg",
            "id_str" : "5",
            "id" : "5",
            "media_url_https" : "https://pbs.twimg.com/media/AAA.jpg",
            "sizes" : {
              "small" : {
                "w" : "1",
                "h" : "1",
                "resize" : "fit"
              }
            },
            "type" : "photo",
            "display_url" : "pic.twitter.com/pic1"
          }
        ]
      },
      "display_text_range" : [
        "0",
        "30"
      ],
      "favorite_count" : "3",
      "id_str" : "1621448407249846273",
      "truncated" : false,
      "retweet_count" : "0",
      "id" : "1621448407249846273",
      "possibly_sensitive" : false,
      "created_at" : "Fri Feb 03 10:00:00 +0000 2023",
      "favorited" : false,
      "full_text" : "Morning walk https://t.co/pic1",
      "lang" : "en",
      "extended_entities" : {
        "media" : [
          {
            "expanded_url" : "https://twitter.com/noor_example/status/1/photo/1",
            "indices" : [
              "18",
              "41"
            ],
            "url" : "https://t.co/pic1",
            "media_url" : "http://pbs.twimg.com/media/AAA.jpg",
            "id_str" : "5",
            "id" : "5",
            "media_url_https" : "https://pbs.twimg.com/media/AAA.jpg",
            "sizes" : {
              "small" : {
                "w" : "1",
                "h" : "1",
                "resize" : "fit"
              }
            },
            "type" : "photo",
            "display_url" : "pic.twitter.com/pic1"
          }
        ]
      }
    }
  },
  {
    "tweet" : {
      "edit_info" : {
        "initial" : {
          "editTweetIds" : [
            "1621810795115446273"
          ],
          "editableUntil" : "2023-02-04T10:00:00.000Z",
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
        "urls" : [ ],
        "media" : [
          {
            "expanded_url" : "https://twitter.com/noor_example/status/1/photo/1",
            "indices" : [
              "18",
              "41"
            ],
            "url" : "https://t.co/vid1",
            "media_url" : "http://pbs.twimg.com/v/BBB.jpg",
            "id_str" : "5",
            "id" : "5",
            "media_url_https" : "https://pbs.twimg.com/v/BBB.jpg",
            "sizes" : {
              "small" : {
                "w" : "1",
                "h" : "1",
                "resize" : "fit"
              }
            },
            "type" : "video",
            "display_url" : "pic.twitter.com/pic1",
            "video_info" : {
              "aspect_ratio" : [
                "16",
                "9"
              ],
              "duration_millis" : "1000",
              "variants" : [
                {
                  "content_type" : "application/x-mpegURL",
                  "url" : "https://video.twimg.com/p.m3u8"
                },
                {
                  "bitrate" : "256000",
                  "content_type" : "video/mp4",
                  "url" : "https://video.twimg.com/low.mp4?tag=1"
                },
                {
                  "bitrate" : "832000",
                  "content_type" : "video/mp4",
                  "url" : "https://video.twimg.com/high.mp4?tag=1"
                }
              ]
            }
          }
        ]
      },
      "display_text_range" : [
        "0",
        "17"
      ],
      "favorite_count" : "3",
      "id_str" : "1621810795115446273",
      "truncated" : false,
      "retweet_count" : "0",
      "id" : "1621810795115446273",
      "possibly_sensitive" : false,
      "created_at" : "Sat Feb 04 10:00:00 +0000 2023",
      "favorited" : false,
      "full_text" : "https://t.co/vid1",
      "lang" : "en",
      "extended_entities" : {
        "media" : [
          {
            "expanded_url" : "https://twitter.com/noor_example/status/1/photo/1",
            "indices" : [
              "18",
              "41"
            ],
            "url" : "https://t.co/vid1",
            "media_url" : "http://pbs.twimg.com/v/BBB.jpg",
            "id_str" : "5",
            "id" : "5",
            "media_url_https" : "https://pbs.twimg.com/v/BBB.jpg",
            "sizes" : {
              "small" : {
                "w" : "1",
                "h" : "1",
                "resize" : "fit"
              }
            },
            "type" : "video",
            "display_url" : "pic.twitter.com/pic1",
            "video_info" : {
              "aspect_ratio" : [
                "16",
                "9"
              ],
              "duration_millis" : "1000",
              "variants" : [
                {
                  "content_type" : "application/x-mpegURL",
                  "url" : "https://video.twimg.com/p.m3u8"
                },
                {
                  "bitrate" : "256000",
                  "content_type" : "video/mp4",
                  "url" : "https://video.twimg.com/low.mp4?tag=1"
                },
                {
                  "bitrate" : "832000",
                  "content_type" : "video/mp4",
                  "url" : "https://video.twimg.com/high.mp4?tag=1"
                }
              ]
            }
          }
        ]
      }
    }
  },
  {
    "tweet" : {
      "edit_info" : {
        "initial" : {
          "editTweetIds" : [
            "1630870491755446273"
          ],
          "editableUntil" : "2023-03-01T10:00:00.000Z",
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
        "35"
      ],
      "favorite_count" : "3",
      "id_str" : "1630870491755446273",
      "in_reply_to_user_id" : "999",
      "in_reply_to_user_id_str" : "999",
      "in_reply_to_screen_name" : "gone_person",
      "truncated" : false,
      "retweet_count" : "0",
      "id" : "1630870491755446273",
      "possibly_sensitive" : false,
      "created_at" : "Wed Mar 01 10:00:00 +0000 2023",
      "favorited" : false,
      "full_text" : "@gone_person no idea what you meant",
      "lang" : "en"
    }
  },
  {
    "tweet" : {
      "edit_info" : {
        "initial" : {
          "editTweetIds" : [
            "1631232879621046273"
          ],
          "editableUntil" : "2023-03-02T10:00:00.000Z",
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
        "36"
      ],
      "favorite_count" : "3",
      "id_str" : "1631232879621046273",
      "in_reply_to_status_id_str" : "1630000000000000000",
      "in_reply_to_status_id" : "1630000000000000000",
      "in_reply_to_user_id" : "998",
      "in_reply_to_user_id_str" : "998",
      "truncated" : false,
      "retweet_count" : "0",
      "id" : "1631232879621046273",
      "possibly_sensitive" : false,
      "created_at" : "Thu Mar 02 10:00:00 +0000 2023",
      "favorited" : false,
      "full_text" : "@gone_person2 the parent has no name",
      "lang" : "en"
    }
  },
  {
    "tweet" : {
      "edit_info" : {
        "initial" : {
          "editTweetIds" : [
            "1763489351070646273",
            "1763489602728886273",
            "1763489854387126273"
          ],
          "editableUntil" : "2024-03-01T10:00:00.000Z",
          "editsRemaining" : "3",
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
        "13"
      ],
      "favorite_count" : "3",
      "id_str" : "1763489351070646273",
      "truncated" : false,
      "retweet_count" : "0",
      "id" : "1763489351070646273",
      "possibly_sensitive" : false,
      "created_at" : "Fri Mar 01 09:00:00 +0000 2024",
      "favorited" : false,
      "full_text" : "Frist version",
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
        "27"
      ],
      "favorite_count" : "3",
      "id_str" : "1763489854387126273",
      "truncated" : false,
      "retweet_count" : "0",
      "id" : "1763489854387126273",
      "possibly_sensitive" : false,
      "created_at" : "Fri Mar 01 09:02:00 +0000 2024",
      "favorited" : false,
      "full_text" : "Third version, the live one",
      "lang" : "en"
    }
  },
  {
    "tweet" : {
      "edit_info" : {
        "initial" : {
          "editTweetIds" : [
            "1774693175915446273"
          ],
          "editableUntil" : "2024-04-01T07:00:00.000Z",
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
        "urls" : [
          {
            "url" : "https://t.co/more1",
            "expanded_url" : "https://twitter.com/i/web/status/1774693175915446273",
            "display_url" : "twitter.com/i/web/stat",
            "indices" : [
              "275",
              "298"
            ]
          }
        ]
      },
      "display_text_range" : [
        "0",
        "282"
      ],
      "favorite_count" : "3",
      "id_str" : "1774693175915446273",
      "truncated" : false,
      "retweet_count" : "0",
      "id" : "1774693175915446273",
      "possibly_sensitive" : false,
      "created_at" : "Mon Apr 01 07:00:00 +0000 2024",
      "favorited" : false,
      "full_text" : "A long thought about a long shift &amp; what I took from it, with 3 &lt; 4 and all the rest. Sentence number 1 goes on and on. Sentence number 2 goes on and on. Sentence number 3 goes on and on. Sentence number 4 goes on and on. Sentence number 5 goes on and on.… https://t.co/more1",
      "lang" : "en"
    }
  },
  {
    "tweet" : {
      "edit_info" : {
        "initial" : {
          "editTweetIds" : [
            "1774693175915446281"
          ],
          "editableUntil" : "2024-04-01T07:00:00.000Z",
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
        "42"
      ],
      "favorite_count" : "3",
      "id_str" : "1774693175915446281",
      "truncated" : false,
      "retweet_count" : "0",
      "id" : "1774693175915446281",
      "possibly_sensitive" : false,
      "created_at" : "Mon Apr 01 07:00:00 +0000 2024",
      "favorited" : false,
      "full_text" : "Made in the same second, but another thing",
      "lang" : "en"
    }
  },
  {
    "tweet" : {
      "edit_info" : {
        "initial" : {
          "editTweetIds" : [
            "1775055563781046273"
          ],
          "editableUntil" : "2024-04-02T07:00:00.000Z",
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
      "id_str" : "1775055563781046273",
      "truncated" : false,
      "retweet_count" : "0",
      "id" : "1775055563781046273",
      "possibly_sensitive" : false,
      "created_at" : "Tue Apr 02 07:00:00 +0000 2024",
      "favorited" : false,
      "full_text" : "Hands up who is *still* awake",
      "lang" : "en"
    }
  }
]