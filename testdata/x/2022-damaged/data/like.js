window.YTD.like.part0 = [
  {
    "like" : {
      "fullText" : "a like without a number"
    }
  },
  {
    "like" : {
      "tweetId" : 1790000000000000011,
      "fullText" : "a number, not a string",
      "expandedUrl" : null
    }
  },
  {
    "like" : "not an object"
  },
  [
    "nor this"
  ]
]