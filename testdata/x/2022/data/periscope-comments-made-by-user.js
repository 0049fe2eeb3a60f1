window.YTD.periscope_comments_made_by_user.part0 = [
  {
    "periscopeCommentsMadeByUser" : {
      "broadcastId" : "1AbC",
      "byAccountId" : "2468013579",
      "createdAt" : "2021-07-01T20:00:01.123Z",
      "text" : "louder please"
    }
  },
  {
    "periscopeCommentsMadeByUser" : {
      "broadcastId" : "1AbC",
      "byAccountId" : "2468013579",
      "createdAt" : "2021-07-01T20:00:01.123Z",
      "text" : "thank you"
    }
  }
]