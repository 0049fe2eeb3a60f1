window.YTD.note_tweet.part0 = [
  {
    "noteTweet" : {
      "noteTweetId" : "1774000000000000001",
      "createdAt" : "2024-04-01T07:00:00.000Z",
      "updatedAt" : "2024-04-01T07:00:00.000Z",
      "lifecycle" : {
        "value" : "1",
        "name" : "Active",
        "originalName" : "Active",
        "annotations" : { }
      },
      "core" : {
        "styletags" : [ ],
        "urls" : [
          {
            "expandedUrl" : "https://example.org/note?a=1&b=2",
            "shortUrl" : "https://t.co/note1",
            "displayUrl" : "example.org/note?a=1&b=2",
            "fromIndex" : "1",
            "toIndex" : "2"
          }
        ],
        "text" : "A long thought about a long shift & what I took from it, with 3 < 4 and all the rest. Sentence number 1 goes on and on. Sentence number 2 goes on and on. Sentence number 3 goes on and on. Sentence number 4 goes on and on. Sentence number 5 goes on and on. Sentence number 6 goes on and on. Sentence number 7 goes on and on. Sentence number 8 goes on and on. Sentence number 9 goes on and on. Sentence number 10 goes on and on. Sentence number 11 goes on and on. Sentence number 12 goes on and on. Sentence number 13 goes on and on. Sentence number 14 goes on and on. The end, with https://t.co/note1 inside.",
        "mentions" : [ ],
        "cashtags" : [ ],
        "hashtags" : [ ]
      }
    }
  },
  {
    "noteTweet" : {
      "noteTweetId" : "1774000000000000002",
      "createdAt" : "2024-04-02T07:00:00.000Z",
      "updatedAt" : "2024-04-02T07:00:00.000Z",
      "lifecycle" : {
        "value" : "1",
        "name" : "Active",
        "originalName" : "Active",
        "annotations" : { }
      },
      "core" : {
        "styletags" : [ ],
        "urls" : [ ],
        "text" : "Hands up who is *still* awake",
        "mentions" : [ ],
        "cashtags" : [ ],
        "hashtags" : [ ]
      }
    }
  },
  {
    "noteTweet" : {
      "noteTweetId" : "1774000000000000003",
      "createdAt" : "2021-01-01T00:00:00.000Z",
      "updatedAt" : "2021-01-01T00:00:00.000Z",
      "lifecycle" : {
        "value" : "1",
        "name" : "Active",
        "originalName" : "Active",
        "annotations" : { }
      },
      "core" : {
        "styletags" : [ ],
        "urls" : [ ],
        "text" : "A long text whose post is in none of the files",
        "mentions" : [ ],
        "cashtags" : [ ],
        "hashtags" : [ ]
      }
    }
  }
]