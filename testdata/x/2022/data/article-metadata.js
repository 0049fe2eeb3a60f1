window.YTD.article_metadata.part0 = [
  {
    "articleMetadata" : {
      "articleId" : "1860000000000000001",
      "authorId" : "2468013579",
      "visibility" : "Public",
      "tweetId" : "1860000000000000005",
      "lifecycleState" : "Published",
      "createdAtMs" : "1732300000000"
    }
  },
  {
    "articleMetadata" : {
      "articleId" : "1860000000000000002",
      "authorId" : "2468013579",
      "lifecycleState" : "Draft",
      "createdAtMs" : "1732400000000"
    }
  }
]