window.YTD.like.part0 = [
  {
    "like" : {
      "tweetId" : "1012000000000000009"
    }
  },
  {
    "like" : {
      "tweetId" : "1012000000000000010",
      "fullText" : "Some had text"
    }
  }
]