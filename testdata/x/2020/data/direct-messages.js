window.YTD.direct_messages.part0 = [
  {
    "dmConversation" : {
      "conversationId" : "777000111-2468013579",
      "messages" : [
        {
          "messageCreate" : {
            "reactions" : [ ],
            "urls" : [ ],
            "text" : "see https://example.org/?a=1&b=2",
            "mediaUrls" : [ ],
            "senderId" : "2468013579",
            "id" : "1390000000000000001",
            "createdAt" : "2021-05-05T17:00:00.000Z",
            "recipientId" : "777000111"
          }
        }
      ]
    }
  }
]