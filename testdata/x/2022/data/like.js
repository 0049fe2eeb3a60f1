window.YTD.like.part0 = [
  {
    "like" : {
      "tweetId" : "1790000000000000009",
      "fullText" : "Liked &amp; loved",
      "expandedUrl" : "https://twitter.com/i/web/status/1790000000000000009"
    }
  },
  {
    "like" : {
      "tweetId" : "1790000000000000010",
      "expandedUrl" : "https://twitter.com/i/web/status/1790000000000000010"
    }
  },
  {
    "like" : {
      "tweetId" : "2000000001",
      "fullText" : "An old one that was cut…",
      "expandedUrl" : "https://twitter.com/i/web/status/2000000001"
    }
  }
]