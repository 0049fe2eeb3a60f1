window.YTD.like.part0 = [
  {
    "like" : {
      "tweetId" : "1390000000000000009",
      "fullText" : "Liked in 2021",
      "expandedUrl" : "https://twitter.com/i/web/status/1390000000000000009"
    }
  }
]