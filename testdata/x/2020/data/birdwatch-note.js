window.YTD.birdwatch_note.part0 = [
  {
    "birdwatchNote" : {
      "noteId" : "1390000000000000077",
      "userId" : "2468013579",
      "createdAt" : "2021-05-06T00:00:00.000Z",
      "tweetId" : "1389999999999999999",
      "summary" : "Taken out of context."
    }
  }
]