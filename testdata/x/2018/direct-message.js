window.YTD.direct_message.part0 = [
  {
    "dmConversation" : {
      "conversationId" : "777000111-2468013579",
      "messages" : [
        {
          "messageCreate" : {
            "recipientId" : "777000111",
            "text" : "old times &amp; milliseconds",
            "mediaUrls" : [ ],
            "senderId" : "2468013579",
            "id" : "1012000000000000021",
            "createdAt" : "1530112320000"
          }
        },
        {
          "messageCreate" : {
            "recipientId" : "2468013579",
            "text" : "words of the other side",
            "mediaUrls" : [ ],
            "senderId" : "777000111",
            "id" : "1012000000000000020",
            "createdAt" : "1530112310000"
          }
        }
      ]
    }
  },
  {
    "dmConversation" : {
      "conversationId" : "1011000000000000000",
      "messages" : [
        {
          "messageCreate" : {
            "text" : "in a group of 2018",
            "mediaUrls" : [ ],
            "senderId" : "2468013579",
            "id" : "1012000000000000031",
            "createdAt" : "1530112330000"
          }
        }
      ]
    }
  }
]