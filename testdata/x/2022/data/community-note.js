window.YTD.community_note.part0 = [
  {
    "communityNote" : {
      "noteId" : "1700000000000000001",
      "userId" : "2468013579",
      "createdAt" : "2023-09-08T00:00:00.000Z",
      "tweetId" : "1699999999999999999",
      "summary" : "The figure is from 2011.",
      "classification" : "MISINFORMED"
    }
  }
]