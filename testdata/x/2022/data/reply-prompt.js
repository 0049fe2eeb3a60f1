window.YTD.reply_prompt.part0 = [
  {
    "replyPrompt" : {
      "promptId" : "77",
      "userId" : "2468013579",
      "proposedTweetText" : "you absolute muppet",
      "inReplyToTweetId" : "1789999999999999991",
      "createdAt" : "2026-02-20T10:00:00.000Z",
      "promptActionType" : "10"
    }
  }
]